"""Which story a visit shows: the second pipeline recognises it among the stored ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from scrapy.crawler import Crawler

from crawler.items import Visit
from pipelines.database.recognition import Recognition


@dataclass(slots=True, frozen=True)
class Recognised:
    """A visit on its way to the store, with what the database knows of its story."""

    visit: Visit
    recognition: Recognition


class DeduplicatePipeline:
    """Asks the database whether it has the story: under its address, by its text, or not at all.

    Reads no settings; finds the writer on the spider. Counts ``warta/<what>`` in the stats: ``new``,
    ``updated``, ``unchanged``, ``folded``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Visit) -> Recognised:
        spider: Any = self._crawler.spider
        recognition = spider.writer.recognise(item)
        self._crawler.stats.inc_value(f"warta/{recognition.what}")
        return Recognised(item, recognition)

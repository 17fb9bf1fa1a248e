"""The last pipeline writes what the one before has recognised."""

from __future__ import annotations

from typing import Any, Self

from scrapy.crawler import Crawler

from crawler.items import Visit
from pipelines.deduplicate import Recognised


class StorePipeline:
    """Hands visits to the writer that the run shares; the item is then the plain visit again.

    Reads no settings; finds writer and run on the spider.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Recognised) -> Visit:
        spider: Any = self._crawler.spider
        spider.writer.store(item.visit, spider.run, item.recognition)
        item.visit.pages = []  # exporters come next: they want records
        return item.visit

"""What every spider of Warta carries: the catalogue, the hosts it may reach and the shared writer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.crawler import Crawler

from crawler.sources import Catalogue, Source, load_catalogue
from pipelines.database import Writer


class WartaSpider(Spider):
    """A spider with the catalogue of outlets.

    Settings: WARTA_SOURCES (directories of source files). Raises SourceError where one does not hold.
    """

    writer: Writer
    #: Set by the run log before the first request; pipelines store through it.

    run: int
    #: The run's id in the database; set with ``writer``.

    arguments: Mapping[str, Any]
    #: What the spider was asked for, kept with the run.

    sources: Sequence[Source]
    #: The outlets of this crawl.

    catalogue: Catalogue
    declared_hosts: frozenset[str] = frozenset()
    #: ``host`` and ``host:port`` that the operator named himself, private addresses included.

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        directories = crawler.settings.getlist("WARTA_SOURCES")
        spider.catalogue = load_catalogue(*(Path(directory) for directory in directories))
        spider.prepare()
        return spider

    def prepare(self) -> None:
        """Look up what the spider's arguments name, now that the catalogue is there."""

    def how_ended(self, reason: str) -> str:
        """How the run ended, for its record: Scrapy's *reason*, unless the spider knows better."""
        return reason

    def is_ours(self, url: str) -> bool:
        """Whether a URL belongs to an outlet of this crawl; here: to any."""
        return True


def hosts_of(urls: Iterable[str]) -> frozenset[str]:
    """The ``host`` of each URL, with its port where it names one."""
    return frozenset(urlsplit(url).netloc.lower() for url in urls)

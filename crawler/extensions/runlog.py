"""The record of a run: opens the database, lends its writer to spider and pipelines, closes with stats."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from time import monotonic
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, NotConfigured
from scrapy.http import Response
from scrapy.utils.asyncio import create_looping_call
from twisted.python.failure import Failure

from crawler.errors import DatabaseError, SettingError
from crawler.extensions.outlet_locks import OutletLocks
from crawler.extensions.reserve import Reserve
from crawler.extensions.traffic import Traffic
from crawler.spiders.base import WartaSpider
from pipelines.database import Writer, open_writer
from pipelines.database.crawling import FileMemory
from pipelines.database.pages import PagePolicy, read_policy

logger = logging.getLogger(__name__)

COMMIT_EVERY = 0.1
#: Seconds; what a kill undoes at most, beside what is on its way. Other processes can write in between.

TRAFFIC_EVERY = 5.0
#: Seconds; how often requests and bytes are added to the counts.


class RunLog:
    """Keeps one row of ``runs`` for the crawl; ``error`` tells why it could not go on with the database.

    Settings: WARTA_DATABASE, and WARTA_PAGES with those that begin like it.
    """

    def __init__(self, crawler: Crawler, path: str, policy: PagePolicy | None) -> None:
        self._crawler = crawler
        self._path = path
        self._policy = policy
        self._writer: Writer | None = None
        self._locks: OutletLocks | None = None
        self._reserve: Reserve | None = None
        self._traffic = Traffic()
        self._flushing = create_looping_call(self._flush)
        self._counting = create_looping_call(self._count_traffic)
        self._stopping: asyncio.Task[None] | None = None
        self.error: DatabaseError | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        path = crawler.settings.get("WARTA_DATABASE")
        if not path:
            raise NotConfigured("WARTA_DATABASE names no database")
        try:
            policy = read_policy(crawler.settings.get)
        except SettingError as error:
            logger.error("%s", error)
            raise SystemExit(SettingError.exit_code) from error
        log = cls(crawler, path, policy)
        crawler.signals.connect(log.spider_opened, signals.spider_opened)
        crawler.signals.connect(log.spider_closed, signals.spider_closed)
        crawler.signals.connect(log.asked, signals.request_reached_downloader)
        crawler.signals.connect(log.answered, signals.response_downloaded)
        crawler.signals.connect(log.failed, signals.item_error)
        crawler.signals.connect(log.failed, signals.spider_error)
        return log

    def spider_opened(self, spider: WartaSpider) -> None:
        try:
            self._writer = writer = open_writer(self._path, self._policy, batch_seconds=COMMIT_EVERY)
            self._keep_to_free_outlets(spider)
            self._reserve = Reserve(self._path)
            slugs = [source.slug for source in spider.sources]
            spider.run = writer.start_run("crawl", slugs, spider.arguments)
            spider.writer, spider.memory = writer, FileMemory(writer)
        except DatabaseError as error:
            self._let_go()
            self.error = error
            logger.warning("%s", error)
            raise CloseSpider("database") from error
        self._flushing.start(COMMIT_EVERY, now=False)
        self._counting.start(TRAFFIC_EVERY, now=False)

    def asked(self, request: Request, spider: WartaSpider) -> None:
        if slug := _outlet_of(request, spider):
            self._traffic.ask(slug, monotonic())

    def answered(self, response: Response, request: Request, spider: WartaSpider) -> None:
        if slug := _outlet_of(request, spider):
            self._traffic.note(slug, response.status, len(response.body), monotonic())

    def failed(self, failure: Failure) -> None:
        """Stop the crawl when it was the database that failed in a callback or pipeline."""
        if isinstance(failure.value, DatabaseError):
            self._stop(failure.value)

    def spider_closed(self, spider: WartaSpider, reason: str) -> None:
        if self._writer is None:
            return
        self._flushing.stop()
        self._counting.stop()
        try:
            with self._writer as writer:
                self._write_traffic(writer, spider.run)
                ended = "database" if self.error else spider.how_ended(reason)
                writer.finish_run(spider.run, reason=ended, stats=self._stats())
        except DatabaseError as error:
            self.error = self.error or error
            self._note_end(self._writer, spider.run)
        finally:
            self._let_go()

    def _keep_to_free_outlets(self, spider: WartaSpider) -> None:
        """Leave outlets to the crawls that have them; DatabaseError where others have all."""
        if not spider.sources:
            return
        self._locks = OutletLocks(self._path)
        spider.elsewhere = self._locks.take(source.slug for source in spider.sources)
        for slug, holder in spider.elsewhere.items():
            logger.warning("%s is crawled into %s by %s already: left to it", slug, self._path, holder)
        free = [source for source in spider.sources if source.slug not in spider.elsewhere]
        if spider.elsewhere and not free:
            slug, holder = next(iter(spider.elsewhere.items()))
            more = len(spider.elsewhere) - 1
            outlets = f"{slug} and {more} more are" if more else f"{slug} is"
            raise DatabaseError(
                f"{outlets} crawled into {self._path} by {holder} already; wait until that ends, or stop it"
            )
        spider.sources = free

    def _let_go(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._locks is not None:
            self._locks.close()
            self._locks = None
        if self._reserve is not None:
            self._reserve.give_back()
            self._reserve = None

    def _note_end(self, writer: Writer, run: int) -> None:
        """Say in the run's row at least that the database failed: room for so much was kept."""
        if self._reserve is not None:
            self._reserve.give_back()
        with suppress(DatabaseError):
            writer.finish_run(run, reason="database", stats={})

    def _flush(self) -> None:
        try:
            if self._writer is not None:
                self._writer.flush()
        except DatabaseError as error:
            self._stop(error)

    def _count_traffic(self) -> None:
        spider = self._crawler.spider
        try:
            if self._writer is not None and isinstance(spider, WartaSpider):
                self._write_traffic(self._writer, spider.run)
        except DatabaseError as error:
            self._stop(error)

    def _write_traffic(self, writer: Writer, run: int) -> None:
        for source, what, amount in self._traffic.take():
            writer.count(run, source, what, amount)

    def _stop(self, error: DatabaseError) -> None:
        if self.error is None:
            self.error = error
            logger.warning("%s", error)
            self._stopping = asyncio.get_running_loop().create_task(self._crawler.stop_async())

    def _stats(self) -> dict[str, Any]:
        stats = self._crawler.stats.get_stats()
        return {key: value if isinstance(value, int | float) else str(value) for key, value in stats.items()}


def _outlet_of(request: Request, spider: WartaSpider) -> str | None:
    """The outlet that a request is for, robots.txt of its hosts included."""
    source = spider.catalogue.match(request.url)
    return source.slug if source is not None else None

"""One crawl under a lease: opens a session with the writer, renews the lease, notes what hosts ask for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.utils.asyncio import create_looping_call

from crawler.cluster.connection import away, connect
from crawler.cluster.gate import LeasedDownloader
from crawler.cluster.hosts import Asked, note_host, read_hosts
from crawler.cluster.leases import Leases
from crawler.cluster.outbox import Outbox
from crawler.cluster.remote import BriefedMemory, RemoteNotes
from crawler.extensions.traffic import Traffic
from crawler.items import Visit
from crawler.middlewares.hosts import host_changed
from crawler.spiders.base import WartaSpider
from pipelines.database.pages import read_policy

logger = logging.getLogger(__name__)

TRAFFIC_EVERY = 5.0
_CLOSE_SECONDS = {"shutdown": 4.0}
_CLOSE_MOST = 60.0
#: Seconds that the writer has to confirm the end, so that the outlet's next poll is planned before another
#: crawl can take it; 4 where the crawl was told to stop.


@dataclass(slots=True, frozen=True)
class Lease:
    """What the watch took before it started the crawl."""

    session: int
    sites: list[str]
    seconds: float
    #: It is renewed for so long, three times in as many.

    room: int
    #: Entries that the stream may hold.


class Session:
    """Takes the run log's place where notes go elsewhere; ``run`` and ``error`` tell what came of the crawl.

    Settings: WARTA_REDIS, WARTA_LEASE, WARTA_REVISIT_DAYS, and WARTA_PAGES for whether pages travel.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._lease = Lease(**settings.getdict("WARTA_LEASE"))
        self._client = connect(settings["WARTA_REDIS"], asynchronous=True)
        self._leases = Leases(self._client)
        self._outbox = Outbox(self._client, self._lease.session, self._lease.room)
        self._away = away()
        self._sure_until = monotonic()
        self._lost = False
        self._traffic = Traffic()
        self._counting = create_looping_call(self._count_traffic)
        self._tasks: set[asyncio.Task[None]] = set()
        self.keeps_pages = read_policy(settings.get) is not None
        self.hosts: Mapping[str, Asked] = {}
        self.notes = RemoteNotes(self._outbox)
        self.run: int | None = None
        self.reason = ""
        self.error: str | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        session = cls(crawler)
        crawler.signals.connect(session.spider_opened, signals.spider_opened)
        crawler.signals.connect(session.spider_closed, signals.spider_closed)
        crawler.signals.connect(session.asked, signals.request_reached_downloader)
        crawler.signals.connect(session.answered, signals.response_downloaded)
        crawler.signals.connect(session.host_changed, host_changed)
        return session

    @property
    def is_good(self) -> bool:
        """Whether the lease is surely held, and notes go out."""
        return monotonic() < self._sure_until and self._outbox.is_clear

    async def spider_opened(self, spider: WartaSpider) -> None:
        await self._renew()
        self._start(self._keep_renewing())
        self._outbox.start()
        while not self._lost:
            try:
                self.hosts = await read_hosts(self._client, self._lease.sites)
                break
            except self._away:
                await asyncio.sleep(0.5)
        slugs = [source.slug for source in spider.sources]
        briefing = None
        if not self._lost:
            briefing = await self._briefing(slugs, spider)
        if briefing is None:
            self.error = "the lease was lost before the crawl began"
            raise CloseSpider("lease")
        self.run = spider.run = briefing["run"]
        spider.writer, spider.memory = self.notes, BriefedMemory(self._outbox, self.notes, briefing)
        downloader = self._crawler.engine.downloader
        assert isinstance(downloader, LeasedDownloader)  # noqa: S101
        downloader.gate.inherit(self)
        self._counting.start(TRAFFIC_EVERY, now=False)

    async def spider_closed(self, spider: WartaSpider, reason: str) -> None:
        if self._counting.running:
            self._counting.stop()
        if self.run is not None and not self._lost:
            self._count_traffic()
            self.reason = spider.how_ended(reason)
            await self._close(self.reason, spider)
        self._outbox.stop()
        for task in self._tasks:
            task.cancel()
        try:
            await self._leases.release(self._lease.session, self._lease.sites)
        except self._away:
            logger.warning("Redis is away; the lease ends by itself")
        await self._client.aclose()

    def asked(self, request: Request, spider: WartaSpider) -> None:
        if (source := spider.catalogue.match(request.url)) is not None:
            self._traffic.ask(source.slug, monotonic())

    def answered(self, response: Response, request: Request, spider: WartaSpider) -> None:
        if (source := spider.catalogue.match(request.url)) is not None:
            self._traffic.note(source.slug, response.status, len(response.body), monotonic())

    def host_changed(self, host: str, seconds: float | None, delay: float | None) -> None:
        self._start(self._note_host(host, seconds, delay))

    async def _briefing(self, slugs: list[str], spider: WartaSpider) -> dict[str, Any] | None:
        question = asyncio.ensure_future(
            self._outbox.ask(
                "open",
                sources=slugs,
                arguments=dict(spider.arguments),
                revisit_days=self._crawler.settings.getfloat("WARTA_REVISIT_DAYS"),
            )
        )
        while not self._lost and not question.done():
            await asyncio.wait([question], timeout=0.5)
        if not question.done():
            question.cancel()
            return None
        briefing: dict[str, Any] | None = question.result()
        return briefing

    async def _close(self, reason: str, spider: WartaSpider) -> None:
        stats = {
            key: value if isinstance(value, int | float) else str(value)
            for key, value in self._crawler.stats.get_stats().items()
        }
        failed: Mapping[str, str] = getattr(spider, "unread_outlets", dict)()
        try:
            async with asyncio.timeout(_CLOSE_SECONDS.get(reason, _CLOSE_MOST)):
                await self._outbox.ask("close", reason=reason, stats=stats, failed=failed)
        except TimeoutError:
            logger.warning("the writer has not confirmed the end of the crawl; its notes wait in the stream")

    async def _keep_renewing(self) -> None:
        while not self._lost:
            await asyncio.sleep(self._lease.seconds / 3)
            await self._renew()

    async def _renew(self) -> None:
        """Renew the lease: it counts from before it was asked, less a margin for clocks of other paces."""
        asked, lease = monotonic(), self._lease
        try:
            held = await self._leases.renew(lease.session, lease.sites, lease.seconds)
        except self._away as error:
            logger.info("the lease could not be renewed: %s", error)
            return
        if held:
            self._sure_until = asked + 0.9 * lease.seconds
            return
        self._lost, self._sure_until = True, 0.0
        self.error = "the lease was lost; what was not written yet is asked for again"
        logger.warning("%s", self.error)
        if self.run is not None:
            self._start(self._crawler.stop_async())

    async def _note_host(self, host: str, seconds: float | None, delay: float | None) -> None:
        heard = monotonic()
        while True:
            left = None if seconds is None else max(0.0, seconds - (monotonic() - heard))
            try:
                await note_host(self._client, host, seconds=left, delay=delay)
                return
            except self._away:
                await asyncio.sleep(0.5)

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _count_traffic(self) -> None:
        for source, what, amount in self._traffic.take():
            self.notes.count(0, source, what, amount)


class SendPipeline:
    """The last pipeline of such a crawl: hands visits to the session, whose writer recognises them.

    Setting: WARTA_PAGES.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Visit) -> Visit:
        session = self._crawler.get_extension(Session)
        assert session is not None  # noqa: S101
        if not session.keeps_pages:
            item.pages = []
        session.notes.store(item)
        return item

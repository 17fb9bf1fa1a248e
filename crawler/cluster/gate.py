"""The last door before the network: nothing goes out while the lease is not sure, or before a host's time."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from time import monotonic
from typing import Protocol

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.core.downloader.handlers import DownloadHandlers
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.cluster.hosts import Asked
from crawler.middlewares.refusals import Postponed

_LOOK_EVERY = 0.1


class Pass(Protocol):
    """What the gate looks at."""

    hosts: Mapping[str, Asked]

    @property
    def is_good(self) -> bool:
        """Whether requests may be sent now."""


class LeasedDownloader(Downloader):
    """Scrapy's, with the gate before its handlers; ``gate`` is opened by the session."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.handlers = self.gate = _Gate(crawler, self)


class _Gate(DownloadHandlers):
    """Scrapy's handlers, behind a look at the lease.

    A request waits here in its slot's place, so that no other of its host overtakes it, and after a wait the
    host's delay begins anew. Setting: WARTA_PAUSE_LIMIT.
    """

    def __init__(self, crawler: Crawler, downloader: Downloader) -> None:
        super().__init__(crawler)
        self._own = crawler
        self._downloader = downloader
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._let_through: dict[str, float] = {}
        self._limit = crawler.settings.getfloat("WARTA_PAUSE_LIMIT")
        self.session: Pass | None = None

    def inherit(self, session: Pass) -> None:
        """Let the gate obey a session, and the slots the delays that its hosts asked of crawls before."""
        self.session = session
        for host, asked in session.hosts.items():
            if asked.delay:
                own = {"delay": asked.delay, "jitter": 0, "concurrency": 1}
                self._downloader.per_slot_settings[host] = own

    async def download_request_async(self, request: Request) -> Response:
        host = self._downloader.get_slot_key(request)
        async with self._turns[host]:
            if await self._wait(host):
                self._let_through[host] = monotonic()
            elif host in self._let_through:  # it stood here together with the one before
                await asyncio.sleep(self._let_through.pop(host) + self._delay(host) - monotonic())
            if (slot := self._downloader.slots.get(host)) is not None:
                slot.lastseen = max(slot.lastseen, self._let_through.get(host, 0.0))
        return await super().download_request_async(request)

    def _delay(self, host: str) -> float:
        slot = self._downloader.slots.get(host)
        return slot.delay if slot is not None else 0.0

    async def _wait(self, host: str) -> bool:
        """Wait until a host may be asked; whether there was anything to wait for."""
        waited = False
        while not self._is_open(host):
            waited = True
            await asyncio.sleep(_LOOK_EVERY)
        return waited

    def _is_open(self, host: str) -> bool:
        if self.session is None or not self._own.engine.running:
            raise Postponed()
        asked = self.session.hosts.get(host)
        seconds = asked.not_before - monotonic() if asked is not None else 0.0
        if seconds > self._limit:
            raise Postponed(f"asked for a pause of {seconds:.0f} s more")
        return self.session.is_good and seconds <= 0

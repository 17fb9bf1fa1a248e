"""The crawlers' side: takes outlets that are due under a lease, crawls them, and takes the next ones."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from crawler.cluster.connection import CRAWLER, DUE, away, check, connect, place
from crawler.cluster.leases import START_SECONDS, Leases, sites_of
from crawler.cluster.session import Lease
from crawler.configuration import current
from crawler.errors import SourceError
from crawler.sources import Source, load_catalogue
from crawler.spiders.news import choose_outlets
from crawler.watching.child import Child
from crawler.watching.rounds import Order, Report
from crawler.watching.signals import ended_by

logger = logging.getLogger(__name__)

TOGETHER = 8
#: Outlets of one crawl at most, so that some are left for the other crawlers.

LEASE_SECONDS = 30.0
ROOM = 2_000
#: Entries of the stream; an entry is some 20 kB where pages are kept.

_LOOKED_AT = 500
_NAMED_SECONDS = 86_400
_IDLE = 1.0
#: Seconds between two looks for what is due.


class SharedWatch:
    """Crawls outlets that it shares with other crawlers; :meth:`run` returns when it was told to stop."""

    def __init__(
        self,
        sources: Sequence[str],
        url: str,
        *,
        even_if_off: bool = False,
        directories: Sequence[Path] = (),
        settings: Mapping[str, Any] | None = None,
        together: int = TOGETHER,
        lease_seconds: float = LEASE_SECONDS,
        room: int = ROOM,
    ) -> None:
        """Raises SourceError for an outlet that is unknown or off, or a fault in a source file."""
        self._named = list(sources)
        self._even_if_off = even_if_off
        self._directories = directories
        choose_outlets(load_catalogue(*directories), sources, even_if_off=even_if_off)
        self._url = url
        self._client = connect(url)
        self._leases = Leases(self._client)
        self._away = away()
        self._settings = dict(settings or {})
        self._together = together
        self._lease_seconds = lease_seconds
        self._room = room
        self._child: Child | None = None
        self._stopping = Event()
        self._is_away = False

    def run(self) -> None:
        """Crawl until SIGTERM or SIGINT. Raises SettingError where Redis refuses us."""
        with ended_by(self.stop):
            checked = False
            while not self._stopping.is_set():
                try:
                    if not checked:
                        check(self._client, self._url)
                        checked = True
                        logger.info("crawling with others through the Redis at %s", place(self._url))
                    taken = self._take()
                    self._note_back()
                except self._away as error:
                    self._note_away(error)
                    self._stopping.wait(_IDLE)
                    continue
                if taken is None:
                    self._stopping.wait(_IDLE)
                else:
                    self._round(*taken)
        logger.info("stopped")

    def stop(self) -> None:
        """End soon; called by a signal."""
        self._stopping.set()
        if self._child is not None:
            self._child.stop()

    def _take(self) -> tuple[list[str], Lease] | None:
        """Lease outlets that are due and that nobody has; null where there are none."""
        outlets = self._outlets()
        if not outlets:
            return None
        self._client.zadd(DUE, dict.fromkeys(outlets, 0), nx=True)
        due = [slug.decode() for slug in self._leases.due(_LOOKED_AT)]
        own = [slug for slug in due if slug in outlets]
        if not own:
            return None
        session = int(self._leases.next_session())
        group: list[str] = []
        sites: set[str] = set()
        for slug in own:
            wanted = sites_of(outlets[slug])
            if wanted and self._leases.take(session, wanted, START_SECONDS):
                group.append(slug)
                sites.update(wanted)
            if len(group) == self._together:
                break
        if not group:
            return None
        own_name = f"{socket.gethostname()}:{os.getpid()}"
        self._client.set(f"{CRAWLER}{session}", own_name, ex=_NAMED_SECONDS)
        return sorted(group), Lease(session, sorted(sites), self._lease_seconds, self._room)

    def _outlets(self) -> dict[str, Source]:
        """Our outlets that are on: source files may change meanwhile."""
        try:
            catalogue = load_catalogue(*self._directories)
        except SourceError as error:
            logger.error("%s", error)
            return {}
        if not self._named:
            return {source.slug: source for source in catalogue if source.enabled}
        named = [catalogue.sources[slug] for slug in self._named if slug in catalogue.sources]
        return {source.slug: source for source in named if source.enabled or self._even_if_off}

    def _round(self, group: Sequence[str], lease: Lease) -> None:
        settings = {**self._settings, "WARTA_REDIS": self._url, "WARTA_LEASE": asdict(lease)}
        directories = [str(each.absolute()) for each in self._directories]
        order = Order(group, "", directories, settings, configuration=dict(current().values))
        start = monotonic()
        self._child = Child(order, "crawler.cluster.rounds")
        try:
            if self._stopping.is_set():  # the signal came while it was started
                self._child.stop()
            report = self._child.wait()
        finally:
            self._child = None
        self._tell(group, report, monotonic() - start)

    def _tell(self, group: Sequence[str], report: Report, seconds: float) -> None:
        outlets = ", ".join(group)
        where = {"run": report.run, "outlets": list(group)}
        if report.error is not None:
            logger.error("%s: %s", outlets, report.error.rstrip("."), extra=where)
        else:
            logger.info("run %s: %s: %s in %.0f s", report.run, outlets, report.reason, seconds, extra=where)
        for slug, why in report.failed.items():
            logger.warning("%s: gave nothing: %s", slug, why, extra={"run": report.run, "outlets": [slug]})

    def _note_away(self, error: Exception) -> None:
        if not self._is_away:
            logger.warning("the Redis at %s is away (%s); waiting for it", place(self._url), error)
        self._is_away = True

    def _note_back(self) -> None:
        if self._is_away:
            logger.info("the Redis at %s is back", place(self._url))
        self._is_away = False

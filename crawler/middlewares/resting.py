"""Hosts that blocked an earlier crawl are let be for a while, longer each time, in the crawls that follow."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.middlewares.challenges import is_challenge
from crawler.middlewares.hosts import HostState
from crawler.middlewares.refusals import Postponed
from pipelines.database import Writer
from pipelines.database.rests import Rest, rests

logger = logging.getLogger(__name__)

LONGER = 4
#: Each rest is so many times as long as the one before, while the host blocks.

LONGEST = timedelta(days=1)
#: But no longer than this, unless the host asked for more.

MOST_ASKED = timedelta(days=7)
#: What a host may ask for.


class RestingHosts:
    """Keeps requests from hosts that blocked a crawl, robots.txt included, until their rest is over.

    Finds the writer on the spider; where it is elsewhere, hosts are let be by those who lease them.
    Settings: WARTA_REST_HOURS.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._hours = crawler.settings.getfloat("WARTA_REST_HOURS")
        self._rests: dict[str, Rest] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        rest = self._known().get(urlparse_cached(request).hostname or "")
        if rest is None or not self._hours or rest.until <= _written(datetime.now(UTC)):
            return
        hosts: dict[str, HostState] = self._spider.hosts
        state = hosts.setdefault(urlparse_cached(request).netloc, HostState())
        if state.left_alone is None:
            logger.warning("%s: %s", urlparse_cached(request).netloc, described(rest))
            state.left_alone = described(rest)
        raise Postponed(rest.why)

    def process_response(self, request: Request, response: Response) -> Response:
        host = urlparse_cached(request).hostname or ""
        gives_pages = response.status < 400 and not request.meta.get("dont_obey_robotstxt")
        if gives_pages and host in self._known() and not is_challenge(response):
            del self._known()[host]
            self._spider.writer.end_rest(host)
        return response

    def _known(self) -> dict[str, Rest]:
        if self._rests is None:
            writer = getattr(self._spider, "writer", None)
            self._rests = rests(writer.db) if isinstance(writer, Writer) else {}
        return self._rests

    @property
    def _spider(self) -> Any:
        return self._crawler.spider


def let_rest(writer: Writer, host: str, why: str, *, hours: float, asked: float | None) -> Rest:
    """Let a host be in the crawls to come: *hours* the first time, and no less than it *asked* for (s)."""
    before = rests(writer.db).get(host)
    times = before.times + 1 if before is not None else 1
    length = min(timedelta(hours=hours) * LONGER ** min(times - 1, 9), LONGEST)
    wish = min(timedelta(seconds=min(asked or 0.0, MOST_ASKED.total_seconds())), MOST_ASKED)
    rest = Rest(why, _written(datetime.now(UTC) + max(length, wish)), times)
    writer.let_rest(host, rest)
    return rest


def described(rest: Rest) -> str:
    """Why a host is let be, and until when."""
    return f"{rest.why} until {rest.until}"


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

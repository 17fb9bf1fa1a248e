"""robots.txt, with a plain reason for what it forbids, and caution where it cannot be read.

RFC 9309, 2.3.1.4: while robots.txt is unreachable (5xx, no connection) everything counts as forbidden.
Scrapy's middleware takes that for permission.
"""

from __future__ import annotations

from asyncio import Lock
from collections import defaultdict

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawler.middlewares.faults import fault_of
from crawler.middlewares.refusals import Postponed, Refused


class RobotsRules(RobotsTxtMiddleware):
    """Obeys robots.txt; a host whose robots.txt cannot be read is left alone for this run.

    So a dead host costs one request and its retries, not as many for every URL that waits there.
    Settings: ROBOTSTXT_OBEY, ROBOTSTXT_USER_AGENT.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unreadable: dict[str, str | None] = {}
        self._asking: defaultdict[str, Lock] = defaultdict(Lock)

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:
        try:
            await super().process_request(request)
        except IgnoreRequest as forbidden:
            raise Refused("robots.txt") from forbidden
        host = urlparse_cached(request).netloc
        if host in self._unreadable and not _asks_for_rules(request):
            raise Postponed(self._unreadable[host])

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """A host's rules; who wants them while they are fetched waits for its turn.

        Scrapy lets all of them wait for one Deferred, whose result is gone once the first has taken it:
        the others get no rules, which counts as permission.
        """
        async with self._asking[urlparse_cached(request).netloc]:
            rules: RobotParser | None = await super().robot_parser(request)
        return rules

    def process_response(self, request: Request, response: Response) -> Response:
        if _asks_for_rules(request) and (response.status == 429 or response.status >= 500):
            self._unreadable[_host_asked(request)] = f"robots.txt: http {response.status}"
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not _asks_for_rules(request):
            return
        why = exception.reason if isinstance(exception, Refused | Postponed) else fault_of(exception)
        self._unreadable[_host_asked(request)] = why
        raise Postponed(why) from exception  # spares the log Scrapy's traceback


def _asks_for_rules(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt"))


def _host_asked(request: Request) -> str:
    first: str = request.meta.get("redirect_urls", [request.url])[0]
    return urlparse_cached(Request(first)).netloc

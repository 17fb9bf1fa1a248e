"""What hosts ask for: Crawl-delay in robots.txt, and a pause by 429 or 503 with or without Retry-After."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any, Self

from scrapy import Request, signals
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.httpobj import urlparse_cached

from crawler.middlewares.challenges import CHALLENGE, is_challenge
from crawler.middlewares.faults import SILENCE, fault_of
from crawler.middlewares.hosts import HostState, host_changed
from crawler.middlewares.refusals import Postponed, Refused
from crawler.middlewares.resting import described, let_rest
from pipelines.database import Writer

logger = logging.getLogger(__name__)

PAUSE_STATUSES = frozenset({429, 503})
REFUSALS = frozenset({401, 403, 451})
_LEAST_DELAY = 0.001  # Scrapy looks at a slot's clock only where there is a delay


class HostPauses:
    """Keeps each host's delay and pauses in its download slot, so that other hosts go on.

    A host that asks for more than WARTA_PAUSE_LIMIT seconds, or that WARTA_PATIENCE times in a row asks
    for a pause or does not answer, or that refuses or challenges WARTA_REFUSALS requests in a row, is left
    alone for the rest of the run; its URLs stay in the frontier. The spider's ``hosts`` keep what it did.
    When the crawl is stopped, requests that wait for their host's turn are given back at once.

    Settings: WARTA_BACKOFF, WARTA_PAUSE_LIMIT, WARTA_PATIENCE, WARTA_REFUSALS, WARTA_REST_HOURS,
    ROBOTSTXT_USER_AGENT, DOWNLOAD_DELAY.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._backoff = settings.getfloat("WARTA_BACKOFF")
        self._limit = settings.getfloat("WARTA_PAUSE_LIMIT")
        self._rest_hours = settings.getfloat("WARTA_REST_HOURS")
        self._patience = settings.getint("WARTA_PATIENCE")
        self._delays: dict[str, float] = {}
        self._resting: dict[str, float] = {}
        self._pauses_in_a_row: Counter[str] = Counter()
        self._silences_in_a_row: Counter[str] = Counter()
        self._refusals_in_a_row: Counter[str] = Counter()
        self._most_refusals = settings.getint("WARTA_REFUSALS")
        self._left_alone: dict[str, str] = {}
        self._watch = create_looping_call(self._give_back_when_stopping)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pauses = cls(crawler)
        crawler.signals.connect(pauses.robots_parsed, signals.robots_parsed)
        crawler.signals.connect(pauses.engine_started, signals.engine_started)
        crawler.signals.connect(pauses.spider_closed, signals.spider_closed)
        return pauses

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Take over a host's Crawl-delay, or the one its source declares, where either is more than ours."""
        settings, spider = self._crawler.settings, self._spider
        source = spider.catalogue.match(request.url)
        asked = robotparser.crawl_delay(settings["ROBOTSTXT_USER_AGENT"])
        declared = source.crawl_delay if source is not None else None
        delay = max(asked or 0.0, declared or 0.0)
        if delay <= settings.getfloat("DOWNLOAD_DELAY"):
            return
        host = self._downloader.get_slot_key(request)
        if delay > self._limit:
            self._leave_alone(request, f"asks for {delay:.0f} s between requests")
            return
        self._delays[host] = delay
        self._tell_change(host, delay=delay)
        # Slots that were idle for a minute are thrown away; these settings outlive them.
        self._downloader.per_slot_settings[host] = {"delay": delay, "jitter": 0, "concurrency": 1}
        if (slot := self._downloader.slots.get(host)) is not None:
            slot.delay, slot.jitter, slot.concurrency = delay, 0.0, 1

    def process_request(self, request: Request) -> None:
        host = self._downloader.get_slot_key(request)
        if (why := self._left_alone.get(host)) is not None:
            raise Postponed(why)
        if host in self._delays:
            request.meta["autothrottle_dont_adjust_delay"] = True

    def process_response(self, request: Request, response: Response) -> Response:
        host = self._downloader.get_slot_key(request)
        self._silences_in_a_row.pop(host, None)
        state = self._state(request)
        state.answers += 1
        if response.status >= 400 and not _asks_for_rules(request):  # many hosts have no robots.txt
            state.faults[f"http {response.status}"] += 1
        if response.status in PAUSE_STATUSES:
            self._pause(request, response)
        elif response.status in REFUSALS or is_challenge(response):
            self._count_refusal(request, response)
        elif response.status < 400 and not _asks_for_rules(request):
            self._pauses_in_a_row.pop(host, None)
            self._refusals_in_a_row.pop(host, None)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, Refused | Postponed):
            self._state(request).faults[fault_of(exception)] += 1
        if not isinstance(exception, SILENCE):
            return
        host = self._downloader.get_slot_key(request)
        self._silences_in_a_row[host] += 1
        if self._silences_in_a_row[host] >= self._patience:
            self._leave_alone(request, f"{fault_of(exception)}, left alone")

    def engine_started(self) -> None:
        self._watch.start(0.25, now=False)

    def spider_closed(self) -> None:
        if self._watch.running:
            self._watch.stop()

    def _pause(self, request: Request, response: Response) -> None:
        host = self._downloader.get_slot_key(request)
        asked = retry_after(response.headers.get(b"Retry-After"), datetime.now(UTC))
        if self._resting.get(host, 0.0) <= monotonic():  # else it answers what was under way at its last no
            self._pauses_in_a_row[host] += 1
        times = max(1, self._pauses_in_a_row[host])
        seconds = asked if asked is not None else self._backoff * 2 ** (times - 1)
        self._crawler.stats.inc_value("warta/pauses")
        self._tell_change(host, seconds=seconds)
        if seconds > self._limit or times > self._patience:
            self._let_rest(request, f"http {response.status}, left alone", asked)
            return
        state = self._state(request)
        state.pauses += 1
        until = state.paused_until = monotonic() + seconds
        self._resting[host] = max(until, self._resting.get(host, 0.0))
        if (slot := self._downloader.slots.get(host)) is not None:
            # The slot sends its next request one delay after this; there may be none yet.
            slot.delay = max(slot.delay, _LEAST_DELAY)
            slot.lastseen = max(slot.lastseen, until)
        logger.info("%s answered %d: left alone for %.1f s", host, response.status, seconds)

    def _count_refusal(self, request: Request, response: Response) -> None:
        host = self._downloader.get_slot_key(request)
        self._refusals_in_a_row[host] += 1
        why = f"http {response.status}"
        if response.status not in REFUSALS:
            why = CHALLENGE
            self._state(request).faults[CHALLENGE] += 1
        if self._refusals_in_a_row[host] >= self._most_refusals:
            asked = retry_after(response.headers.get(b"Retry-After"), datetime.now(UTC))
            self._let_rest(request, f"{why}, left alone", asked)

    def _let_rest(self, request: Request, why: str, asked: float | None) -> None:
        """Leave a host alone that blocks, in the runs to come, too; *asked*: seconds that it wants."""
        host = self._downloader.get_slot_key(request)
        known = host in self._left_alone
        self._leave_alone(request, why)
        writer = getattr(self._spider, "writer", None)
        if isinstance(writer, Writer) and self._rest_hours and not known:
            rest = let_rest(
                writer, urlparse_cached(request).hostname or "", why, hours=self._rest_hours, asked=asked
            )
            self._state(request).left_alone = described(rest)

    def _leave_alone(self, request: Request, why: str) -> None:
        host = self._downloader.get_slot_key(request)
        if host not in self._left_alone:
            self._tell_change(host, seconds=self._crawler.settings.getfloat("WARTA_ROUND_SECONDS"))
            logger.warning("%s: %s for the rest of this run", host, why)
        self._left_alone[host] = self._state(request).left_alone = why
        if (slot := self._downloader.slots.get(host)) is not None:
            _give_back(slot, why)

    def _give_back_when_stopping(self) -> None:
        if not self._crawler.engine.running:
            for slot in self._downloader.slots.values():
                _give_back(slot, None)

    def _tell_change(self, host: str, *, seconds: float | None = None, delay: float | None = None) -> None:
        self._crawler.signals.send_catch_log(host_changed, host=host, seconds=seconds, delay=delay)

    def _state(self, request: Request) -> HostState:
        hosts: dict[str, HostState] = self._spider.hosts
        return hosts.setdefault(urlparse_cached(request).netloc, HostState())

    @property
    def _downloader(self) -> Downloader:
        return self._crawler.engine.downloader

    @property
    def _spider(self) -> Any:
        return self._crawler.spider


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, as a number or an HTTP date (RFC 9110, 10.2.3).

    None where the header is missing or says neither; never negative.

    >>> retry_after(b"120", datetime(2026, 1, 1, tzinfo=UTC))
    120.0
    """
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _asks_for_rules(request: Request) -> bool:
    """Whether a request is for robots.txt, which a host may give to whomever it refuses its pages."""
    return bool(request.meta.get("dont_obey_robotstxt"))


def _give_back(slot: Slot, why: str | None) -> None:
    """Fail what waits in a download slot, so that it stays in the frontier."""
    while slot.queue:
        _, waiting = slot.queue.popleft()
        waiting.errback(Postponed(why))

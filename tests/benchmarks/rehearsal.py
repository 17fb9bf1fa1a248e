"""A watch on a made-up clock and web: everything decides and writes as ever but the network and the time.

Who is asked when, what is found, read, stored, judged and told is left to the watch's own pacing, spider,
reader, pipelines, writer, health and alerts. In place of Scrapy's engine, which is too slow for some ten
thousand crawls, a loop hands requests to the made-up web one by one, one a second and outlet; retries,
robots.txt and pauses are not in it.
"""

from __future__ import annotations

import heapq
import inspect
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import time_machine
from monthweb import MonthWeb
from scrapy import Request
from scrapy.exceptions import DropItem
from scrapy.responsetypes import responsetypes
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectionRefusedError as Refused
from twisted.python.failure import Failure

from crawler.items import Visit
from crawler.middlewares.refusals import Refused as Forbidden
from crawler.sources import Catalogue
from crawler.spiders import base as spiders_base
from crawler.spiders.news import NewsSpider
from crawler.watching.alerts import Hooks, tell_changes
from crawler.watching.pacing import Bounds, next_poll
from crawler.watching.watch import AHEAD
from pipelines.database import Writer
from pipelines.database.crawling import FileMemory
from pipelines.database.lists import longest_list
from pipelines.database.outlets import alerts
from pipelines.database.outlets.health import health
from pipelines.database.outlets.rhythm import story_times
from pipelines.deduplicate import DeduplicatePipeline
from pipelines.reservations import ReservationsPipeline
from pipelines.store import StorePipeline
from pipelines.validate import ValidatePipeline

BOUNDS = Bounds(timedelta(minutes=5), timedelta(minutes=120))
REVISIT_DAYS = 0.13
#: So long stories are asked for again, after an hour and after two: by default it is longer.

PROCESS = timedelta(seconds=3)
#: What it takes to start a crawl.

REQUEST = timedelta(seconds=1)
#: Between two requests to an outlet.


@dataclass(slots=True, frozen=True)
class Told:
    """An alert, when it began, and the outlet's polls by then."""

    slug: str
    what: str
    at: datetime
    polls: int


@dataclass(slots=True)
class Month:
    """What happened."""

    polls: defaultdict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    requests: Counter[str] = field(default_factory=Counter)
    told: list[Told] = field(default_factory=list)
    ended: list[tuple[str, str, datetime]] = field(default_factory=list)


class Engine:
    """In place of Scrapy's: asks the made-up web for what the spider wants, and hands it the answers."""

    def __init__(self, web: MonthWeb, month: Month, clock: time_machine.Traveller) -> None:
        self._web, self._month, self._clock = web, month, clock
        self._waiting: defaultdict[str, list[tuple[int, int, Request]]] = defaultdict(list)
        self._number = count()
        settings = Settings()
        settings.setmodule("crawler.settings")
        settings.setdict(
            {"WARTA_READERS": 0, "WARTA_REVISIT_DAYS": REVISIT_DAYS, "USER_AGENT": "warta (benchmark)"}
        )
        stats = SimpleNamespace(inc_value=lambda *_: None)
        signals = SimpleNamespace(connect=lambda *_, **__: None)
        self.crawler: Any = SimpleNamespace(settings=settings, stats=stats, signals=signals, engine=self)
        self._pipelines = [
            ValidatePipeline(self.crawler),
            ReservationsPipeline(self.crawler, []),
            DeduplicatePipeline(self.crawler),
            StorePipeline(self.crawler),
        ]

    def crawl(self, request: Request) -> None:
        slug = request.url.removeprefix("https://").partition(".")[0]
        heapq.heappush(self._waiting[slug], (-request.priority, next(self._number), request))

    async def run(self, writer: Writer, group: Sequence[str], begun: datetime) -> tuple[NewsSpider, datetime]:
        """A crawl of these outlets; when it has ended."""
        self._clock.move_to(begun)
        spider = NewsSpider.from_crawler(self.crawler, sources=",".join(group))
        self.crawler.spider = spider
        spider.writer, spider.memory, spider.run = (
            writer,
            FileMemory(writer),
            writer.start_run("crawl", group),
        )
        ends = begun
        async for request in spider.start():
            self.crawl(request)
        for slug in group:  # side by side: each by a clock of its own
            now = begun + PROCESS
            while self._waiting[slug]:
                now += REQUEST
                self._clock.move_to(now)
                await self._ask(heapq.heappop(self._waiting[slug])[2], now)
            ends = max(ends, now)
        self._clock.move_to(ends)
        writer.finish_run(spider.run, reason=spider.how_ended("finished"), stats={})
        return spider, ends

    async def _ask(self, request: Request, now: datetime) -> None:
        self._month.requests["articles" if "/berita/" in request.url else "lists"] += 1
        try:
            served = self._web.answer(request.url, request.headers.to_unicode_dict(), now)
        except PermissionError:
            await self._fail(request, Forbidden("robots.txt"))
            return
        except ConnectionRefusedError:
            await self._fail(request, Refused())
            return
        headers = {"Content-Type": served.kind} | ({"ETag": served.tag} if served.tag else {})
        kind = responsetypes.from_args(
            headers={name.encode(): value.encode() for name, value in headers.items()},
            url=request.url,
            body=served.body,
        )
        response = kind(request.url, status=served.status, headers=headers, body=served.body, request=request)
        if served.status == 200 or served.status in request.meta.get("handle_httpstatus_list", ()):
            assert request.callback is not None
            await self._take(request.callback(response, **request.cb_kwargs))
        else:
            await self._fail(request, HttpError(response))

    async def _fail(self, request: Request, error: Exception) -> None:
        failure: Any = Failure(error)
        failure.request = request
        assert request.errback is not None
        await self._take(request.errback(failure))

    async def _take(self, result: Any) -> None:
        if inspect.isasyncgen(result):
            async for each in result:
                self._take_one(each)
        elif inspect.isawaitable(result):
            await result
        else:
            for each in result or ():
                self._take_one(each)

    def _take_one(self, each: Request | Visit) -> None:
        if isinstance(each, Request):
            self.crawl(each)
            return
        item: Any = each
        try:
            for pipeline in self._pipelines:
                item = pipeline.process_item(item)
        except DropItem:
            pass


@contextmanager
def one_catalogue(catalogue: Catalogue) -> Iterator[None]:
    """Let each crawl have the catalogue without reading its files again."""
    before = spiders_base.load_catalogue
    spiders_base.load_catalogue = lambda *_: catalogue  # type: ignore[assignment]
    try:
        yield
    finally:
        spiders_base.load_catalogue = before


async def watch(
    web: MonthWeb,
    writer: Writer,
    start: datetime,
    end: datetime,
    chance: random.Random,
    judge: int,
    patience: float = float("inf"),
) -> Month:
    """Poll as the watch does: those that are due together, one crawl after the other."""
    month = Month()
    with time_machine.travel(start, tick=False) as clock:
        engine = Engine(web, month, clock)
        due = [(start, slug) for slug in web.rooms]
        failures: Counter[str] = Counter()
        now = start
        day = 0
        stop = time.perf_counter() + patience
        while due[0][0] < end and time.perf_counter() < stop:
            now = max(now, due[0][0])
            group = [heapq.heappop(due)[1]]
            while due and due[0][0] <= now + AHEAD * BOUNDS.least:
                group.append(heapq.heappop(due)[1])
            spider, ended = await engine.run(writer, sorted(group), now)
            unread = spider.unread_outlets()
            for slug in group:
                failures[slug] = failures[slug] + 1 if slug in unread else 0
                month.polls[slug].append(now)
                stories = story_times(writer.db, slug, now)
                poll = next_poll(
                    *(stories, now, BOUNDS),
                    failures=failures[slug],
                    chance=chance.random(),
                    holds=longest_list(writer.db, slug),
                )
                heapq.heappush(due, (poll, slug))
            look_after(writer, [slug for slug in group if wants_judging(web, month, slug, now, judge)], month)
            now = ended
            if (now - start).days > day:
                day = (now - start).days
                polls = sum(map(len, month.polls.values()))
                print(f"{day} days, {polls} polls, {time.process_time():.0f} s of processor", file=sys.stderr)
    return month


def wants_judging(web: MonthWeb, month: Month, slug: str, now: datetime, judge: int) -> bool:
    event = web.events.get(slug)
    near = event is not None and event.begins <= now < event.ends + timedelta(hours=6)
    return near or len(month.polls[slug]) % judge == 0


def look_after(writer: Writer, polled: Sequence[str], month: Month) -> None:
    """Judge outlets and tell, as `warta watch` does after a crawl."""
    now = datetime.now(UTC)
    before = alerts.standing(writer.db, polled)
    tell_changes(writer.db, polled, health(writer.db, polled, now), Hooks(), f"{now:%Y-%m-%dT%H:%M:%SZ}")
    after = alerts.standing(writer.db, polled)
    month.told += [Told(*key, now, len(month.polls[key[0]])) for key in after.keys() - before.keys()]
    month.ended += [(*key, now) for key in before.keys() - after.keys()]

"""Prints how a month of forty outlets is watched: what is stored, how fresh, at what cost, and what is told.

    python tests/benchmarks/month.py [--seed N] [--days N] [--outlets N] [--judge N]

The clock and the network are made up; pages, feeds and sitemaps are bytes. Who is asked when, what is found,
read, stored, judged and told is decided by the watch's own pacing, spider, reader, pipelines, writer, health
and alerts. In place of Scrapy's engine, which is too slow for some ten thousand crawls, a loop hands requests
to the made-up web one by one, one a second and outlet; retries, robots.txt and pauses are not in it. Outlets
to which nothing happens are judged after every eighth of their polls (``--judge``), the others after each.
"""

from __future__ import annotations

import argparse
import asyncio
import heapq
import inspect
import random
import sys
import tempfile
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import fmean
from types import SimpleNamespace
from typing import Any

import time_machine
from labelled import table
from monthweb import Event, MonthWeb, base
from newsrooms import START, Newsroom, newsrooms
from scrapy import Request
from scrapy.exceptions import DropItem
from scrapy.responsetypes import responsetypes
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectionRefusedError as Refused
from twisted.python.failure import Failure

from crawler.items import Visit
from crawler.sources import Catalogue, load_catalogue
from crawler.spiders import base as spiders_base
from crawler.spiders.news import NewsSpider
from crawler.watching.alerts import Hooks, tell_changes
from crawler.watching.pacing import Bounds, next_poll
from crawler.watching.watch import AHEAD
from pipelines.database import Writer, open_writer
from pipelines.database.outlets import alerts
from pipelines.database.outlets.health import health
from pipelines.database.outlets.rhythm import story_times
from pipelines.deduplicate import DeduplicatePipeline
from pipelines.reservations import ReservationsPipeline
from pipelines.store import StorePipeline
from pipelines.validate import ValidatePipeline

BOUNDS = Bounds(timedelta(minutes=5), timedelta(minutes=120))
BEFORE = timedelta(days=2)
#: So long the outlets have published when they are first asked.

REVISIT_DAYS = 0.13
#: So long stories are asked for again, after an hour and after two: by default it is longer.

PROCESS = timedelta(seconds=3)
#: What it takes to start a crawl.

REQUEST = timedelta(seconds=1)
#: Between two requests to an outlet.

WHAT = {
    "no authors": {"authors"},
    "cut stories": {"story length", "boilerplate", "confidence"},
    "script pages": {"no article"},
    "http 503": {"unreachable"},
    "refused": {"unreachable"},
    "silent": {"silent"},
}
#: What may be told of an event.


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
        spider.writer, spider.run = writer, writer.start_run("crawl", group)
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
                poll = next_poll(stories, now, BOUNDS, failures=failures[slug], chance=chance.random())
                heapq.heappush(due, (poll, slug))
            look_after(writer, [slug for slug in group if wants_judging(web, month, slug, now, judge)], month)
            now = ended
            if (now - start).days > day:
                day = (now - start).days
                print(f"{day} days, {sum(map(len, month.polls.values()))} polls", file=sys.stderr)
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


def plan(rooms: Sequence[Newsroom], start: datetime, days: int) -> list[Event]:
    """Three layout changes, two outages and a silence, from the middle of the month on."""
    regional = sorted(rooms[len(rooms) // 5 :], key=lambda room: -room.a_day)

    def at(share: float, hours: float) -> tuple[datetime, datetime]:
        begins = start + timedelta(days=days * share) + timedelta(hours=3)
        return begins, begins + timedelta(hours=hours)

    return [
        Event("no authors", rooms[0].slug, *at(0.45, 48)),
        Event("cut stories", regional[0].slug, *at(0.5, 96)),
        Event("script pages", regional[1].slug, *at(0.6, 48)),
        Event("http 503", rooms[1].slug, *at(0.55, 6)),
        Event("refused", regional[2].slug, *at(0.65, 20)),
        Event("silent", regional[3].slug, *at(0.7, 24 * 60)),
    ]


@dataclass(slots=True, frozen=True)
class Ages:
    """Of stories when they were stored, in minutes."""

    median: float
    mean: float
    p95: float

    @classmethod
    def of(cls, ages: Iterable[float]) -> Ages:
        ordered = sorted(ages)
        return cls(ordered[len(ordered) // 2], fmean(ordered), ordered[int(0.95 * len(ordered))])


def by_fixed_pace(web: MonthWeb, start: datetime, end: datetime, minutes: float, seed: int) -> Ages:
    """What polling at one pace would give, if a poll took no time."""
    chance, ages = random.Random(seed), []
    for room in web.rooms.values():
        first = chance.uniform(0, minutes)
        for moment in room.moments:
            if start <= moment < end:
                ages.append((first - (moment - start).total_seconds() / 60) % minutes)
    return Ages.of(ages)


def report(web: MonthWeb, writer: Writer, month: Month, start: datetime, end: datetime, seed: int) -> int:
    """Print it all; how many of the aims were not reached."""
    stored = dict(writer.db.execute("SELECT url, first_seen FROM articles").fetchall())
    waiting = {url for (url,) in writer.db.execute("SELECT url FROM frontier WHERE state = 'pending'")}
    [(articles,)] = writer.db.execute("SELECT count(*) FROM articles").fetchall()
    ages, intervals, published, late, missed = [], [], 0, 0, Counter[str]()
    for slug, room in web.rooms.items():
        event, polls = web.events.get(slug), month.polls[slug]
        for number, moment in enumerate(room.moments):
            if not start <= moment < polls[-1]:
                continue
            published += 1
            url = web.url(slug, number)
            if url not in stored:
                late += url in waiting
                why = "" if event is None else web.out_of_reach(event, number)
                missed[why or slug] += url not in waiting
                continue
            ages.append((datetime.fromisoformat(stored[url]) - moment).total_seconds() / 60)
            poll = bisect_right(polls, datetime.fromisoformat(stored[url])) - 1
            if poll:
                intervals.append((polls[poll] - polls[poll - 1]).total_seconds() / 60)
    beyond = missed.pop("no list had it", 0)
    unreadable = missed.pop("no page had it", 0)
    header = [
        "published",
        "stored",
        "no page",
        "no list",
        "wait",
        "missed",
        "twice",
        "polls",
        "lists",
        "pages",
    ]
    polls = sum(map(len, month.polls.values()))
    lists, pages = month.requests["lists"], month.requests["articles"]
    days = (end - start) / timedelta(days=1)
    print(f"\n## A month of {len(web.rooms)} outlets: {days:.1f} days, seed {seed}\n")
    numbers = [published, len(ages), unreadable, beyond, late, sum(missed.values()), articles - len(stored)]
    print(table(header, [[str(number) for number in (*numbers, polls, lists, pages)]]))
    own, interval = Ages.of(ages), Ages.of(intervals)
    minutes = (end - start) / timedelta(minutes=1)
    at_ten = by_fixed_pace(web, start, end, 10, seed)
    as_fresh = minutes / (10 * own.median / at_ten.median) * len(web.rooms)
    as_mean = minutes / (10 * own.mean / at_ten.mean) * len(web.rooms)
    fixed = minutes / 10 * len(web.rooms)
    rows = [
        [name, f"{each.median:.1f}", f"{each.mean:.1f}", f"{each.p95:.1f}", f"{amount:.0f}"]
        for name, each, amount in (
            ("freshness", own, polls),
            ("its polling interval", interval, polls),
            ("every 10 minutes", at_ten, fixed),
        )
    ]
    print("\n" + table(["minutes", "median", "mean", "95 %", "polls"], rows))
    print(
        f"\n{1 - polls / fixed:.0%} fewer polls than every 10 minutes; {1 - polls / as_fresh:.0%} fewer than "
        f"at the fixed pace of the same median, {1 - polls / as_mean:.0%} of the same mean"
    )
    if missed:
        print(f"missed: {dict(missed)}")
    false, untold = report_events(web, writer, month)
    return sum(missed.values()) + late + false + untold + (own.median > interval.median)


def report_events(web: MonthWeb, writer: Writer, month: Month) -> tuple[int, int]:
    """Print what was told of which event; how many alerts were false, and events not told."""
    rows, false = [], list(month.told)
    untold = 0
    for event in web.events.values():
        if event.begins > max(month.polls[event.slug]):
            rows.append([event.kind, event.slug, "not reached", "", "", ""])
            continue
        ours = [
            told
            for told in month.told
            if told.slug == event.slug and told.what in WHAT[event.kind] and told.at >= event.begins
        ]
        false = [told for told in false if told not in ours]
        if not ours:
            untold += 1
            rows.append([event.kind, event.slug, "never", "", "", ""])
            continue
        first = min(ours, key=lambda told: told.at)
        polls = [moment for moment in month.polls[event.slug] if event.begins <= moment <= first.at]
        seen = [
            datetime.fromisoformat(at)
            for (at,) in writer.db.execute(
                "SELECT fetched_at FROM fetches WHERE url LIKE ? AND fetched_at BETWEEN ? AND ?",
                (f"{base(event.slug)}/berita/%", event.begins.isoformat(), first.at.isoformat()),
            )
        ]
        with_news = {bisect_right(polls, at) for at in seen}
        hours = (first.at - event.begins) / timedelta(hours=1)
        names = ", ".join(sorted({told.what for told in ours}))
        rows.append(
            [
                event.kind,
                event.slug,
                names,
                f"{hours:.1f}",
                str(len(polls)),
                f"{len(seen)} in {len(with_news)}",
            ]
        )
    header = ["event", "outlet", "told as", "after hours", "after runs", "pages in runs"]
    print("\n" + table(header, rows))
    print(f"\nfalse alarms: {len(false)}")
    for told in false:
        print(f"  {told.slug} {told.what} {told.at:%d %H:%M}")
    return len(false), untold


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=7, metavar="N")
    parser.add_argument("--days", type=int, default=30, metavar="N")
    parser.add_argument("--outlets", type=int, default=40, metavar="N")
    parser.add_argument("--judge", type=int, default=8, metavar="N")
    parser.add_argument(
        "--minutes", type=float, default=1e9, metavar="N", help="real ones, after which it ends"
    )
    options = parser.parse_args(arguments)
    return run(options.seed, options.days, options.outlets, options.judge, options.minutes * 60)


def run(seed: int, days: int, outlets: int, judge: int, patience: float) -> int:
    """A whole month; how many of the aims were not reached."""
    chance = random.Random(seed)
    start = START + BEFORE
    end = start + timedelta(days=days)
    rooms = newsrooms(chance, days + BEFORE.days, outlets)
    web = MonthWeb(rooms, plan(rooms, start, days))
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as place:
        web.write_sources(Path(place) / "sources")
        writer = open_writer(Path(place) / "news.db", None)
        try:
            with one_catalogue(load_catalogue(Path(place) / "sources")):
                month = asyncio.run(watch(web, writer, start, end, chance, judge, patience))
            end = min(end, max(polls[-1] for polls in month.polls.values()))
            failed = report(web, writer, month, start, end, seed)
        finally:
            writer.close()
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return failed


if __name__ == "__main__":
    raise SystemExit(main())

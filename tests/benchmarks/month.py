"""Prints how a month of forty outlets is watched: what is stored, how fresh, at what cost, and what is told.

    python tests/benchmarks/month.py [--seed N] [--days N] [--outlets N] [--judge N] [--minutes N]

The clock and the network are made up; ``rehearsal.py`` says what is not. Pages, feeds and sitemaps are bytes.
Outlets to which nothing happens are judged after every eighth of their polls (``--judge``), the others after
each.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import fmean

from labelled import table
from monthweb import Event, MonthWeb, base
from newsrooms import START, Newsroom, newsrooms
from rehearsal import Month, one_catalogue, watch

from crawler.sources import load_catalogue
from pipelines.database import Writer, open_writer
from pipelines.database.outlets.health import SILENCE_EXPECTED, SILENCE_LONGER
from pipelines.database.outlets.rhythm import learn_rhythm

BEFORE = timedelta(days=2)
#: So long the outlets have published when they are first asked.

WHAT = {
    "no authors": {"authors"},
    "cut stories": {"story length", "boilerplate", "confidence"},
    "script pages": {"no article"},
    "http 503": {"unreachable"},
    "refused": {"unreachable"},
    "silent": {"silent"},
}
#: What may be told of an event.


def plan(rooms: Sequence[Newsroom], start: datetime, days: int) -> list[Event]:
    """Three layout changes, two outages and a silence, from the second third of the month on."""
    regional = sorted(rooms[len(rooms) // 5 :], key=lambda room: -room.a_day)

    def at(share: float, hours: float) -> tuple[datetime, datetime]:
        begins = start + timedelta(days=days * share) + timedelta(hours=3)
        return begins, begins + timedelta(hours=hours)

    return [
        Event("no authors", rooms[0].slug, *at(0.34, 48)),
        Event("cut stories", regional[0].slug, *at(0.40, 96)),
        Event("script pages", regional[1].slug, *at(0.46, 48)),
        Event("http 503", rooms[1].slug, *at(0.37, 6)),
        Event("refused", regional[2].slug, *at(0.43, 20)),
        Event("silent", regional[3].slug, *at(0.50, 24 * 60)),
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
    refused = {url for (url,) in writer.db.execute("SELECT url FROM frontier WHERE state = 'refused'")}
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
                if url in refused and event is not None and event.kind == "script pages":
                    missed["no page had it"] += 1
                elif url not in waiting:
                    beyond = event is not None and web.is_out_of_reach(event, number, polls[-1])
                    missed["no list had it" if beyond else slug] += 1
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


def silence_shows(room: Newsroom, event: Event) -> datetime:
    """When a silence was longer than chance and habit let it be, for one who saw each story come out.

    The first run after that is the first that can tell it.
    """
    before = [moment for moment in room.moments if moment < event.begins]
    longest = max(later - earlier for earlier, later in pairwise(before))
    rhythm = learn_rhythm(before, before[-1])
    moment = before[-1] + SILENCE_LONGER * longest
    while rhythm.expected(before[-1], moment) < SILENCE_EXPECTED:
        moment += timedelta(minutes=1)
    return moment


def report_events(web: MonthWeb, writer: Writer, month: Month) -> tuple[int, int]:
    """Print what was told of which event; how many alerts were false, and events not told."""
    rows, false = [], list(month.told)
    untold = 0
    for event in web.events.values():
        if event.begins > max(month.polls[event.slug]):
            rows.append([event.kind, event.slug, "not reached", "", "", "", ""])
            continue
        ours = [
            told
            for told in month.told
            if told.slug == event.slug and told.what in WHAT[event.kind] and told.at >= event.begins
        ]
        false = [told for told in false if told not in ours]
        if not ours:
            untold += 1
            rows.append([event.kind, event.slug, "never", "", "", "", ""])
            continue
        first = min(ours, key=lambda told: told.at)
        shows = silence_shows(web.rooms[event.slug], event) if event.kind == "silent" else event.begins
        polls = [moment for moment in month.polls[event.slug] if shows <= moment <= first.at]
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
                str(len(ours)),
                f"{len(seen)} in {len(with_news)}",
            ]
        )
    header = ["event", "outlet", "told as", "after hours", "after runs", "times", "pages in runs"]
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
    seconds = f"{time.perf_counter() - begun:.0f} s, {time.process_time():.0f} s of processor"
    print(f"{seconds}; {getrusage(RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most", file=sys.stderr)
    return failed


if __name__ == "__main__":
    raise SystemExit(main())

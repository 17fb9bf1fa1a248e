"""Prints what the pace alone makes of a month of forty outlets: how fresh stories are for how many polls.

    python tests/benchmarks/pacing.py [--seeds N...] [--days N] [--outlets N]

`month.py` without the crawl: a poll takes no time and finds what the outlet's lists hold at that moment.
"""

from __future__ import annotations

import argparse
import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median

from labelled import table
from monthweb import SITEMAP
from newsrooms import START, Newsroom, newsrooms
from rehearsal import BOUNDS

from crawler.watching.pacing import next_poll
from pipelines.database.outlets import rhythm

BEFORE = timedelta(days=2)
#: So long the outlets have published when they are first asked.

Pace = Callable[[list[datetime], datetime, int], datetime]
#: From when an outlet's known stories came out, its last poll, and what its lists hold, to its next.


@dataclass(slots=True)
class Polled:
    """What a pace brought; ages and intervals in minutes."""

    polls: int
    ages: list[float]
    intervals: list[float]
    missed: int


def poll(rooms: Sequence[Newsroom], end: datetime, pace: Pace, chance: random.Random) -> Polled:
    done = Polled(0, [], [], 0)
    for room in rooms:
        holds = max(room.feed, SITEMAP if room.has_sitemap else 0)
        before = START + BEFORE
        moment = before + timedelta(minutes=chance.uniform(0, 10))
        known = bisect_right(room.moments, before)
        while moment < end:
            done.polls += 1
            out = bisect_right(room.moments, moment)
            done.missed += max(0, out - known - holds)
            found = room.moments[max(known, out - holds) : out]
            done.ages += [(moment - story).total_seconds() / 60 for story in found]
            done.intervals += [(moment - before).total_seconds() / 60] * len(found)
            first = bisect_left(room.moments, moment - timedelta(days=rhythm.DAYS))
            known, before = out, moment
            moment = pace(room.moments[max(first, 0) : out], moment, holds)
    return done


def compare(seed: int, days: int, outlets: int) -> list[list[str]]:
    """Rows of the learnt pace and of a fixed one."""
    chance = random.Random(seed)
    end = START + BEFORE + timedelta(days=days)
    rooms = newsrooms(chance, days + BEFORE.days, outlets)

    def pace(out: list[datetime], at: datetime, holds: int) -> datetime:
        return next_poll(out, at, BOUNDS, chance=chance.random(), holds=holds)

    learnt = poll(rooms, end, pace, chance)
    fixed = poll(rooms, end, lambda _, at, __: at + timedelta(minutes=10), chance)
    as_fresh = fixed.polls * median(fixed.ages) / median(learnt.ages)
    return [
        _row(f"{seed}, learnt", learnt, f"{1 - learnt.polls / fixed.polls:.0%}"),
        _row(f"{seed}, every 10 minutes", fixed, f"{1 - learnt.polls / as_fresh:.0%} at the same median"),
    ]


def _row(name: str, done: Polled, fewer: str) -> list[str]:
    late = sorted(done.ages)[int(0.95 * len(done.ages))]
    numbers = (median(done.ages), median(done.intervals), fmean(done.ages), late)
    shown = [f"{number:.1f}" for number in numbers]
    return [name, str(len(done.ages)), str(done.missed), *shown, str(done.polls), fewer]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 8, 9], metavar="N")
    parser.add_argument("--days", type=int, default=30, metavar="N")
    parser.add_argument("--outlets", type=int, default=40, metavar="N")
    options = parser.parse_args(arguments)
    rows = [row for seed in options.seeds for row in compare(seed, options.days, options.outlets)]
    header = ["seed, pace", "found", "missed", "median age", "interval", "mean", "95 %", "polls", "fewer"]
    print(table(header, rows))


if __name__ == "__main__":
    main()

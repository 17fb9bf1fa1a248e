"""Prints what larger amounts of news cost, reckoned from what was measured: the tables of docs/scaling.md.

    python tests/benchmarks/scaling.py [--read MS] [--crawl MS] [--write MS]

The inputs stand below with their sources; the options put figures of another machine in place of three.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from labelled import table

READ_MS = 15.1
#: CPU of a page, not compiled: speed.py, the labelled Indonesian pages (119 kB).

CRAWL_MS = 28.8
#: CPU of a page that is fetched, read and stored on one machine: crawl.py, pages of 80 kB.

WRITE_MS = 4.2
#: CPU of a page more for the way through Redis: packing 1.0 and writing 3.2, stream.py.

PAGE_BYTES = 119_000
WIRE_BYTES = 23_900
#: A page, and as it comes over the line (gzip): pages.py, the labelled Indonesian pages.

RECORD_BYTES = 8_800
#: In news.db, its fetch and index included: store.py, 20,000 articles.

KEPT_BYTES = 15_500
#: In the file of pages, packed with another one of its site: pages.py.

PARQUET_BYTES = 1_900
#: A record of a body of 3.9 kB in Parquet with zstd, nested fields included: store.py, 20,000 articles.

PER_STORY = 2.0
#: Requests a story: itself, and one share of a list or of a later visit.

POLLS, LISTS = 24 * 60 / 15, 4
#: Polls of an outlet a day, at fifteen minutes on average, and lists asked for in each; most answer 304.

LIST_MS = 11.9
#: CPU of a request for a list, taken for that of a page that is fetched and stored but not read: crawl.py.

ROUND_SECONDS, TOGETHER = 3.3, 8
#: CPU of a round of a crawler that brings nothing new, and outlets that share one.


@dataclass(slots=True, frozen=True)
class Load:
    """Some amount of news."""

    name: str
    outlets: int
    stories: int
    #: A day.


LOADS = (
    Load("97 outlets of the catalogue, 150 a day each (assumed)", 97, 97 * 150),
    Load("1,000 outlets, 150 a day each (assumed)", 1_000, 150_000),
    Load("world news of GDELT's size, 500,000 a day (assumed)", 20_000, 500_000),
)
CC_NEWS = 1_350_000_000
#: Articles from August 2016 to early 2026 (arXiv:2605.18337).


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def size(count: float) -> str:
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 1000:
            return f"{count:.1f} {unit}"
    return f"{count / 1000:.1f} TB"


def day(load: Load, crawl_ms: float, write_ms: float) -> list[str]:
    polls = load.outlets * POLLS
    requests = load.stories * PER_STORY + polls * LISTS
    reading = load.stories * (crawl_ms + write_ms) / 1000
    asking = polls * LISTS * LIST_MS / 1000 + polls / TOGETHER * ROUND_SECONDS
    return [
        load.name,
        number(load.stories),
        number(reading / 3600),
        number(asking / 3600),
        f"{(reading + asking) / 86_400:.2f}",
        number(requests),
        size(load.stories * WIRE_BYTES),
        size(load.stories * RECORD_BYTES),
        size(load.stories * KEPT_BYTES),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--read", type=float, default=READ_MS, metavar="MS")
    parser.add_argument("--crawl", type=float, default=CRAWL_MS, metavar="MS")
    parser.add_argument("--write", type=float, default=WRITE_MS, metavar="MS")
    options = parser.parse_args(arguments)
    print("\n## One core, one hour\n")
    rows = [
        ["read alone", f"{options.read:.1f}", number(3_600_000 / options.read)],
        ["fetched, read and stored, one machine", f"{options.crawl:.1f}", number(3_600_000 / options.crawl)],
        [
            "the same through Redis",
            f"{options.crawl + options.write:.1f}",
            number(3_600_000 / (options.crawl + options.write)),
        ],
    ]
    print(table(["", "CPU ms a page", "pages"], rows))
    print("\n## A day\n")
    columns = [
        "",
        "stories",
        "reading, core-hours",
        "asking",
        "cores",
        "requests",
        "over the line",
        "news.db",
        "pages kept",
    ]
    print(table(columns, [day(load, options.crawl, options.write) for load in LOADS]))
    print(f"\n## The whole of CC-NEWS: {CC_NEWS:,} articles\n")
    hours = CC_NEWS * options.read / 3_600_000
    rows = [
        ["read", f"{number(hours)} core-hours: {hours / 24 / 64:.1f} days of 64 cores"],
        ["read from its archive", f"{size(CC_NEWS * WIRE_BYTES)}, {size(CC_NEWS * PAGE_BYTES)} unpacked"],
        ["as Parquet", size(CC_NEWS * PARQUET_BYTES)],
        ["requests to outlets", "none"],
        ["as one SQLite file", f"{size(CC_NEWS * RECORD_BYTES)}: not sensible"],
    ]
    print(table(["", ""], rows))
    print("\n## One SQLite file\n")
    rows = [
        [
            number(count),
            size(count * RECORD_BYTES),
            size(count * KEPT_BYTES),
            f"{count / 14_550 / 365:.1f} years",
        ]
        for count in (1_000_000, 5_000_000, 10_000_000, 100_000_000)
    ]
    print(table(["articles", "news.db", "pages kept", "of 97 outlets at 150 a day"], rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

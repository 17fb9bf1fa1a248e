"""Times each page of the reading room over a large generated database; prints median and p95, and the median
of the processor's time, which other work on the machine changes less.

    python tests/benchmarks/reading_room.py --articles 100000 [--db FILE]

FILE is used as it is where it exists, and made where it does not. Requests go to the application within this
process, one after the other; each address is asked in another form every time where it has one.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from generated import build
from vocabulary import Vocabulary, vocabulary_of

from crawler.reading_room.app import open_room
from pipelines.database import open_database

Address = Callable[[random.Random], str]


def pages_of(known: Vocabulary) -> dict[str, Address]:
    """The pages by name, each with another address every time where it has one."""

    def article(chance: random.Random) -> int:
        return chance.randrange(1, known.articles)

    def until(chance: random.Random) -> str:
        return f"until={known.day(chance)}"

    def month(chance: random.Random) -> str:
        day = known.day(chance)
        return f"when=range&since={day}&until={day + timedelta(days=27)}"

    def outlet(chance: random.Random) -> str:
        return quote(chance.choice(known.outlets), safe="")

    def two(chance: random.Random) -> str:
        return f"{chance.choice(known.words[:10])}+{known.common(chance)}"

    return {
        "front page": lambda chance: "/",
        "rare word": lambda chance: f"/?q={known.rare(chance)}",
        "middling word": lambda chance: f"/?q={known.middling(chance)}",
        "common word": lambda chance: f"/?q={known.common(chance)}",
        "common word, newest": lambda chance: f"/?q={known.common(chance)}&sort=newest",
        "two common words": lambda chance: f"/?q={two(chance)}",
        "common word, outlet": lambda chance: f"/?q={known.common(chance)}&source={outlet(chance)}",
        "outlet and section": lambda chance: (
            f"/?source={outlet(chance)}&section={quote(chance.choice(known.sections))}"
        ),
        "a month, a word": lambda chance: f"/?q={known.middling(chance)}&{month(chance)}",
        "author": lambda chance: f"/?author={quote(chance.choice(known.authors))}",
        "place": lambda chance: f"/?place={quote(chance.choice(known.places))}",
        "article": lambda chance: f"/article/{article(chance)}",
        "versions": lambda chance: f"/article/{article(chance)}/versions",
        "stored page": lambda chance: f"/article/{article(chance)}/page",
        "feed": lambda chance: f"/search.atom?q={known.middling(chance)}",
        "outlets": lambda chance: f"/outlets?{until(chance)}",
        "outlets, a year": lambda chance: f"/outlets?days=365&{until(chance)}",
        "one outlet": lambda chance: f"/outlets/{outlet(chance)}?{until(chance)}",
        "stories": lambda chance: f"/stories?{until(chance)}",
        "stories, a year": lambda chance: f"/stories?days=365&{until(chance)}",
        "one story": lambda chance: f"/stories/{article(chance)}",
        "places": lambda chance: f"/places?{until(chance)}",
        "places, a year": lambda chance: f"/places?days=365&{until(chance)}",
        "one place": lambda chance: f"/places/{chance.randrange(1, 400)}?days=90&{until(chance)}",
        "authors": lambda chance: f"/authors?{until(chance)}",
        "authors, a year": lambda chance: f"/authors?days=365&{until(chance)}",
        "one author": lambda chance: f"/authors/{chance.randrange(1, 3_000)}?{until(chance)}",
        "runs": lambda chance: f"/runs?before={chance.randrange(100, 5_000)}",
        "one run": lambda chance: f"/runs/{chance.randrange(1, 5_000)}",
        "table of articles": lambda chance: "/{db}/articles",
        "row of a table": lambda chance: f"/{{db}}/articles/{article(chance)}",
        "database": lambda chance: "/{db}",
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--db", type=Path, help="a file to keep; made where it is missing")
    options.add_argument("--times", type=int, default=20, help="requests of each page")
    options.add_argument("--only", default="", help="pages with this in their name")
    given = options.parse_args()
    with TemporaryDirectory(prefix="warta-reading-room-") as folder:
        path = given.db or Path(folder) / "news.db"
        if not path.exists():
            print(f"making {given.articles:,} articles …", flush=True)
            build(path, given.articles)
        db = open_database(path, readonly=True)
        known = vocabulary_of(db)
        db.close()
        room = open_room(path, now=lambda: datetime.combine(known.last, datetime.min.time(), UTC))
        try:
            print(f"{known.articles:,} articles, {path.stat().st_size >> 20:,} MiB")
            print(f"{'page':24} {'median ms':>10} {'p95 ms':>8} {'worst ms':>9} {'CPU ms':>8}  bytes")
            asyncio.run(_measure(room, pages_of(known), given.times, given.only))
        finally:
            room.reading_room.close()


async def _measure(room: Any, pages: Mapping[str, Address], times: int, only: str) -> None:
    chance = random.Random(7)
    name = room.get_database().name
    await room.client.get("/")  # the first one opens the file
    for page, address in pages.items():
        if only not in page:
            continue
        taken, worked, size = [], [], 0
        for _ in range(times):
            path = address(chance).replace("{db}", name)
            begin, idle = time.perf_counter(), time.process_time()
            answer = await room.client.get(path)
            taken.append(1_000 * (time.perf_counter() - begin))
            worked.append(1_000 * (time.process_time() - idle))
            size = len(answer.content)
            if answer.status_code not in {200, 404}:
                print(f"  {path} answered {answer.status_code}")
        if answer.status_code == 404:
            continue
        taken.sort()
        p95 = taken[min(len(taken) - 1, round(0.95 * (len(taken) - 1)))]
        middle, work = statistics.median(taken), statistics.median(worked)
        print(f"{page:24} {middle:10.1f} {p95:8.1f} {taken[-1]:9.1f} {work:8.1f}  {size:,}", flush=True)


if __name__ == "__main__":
    main()

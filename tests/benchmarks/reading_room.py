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
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from generated import LAST, SECTIONS, build, word

from crawler.reading_room.app import open_room

Address = Callable[[random.Random], str]


def _article(chance: random.Random) -> int:
    return chance.randrange(1, _ARTICLES)


def _day(chance: random.Random, back: int = 1_500) -> str:
    day = LAST.date().toordinal() - chance.randrange(60, back)
    return type(LAST.date()).fromordinal(day).isoformat()


_ARTICLES = 1
#: How many the file has; known when it is open.

PAGES: dict[str, Address] = {
    "front page": lambda chance: "/",
    "rare word": lambda chance: f"/?q={word(chance.randrange(20_000, 60_000))}",
    "middling word": lambda chance: f"/?q={word(chance.randrange(200, 2_000))}",
    "common word": lambda chance: f"/?q={word(chance.randrange(10))}",
    "common word, newest": lambda chance: f"/?q={word(chance.randrange(10))}&sort=newest",
    "two common words": lambda chance: f"/?q={word(chance.randrange(5))}+{word(chance.randrange(5, 40))}",
    "common word, outlet": lambda chance: (
        f"/?q={word(chance.randrange(10))}&source=outlet{chance.randrange(40):02d}"
    ),
    "outlet and section": lambda chance: (
        f"/?source=outlet{chance.randrange(40):02d}&section={chance.choice(SECTIONS)}"
    ),
    "a month, a word": lambda chance: (
        f"/?q={word(chance.randrange(500))}&when=range&since={(day := _day(chance))}&until={day[:8]}28"
    ),
    "author": lambda chance: f"/?author={word(chance.randrange(3_000))}",
    "place": lambda chance: f"/?place={word(chance.randrange(800))}",
    "article": lambda chance: f"/article/{_article(chance)}",
    "versions": lambda chance: f"/article/{_article(chance)}/versions",
    "stored page": lambda chance: f"/article/{_article(chance)}/page",
    "feed": lambda chance: f"/search.atom?q={word(chance.randrange(500))}",
    "outlets": lambda chance: f"/outlets?until={_day(chance)}",
    "outlets, a year": lambda chance: f"/outlets?days=365&until={_day(chance)}",
    "one outlet": lambda chance: f"/outlets/outlet{chance.randrange(40):02d}?until={_day(chance)}",
    "stories": lambda chance: f"/stories?until={_day(chance)}",
    "stories, a year": lambda chance: f"/stories?days=365&until={_day(chance)}",
    "one story": lambda chance: f"/stories/{_article(chance)}",
    "places": lambda chance: f"/places?until={_day(chance)}",
    "places, a year": lambda chance: f"/places?days=365&until={_day(chance)}",
    "one place": lambda chance: f"/places/{chance.randrange(1, 400)}?days=90&until={_day(chance)}",
    "authors": lambda chance: f"/authors?until={_day(chance)}",
    "authors, a year": lambda chance: f"/authors?days=365&until={_day(chance)}",
    "one author": lambda chance: f"/authors/{chance.randrange(1, 3_000)}?until={_day(chance)}",
    "runs": lambda chance: f"/runs?before={chance.randrange(100, 5_000)}",
    "one run": lambda chance: f"/runs/{chance.randrange(1, 5_000)}",
    "table of articles": lambda chance: "/{db}/articles",
    "row of a table": lambda chance: f"/{{db}}/articles/{_article(chance)}",
    "database": lambda chance: "/{db}",
}


def main() -> None:
    global _ARTICLES  # noqa: PLW0603
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
        room = open_room(path, now=lambda: LAST)
        try:
            _ARTICLES = asyncio.run(room.reading_room.ask(_last_id))
            print(f"{_ARTICLES:,} articles, {path.stat().st_size >> 20:,} MiB")
            print(f"{'page':24} {'median ms':>10} {'p95 ms':>8} {'worst ms':>9} {'CPU ms':>8}  bytes")
            asyncio.run(_measure(room, given.times, given.only))
        finally:
            room.reading_room.close()


def _last_id(db: Any) -> int:
    return int(db.conn.execute("SELECT max(id) FROM articles").fetchone()[0])


async def _measure(room: Any, times: int, only: str) -> None:
    chance = random.Random(7)
    name = room.get_database().name
    await room.client.get("/")  # the first one opens the file
    for page, address in PAGES.items():
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

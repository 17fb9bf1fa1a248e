"""Prints how long searches and look-ups take on a database of generated articles.

    python tests/benchmarks/search.py [--articles N] [--words N] [--db FILE] [--rounds N]

Each kind of question is asked with other words each round, so that no page is answered from the one before;
the first round warms the cache and is not counted. Milliseconds of wall time, and of this process's CPU time,
which says more where the machine does other things too.
A database that is there is used again: building one of a million takes half an hour and 8 GB.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from generated import PLACES, SECTIONS, build, word
from labelled import table
from sqlite_utils import Database

from pipelines.database import open_database
from pipelines.database.asking.queries import get_article, search

Ask = Callable[[], object]

#: Ranks of the vocabulary.
KINDS = {"rare": (20_000, 60_000), "middling": (800, 1_600), "common": (15, 40)}

FILTERS: dict[str, Callable[[random.Random], dict[str, str]]] = {
    "": lambda chance: {},
    "+ 30 days": lambda chance: period(chance, 30),
    "+ outlet": lambda chance: {"source": f"outlet{chance.randrange(100):02d}"},
    "+ outlet, 30 days": lambda chance: period(chance, 30) | {"source": f"outlet{chance.randrange(20):02d}"},
    "+ place": lambda chance: {"place": word(chance.randrange(PLACES))},
    "+ section, language": lambda chance: {"section": chance.choice(SECTIONS), "language": "en"},
}


def period(chance: random.Random, days: int) -> dict[str, str]:
    month = chance.randrange(1, 12)
    year = chance.choice(["2023", "2024", "2025"])
    return {"since": f"{year}-{month:02d}-01", "until": f"{year}-{month:02d}-{min(days, 30) - 2}"}


def questions(db: Database, chance: random.Random) -> Iterator[tuple[str, Ask]]:
    def ask(words: str, **how: Any) -> Ask:
        return lambda: search(db, words, **how)

    for kind, (low, high) in KINDS.items():
        for order in ("best", "newest"):
            for name, filters in FILTERS.items():
                words = word(chance.randrange(low, high))
                yield f"{kind} word, {order} {name}", ask(words, order=order, **filters(chance))
    for order in ("best", "newest"):
        common = [word(chance.randrange(15, 40)) for _ in range(2)]
        yield f"two common words, {order}", ask(" ".join(common), order=order)
        yield (
            f"common and rare word, {order}",
            ask(f"{common[0]} {word(chance.randrange(9_000))}", order=order),
        )
        yield (
            f"phrase, {order}",
            ask(f'"{word(chance.randrange(300))} {word(chance.randrange(300))}"', order=order),
        )
        yield f"phrase of common words, {order}", ask(f'"{" ".join(common)}"', order=order)
        yield f"prefix, {order}", ask(word(chance.randrange(3_000, 60_000))[:-1] + "*", order=order)
        yield f"common word, exact, {order}", ask(common[0], order=order, exact=True)
        yield f"common -common, {order}", ask(f"{common[0]} -{common[1]}", order=order)
    yield "no words, newest", ask("")
    yield "no words + language", ask("", language="en")
    yield "no words + author", ask("", author=word(chance.randrange(2_000)))

    def second_page() -> object:
        return search(db, page.words, order="newest", after=page.after)

    page = _Page(db, word(chance.randrange(15, 40)))
    yield "common word, page 2", second_page


class _Page:
    """A first page whose end the next question starts from."""

    def __init__(self, db: Database, words: str) -> None:
        self.words = words
        self.after = search(db, words, order="newest").after


def look_ups(db: Database, chance: random.Random, articles: int) -> Iterator[tuple[str, Ask]]:
    number = chance.randrange(1, articles + 1)
    (url,) = db.conn.execute("SELECT url FROM articles WHERE id = ?", (number,)).fetchone()
    day = period(chance, 30)["since"]
    outlet = f"outlet{chance.randrange(100):02d}"
    yield "article by id", lambda: get_article(db, number)
    yield "article by URL", lambda: get_article(db, url)
    yield (
        "outlet and day",
        lambda: db.conn.execute(
            """
            SELECT id, headline FROM articles
            WHERE source = ? AND published_utc >= ? AND published_utc < ? || 'T24' ORDER BY published_utc DESC
            LIMIT 20
            """,
            (outlet, day, day),
        ).fetchall(),
    )


def measure(db: Database, articles: int, rounds: int) -> list[list[str]]:
    """Rows of the table: what was asked, p50 and p95 of wall and CPU ms, how many answers were bounded."""
    times: dict[str, list[float]] = {}
    cpu: dict[str, list[float]] = {}
    bounded: dict[str, int] = {}
    for round_ in range(rounds + 1):
        chance = random.Random(round_)
        for name, ask in (*questions(db, chance), *look_ups(db, chance, articles)):
            begin, worked = time.perf_counter(), time.process_time()
            answer = ask()
            if round_:
                times.setdefault(name, []).append(1000 * (time.perf_counter() - begin))
                cpu.setdefault(name, []).append(1000 * (time.process_time() - worked))
                bounded[name] = bounded.get(name, 0) + bool(getattr(answer, "bound", None))
        print(f"round {round_} of {rounds}", file=sys.stderr, end="\r")
    return [
        [
            name,
            f"{median(found):.2f}",
            f"{percentile(found, 0.95):.2f}",
            *(f"{percentile(cpu[name], share):.2f}" for share in (0.5, 0.95)),
            str(bounded[name] or ""),
        ]
        for name, found in times.items()
    ]


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--words", type=int, default=365, help="words of a story, at the median")
    parser.add_argument("--db", type=Path, default=Path("benchmark.db"))
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    if not options.db.exists():
        begin = time.perf_counter()
        build(options.db, options.articles, words=options.words)
        seconds = time.perf_counter() - begin
        print(f"built {options.articles:,} articles in {seconds:.0f} s")
    db = open_database(options.db, readonly=True)
    (articles,) = db.conn.execute("SELECT max(id) FROM articles").fetchone()
    print(f"{articles:,} articles, {options.db.stat().st_size / articles / 1000:.2f} kB each")
    print(
        table(
            ["question", "p50 ms", "p95 ms", "CPU p50", "CPU p95", "bounded"],
            measure(db, articles, options.rounds),
        )
    )


if __name__ == "__main__":
    main()

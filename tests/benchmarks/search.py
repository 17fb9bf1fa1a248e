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
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from generated import build
from labelled import table
from sqlite_utils import Database
from vocabulary import Vocabulary, vocabulary_of

from pipelines.database import open_database
from pipelines.database.asking.queries import get_article, search

Ask = Callable[[], object]

Filters = Callable[[random.Random], dict[str, str]]


def filters_of(known: Vocabulary) -> dict[str, Filters]:
    """Sets of filters by name, each with other values every time."""

    def days(chance: random.Random) -> dict[str, str]:
        day = known.day(chance)
        return {"since": day.isoformat(), "until": (day + timedelta(days=29)).isoformat()}

    def outlet(chance: random.Random) -> dict[str, str]:
        return {"source": chance.choice(known.outlets)}

    return {
        "": lambda chance: {},
        "+ 30 days": days,
        "+ outlet": outlet,
        "+ outlet, 30 days": lambda chance: days(chance) | outlet(chance),
        "+ place": lambda chance: {"place": chance.choice(known.places)},
        "+ section, language": lambda chance: {
            "section": chance.choice(known.sections),
            "language": known.languages[-1],
        },
    }


def questions(db: Database, known: Vocabulary, chance: random.Random) -> Iterator[tuple[str, Ask]]:
    def ask(words: str, **how: Any) -> Ask:
        return lambda: search(db, words, **how)

    kinds = {"rare": known.rare, "middling": known.middling, "common": known.common}
    for kind, draw in kinds.items():
        for order in ("best", "newest"):
            for name, filters in filters_of(known).items():
                yield f"{kind} word, {order} {name}", ask(draw(chance), order=order, **filters(chance))
    for order in ("best", "newest"):
        common = [known.common(chance) for _ in range(2)]
        two = " ".join(known.words[place] for place in chance.sample(range(5), 2))
        yield f"two common words, {order}", ask(" ".join(common), order=order)
        yield f"common and rare word, {order}", ask(f"{common[0]} {known.rare(chance)}", order=order)
        yield f"phrase of common words, {order}", ask(f'"{" ".join(common)}"', order=order)
        yield f"phrase of the commonest words, {order}", ask(f'"{two}"', order=order)
        yield f"prefix, {order}", ask(f"{longest(known, chance)[:-1]}*", order=order)
        yield f"common word, exact, {order}", ask(common[0], order=order, exact=True)
        yield f"common -common, {order}", ask(f"{common[0]} -{common[1]}", order=order)
    yield "no words, newest", ask("")
    yield "no words + language", ask("", language=known.languages[-1])
    yield "no words + author", ask("", author=chance.choice(known.authors))

    def second_page() -> object:
        return search(db, page.words, order="newest", after=page.after)

    page = _Page(db, known.common(chance))
    yield "common word, page 2", second_page


def longest(known: Vocabulary, chance: random.Random) -> str:
    """A long word of a few: what begins as a short one does is refused as too many."""
    return max((known.middling(chance) for _ in range(5)), key=len)


class _Page:
    """A first page whose end the next question starts from."""

    def __init__(self, db: Database, words: str) -> None:
        self.words = words
        self.after = search(db, words, order="newest").after


def look_ups(db: Database, known: Vocabulary, chance: random.Random) -> Iterator[tuple[str, Ask]]:
    number = chance.randrange(1, known.articles + 1)
    (url,) = db.conn.execute("SELECT url FROM articles WHERE id = ?", (number,)).fetchone()
    day, outlet = known.day(chance).isoformat(), chance.choice(known.outlets)
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


def measure(db: Database, known: Vocabulary, rounds: int) -> list[list[str]]:
    """Rows of the table: what was asked, p50 and p95 of wall and CPU ms, how many answers were bounded."""
    times: dict[str, list[float]] = {}
    cpu: dict[str, list[float]] = {}
    bounded: dict[str, int] = {}
    for round_ in range(rounds + 1):
        chance = random.Random(round_)
        for name, ask in (*questions(db, known, chance), *look_ups(db, known, chance)):
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
    known = vocabulary_of(db)
    print(f"{known.articles:,} articles, {options.db.stat().st_size / known.articles / 1000:.2f} kB each")
    print(
        table(
            ["question", "p50 ms", "p95 ms", "CPU p50", "CPU p95", "bounded"],
            measure(db, known, options.rounds),
        )
    )


if __name__ == "__main__":
    main()

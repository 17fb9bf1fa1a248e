"""Prints how fast articles are written, found and compared in a large file, and how much room one takes.

    python tests/benchmarks/store.py [--articles N] [--batch N] [--seed N] [--keep FILE]

The articles are made up: words by Zipf's law, lengths as news has them, 15 of 100 a copy of an earlier one,
as it is or with words changed, paragraphs cut or paragraphs added. The file lies in a temporary directory.
Making the articles is not part of any figure. The machine should do nothing else meanwhile.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from labelled import table

from crawler.items import Article, Boilerplate, Candidate, Dateline, Fetch, Image, Link, Visit
from pipelines.database import Writer, open_database
from pipelines.database.asking.queries import articles as stored_articles
from pipelines.database.asking.queries import get_article
from pipelines.database.copies.near import candidates, find_matches
from pipelines.database.copies.passages import copy_keys
from pipelines.database.fingerprints import words_of
from pipelines.parquet import write_parquet

VOCABULARY = 100_000
DRAWN = 1 << 21
#: Words that a text's are drawn from: the rarest of the vocabulary stands there twice.

OUTLETS = 100
COPIES = 0.15
SYLLABLES = (
    "ba ca da ga ja ka la ma na pa ra sa ta wa ya be de ke le me ne pe re se te bi di ki li mi ni "
    "bang kan lah mun pas rim tek wis"
).split()
FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
A_DAY = 1_000
#: Articles that are published on one day, all outlets together.
BATCH = 2_000


class Newsroom:
    """Articles that nobody wrote, the same ones for the same seed."""

    def __init__(self, seed: int, *, copies: float = COPIES) -> None:
        self.random = random.Random(seed)
        self._copies = copies
        words = dict.fromkeys(self._word() for _ in range(VOCABULARY * 2))
        # Frequent words are somewhat shorter: seven letters and a space on average in a text.
        ranked = sorted(words, key=lambda word: len(word) + self.random.randint(0, 9))[:VOCABULARY]
        self._words = _by_frequency(ranked)
        self._authors = [f"{self._word().title()} {self._word().title()}" for _ in range(3_000)]
        self._places = [self._word().upper() for _ in range(400)]
        self._earlier: list[list[str]] = []

    def articles(self) -> Iterator[Article]:
        """Endless, in order of publication."""
        number = 0
        while True:
            number += 1
            yield self._article(number)

    def _word(self) -> str:
        return "".join(self.random.choices(SYLLABLES, k=self.random.choice((2, 3, 3, 4, 4, 5))))

    def _some(self, amount: int) -> list[str]:
        drawn = memoryview(self.random.randbytes(4 * amount)).cast("I")
        return [self._words[number % DRAWN] for number in drawn]

    def _paragraph(self) -> str:
        return " ".join(self._some(self.random.randint(20, 60))).capitalize() + "."

    def _body(self) -> list[str]:
        if self._earlier and self.random.random() < self._copies:
            return self._copy(self.random.choice(self._earlier))
        body = [self._paragraph() for _ in range(max(2, round(self.random.lognormvariate(2.55, 0.5))))]
        self._earlier.append(body)
        if len(self._earlier) > 5_000:  # copies follow their story within days
            self._earlier.pop(0)
        return body

    def _copy(self, body: list[str]) -> list[str]:
        match self.random.randrange(4):
            case 0:
                return body
            case 1:
                return [self._reworded(paragraph, 0.03) for paragraph in body]
            case 2:
                return body[: max(2, len(body) * 2 // 3)]
        return [*body, self._paragraph(), self._paragraph()]

    def _reworded(self, paragraph: str, share: float) -> str:
        words = paragraph.split()
        return " ".join(self._some(1)[0] if self.random.random() < share else word for word in words)

    def _article(self, number: int) -> Article:
        outlet = f"outlet{self.random.randrange(OUTLETS)}"
        moment = FIRST_DAY + timedelta(days=number / A_DAY)
        slug = "-".join(self._some(6))
        url = f"https://www.{outlet}.example/berita/{moment:%Y/%m/%d}/{number}/{slug}"
        place = self.random.choice(self._places)
        return Article(
            url=url,
            canonical_url=url,
            source=outlet,
            headline=" ".join(self._some(9)).capitalize(),
            byline="Penulis",
            authors=[self.random.choice(self._authors)],
            editors=[self.random.choice(self._authors)],
            dateline=Dateline(f"{place}, {outlet} -", place, outlet, None),
            published=moment.isoformat(timespec="seconds"),
            published_raw=f"{moment:%d/%m/%Y %H:%M}",
            published_from="visible",
            section=self.random.choice(("nasional", "daerah", "ekonomi", "olahraga")),
            language="id",
            tags=self._some(4),
            body="\n\n".join(self._body()),
            related=[Link(" ".join(self._some(7)), f"https://www.{outlet}.example/berita/{number - 1}")],
            boilerplate=[
                Boilerplate("comment_prompt", "Tulis komentar"),
                Boilerplate("credit", f"Editor: {self.random.choice(self._authors)}"),
            ],
            images=[Image(f"https://foto.{outlet}.example/{number}.jpg", " ".join(self._some(8)))],
            confidence=0.95,
            evidence={"headline": "h1, og:title", "published": "visible"},
            extractor="warta 0.1.0",
        )


def _by_frequency(ranked: list[str]) -> tuple[str, ...]:
    """Words so that one drawn at random follows Zipf's law: each as often as its rank says."""
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(ranked))))
    step, words, rank = weights[-1] / DRAWN, [], 0
    for number in range(DRAWN):
        while weights[rank] < (number + 0.5) * step:
            rank += 1
        words.append(ranked[rank])
    return tuple(words)


def visit_of(article: Article) -> Visit:
    fetch = Fetch(
        *(article.url, article.url, f"{(article.published or '')[:19]}Z", 200, "text/html; charset=UTF-8"),
        *('"5f-1a2b"', None, 81_234, f"{hash(article.url) & (1 << 64) - 1:064x}"),
    )
    return Visit(article, fetch, Candidate(article.url, article.source))


@dataclass(slots=True, frozen=True)
class Part:
    """Articles that were stored one after another, and the seconds it took."""

    articles: int
    wall: float
    cpu: float


def build(path: Path, newsroom: Newsroom, amount: int, batch: int) -> list[Part]:
    """Store *amount* articles, in at most a hundred parts."""
    made = newsroom.articles()
    gc.freeze()  # or the collector goes through the newsroom's vocabulary time and again
    parts: list[Part] = []
    step = max(batch, amount // 100)
    with Writer(open_database(path, create=True), batch_size=batch, batch_seconds=60) as writer:
        run = writer.start_run("bench", [])
        for begin in range(0, amount, step):
            part = min(step, amount - begin)
            visits = [visit_of(article) for article in islice(made, part)]
            begun, used = time.perf_counter(), time.process_time()
            for _ in writer.store_all(visits, run):
                pass
            wall, cpu = time.perf_counter() - begun, time.process_time() - used
            parts.append(Part(part, wall, cpu))
            tell(f"{begin + part:,} articles, {part / wall:,.0f} a second, {part / cpu:,.0f} a second of CPU")
    writer.db.close()
    return parts


def rates(parts: list[Part]) -> tuple[float, float]:
    """Articles per second, and per second of this process's own time."""
    articles = sum(part.articles for part in parts)
    return articles / sum(part.wall for part in parts), articles / sum(part.cpu for part in parts)


def tell(progress: str) -> None:
    begin, end = ("\r", "\033[K") if sys.stderr.isatty() else ("", "\n")
    print(f"{begin}{progress}", end=end, file=sys.stderr, flush=True)


def latencies(ask: Callable[[], object], times: int) -> tuple[float, float]:
    """Median and 95th percentile, ms."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return taken[len(taken) // 2], taken[len(taken) * 95 // 100]


def ask_all(path: Path, seed: int) -> list[list[str]]:
    """Rows of a table: question, p50 and p95 in ms."""
    db = open_database(path, readonly=True)
    chance = random.Random(seed)
    amount = db.execute("SELECT max(id) FROM articles").fetchone()[0]

    def any_row() -> tuple[str, str, str]:
        query = "SELECT url, source, published_utc FROM articles WHERE id = ?"
        url, source, published = db.execute(query, (chance.randint(1, amount),)).fetchone()
        return url, source, published[:10]

    rows = [any_row() for _ in range(500)]
    days = iter(rows * 2)
    urls = iter(rows * 2)

    def by_day() -> object:
        _, source, day = next(days)
        return list(islice(stored_articles(db, source=source, since=day, until=day), 20))

    questions: dict[str, Callable[[], object]] = {
        "by id": lambda: get_article(db, chance.randint(1, amount)),
        "by URL": lambda: get_article(db, next(urls)[0]),
        "an outlet's day": by_day,
    }
    table_rows = []
    for name, ask in questions.items():
        latencies(ask, 200)
        median, slow = latencies(ask, 500)
        table_rows.append([name, f"{median:.2f}", f"{slow:.2f}"])
    db.close()
    return table_rows


def check_copies(path: Path, newsroom: Newsroom, seconds: float) -> list[list[str]]:
    """Rows of a table: what is done, how often a second, per second of this process's own time.

    The texts are new ones, 15 of 100 a near copy of a stored one. The words of a text are known by then.
    """
    db = open_database(path, readonly=True)
    texts = [words_of(article.body) for article in islice(newsroom.articles(), 2_000)]
    keys = [copy_keys(text) for text in texts]
    steps: dict[str, Callable[[int], object]] = {
        "keys of a text": lambda n: copy_keys(texts[n]),
        "look-up by keys": lambda n: candidates(db, keys[n]),
        "full check": lambda n: find_matches(db, texts[n]),
    }
    rows = []
    for name, step in steps.items():
        for n in range(len(texts)):
            step(n)
        done, begun, used = 0, time.perf_counter(), time.process_time()
        while time.perf_counter() - begun < seconds:
            step(done % len(texts))
            done += 1
        wall, cpu = time.perf_counter() - begun, time.process_time() - used
        rows.append([name, f"{done / wall:,.0f}", f"{done / cpu:,.0f}"])
    db.close()
    return rows


def export(path: Path) -> list[list[str]]:
    """Rows of a table: all articles as Parquet."""
    db = open_database(path, readonly=True)
    amount = db.execute("SELECT count(*), avg(length(body)) FROM articles").fetchone()
    with TemporaryDirectory(prefix="warta-bench-") as directory:
        target = Path(directory, "news.parquet")
        used = time.process_time()
        with target.open("wb") as out:
            write_parquet(stored_articles(db), out)
        used = time.process_time() - used
        size = target.stat().st_size
    db.close()
    return [[f"{amount[1]:,.0f}", f"{size / amount[0]:,.0f}", f"{amount[0] / used:,.0f}"]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=1_000_000, metavar="N", help="default: %(default)s")
    parser.add_argument(
        "--batch", type=int, default=BATCH, metavar="N", help="articles (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="build this file and leave it there")
    args = parser.parse_args()
    with TemporaryDirectory(prefix="warta-bench-") as directory:
        path = args.keep or Path(directory, "news.db")
        newsroom = Newsroom(args.seed)
        parts = build(path, newsroom, args.articles, args.batch)
        tenth = max(1, len(parts) // 10)
        spans = {"all": parts, "the first tenth": parts[:tenth], "the last tenth": parts[-tenth:]}
        rows = [[name, *(f"{rate:,.0f}" for rate in rates(span))] for name, span in spans.items()]
        size = path.stat().st_size
        print(f"{args.articles:,} articles, {size:,} bytes, {size / args.articles:,.0f} bytes an article\n")
        print(table(["stored", "a second", "a second of CPU"], rows), "\n")
        print(table(["copies", "a second", "a second of CPU"], check_copies(path, newsroom, 3.0)), "\n")
        print(table(["question", "p50 ms", "p95 ms"], ask_all(path, args.seed)), "\n")
        print(table(["characters of a body", "bytes in Parquet", "a second of CPU"], export(path)))


if __name__ == "__main__":
    main()

"""What a database can be asked about: its words by how common they are, its names, its days."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from operator import neg

from sqlite_utils import Database

SAMPLE = 3_000
#: Articles whose words and names are counted.


@dataclass(slots=True, frozen=True)
class Vocabulary:
    """Words and names of a sample of a file's articles, the most common first."""

    articles: int
    #: The highest number of an article.

    words: list[str]
    shares: list[float]
    #: Of the articles that have the word at the same place, 0 to 1.

    places: list[str]
    sections: list[str]
    languages: list[str]
    outlets: list[str]
    authors: list[str]
    first: date
    last: date
    #: Days on which articles were published.

    def common(self, chance: random.Random) -> str:
        """A word that 20 to 50 of 100 articles have."""
        return chance.choice(self._within(0.2, 0.5))

    def middling(self, chance: random.Random) -> str:
        """A word that 1 to 3 of 100 articles have."""
        return chance.choice(self._within(0.01, 0.03))

    def rare(self, chance: random.Random) -> str:
        """A word that fewer than one article in a thousand has."""
        return chance.choice(self._within(0.0, 0.001))

    def _within(self, least: float, most: float) -> list[str]:
        return self.words[
            bisect_left(self.shares, -most, key=neg) : bisect_right(self.shares, -least, key=neg)
        ]

    def day(self, chance: random.Random) -> date:
        """A day at least a month before the last one, or the first where there are fewer."""
        span = (self.last - self.first).days - 30
        return self.first + timedelta(days=chance.randrange(max(1, span)))


def vocabulary_of(db: Database, seed: int = 1) -> Vocabulary:
    """Read a sample of the articles."""
    chance = random.Random(seed)
    (articles,) = db.conn.execute("SELECT max(id) FROM articles").fetchone()
    counts = {name: Counter[str]() for name in ("words", "places", "sections", "languages", "outlets")}
    authors: Counter[str] = Counter()
    days: list[str] = []
    read = 0
    for number in sorted(chance.sample(range(1, articles + 1), min(SAMPLE, articles))):
        row = db.conn.execute(
            """
            SELECT body, dateline_place, section, language, source, published_utc FROM articles WHERE id = ?
            """,
            (number,),
        ).fetchone()
        if row is None:
            continue
        read += 1
        counts["words"].update({word for word in row[0].lower().split() if word.isalpha()})
        for name, value in zip(("places", "sections", "languages", "outlets"), row[1:5], strict=True):
            counts[name].update([value] if value else [])
        days += [row[5]] if row[5] else []
        authors.update(
            name
            for (name,) in db.conn.execute(
                "SELECT name FROM article_authors JOIN authors ON id = author_id WHERE article_id = ?",
                (number,),
            )
        )
    ranked = {name: [value for value, _ in found.most_common()] for name, found in counts.items()}
    return Vocabulary(
        articles,
        **ranked,
        shares=[counts["words"][word] / read for word in ranked["words"]],
        authors=[name for name, _ in authors.most_common()],
        first=date.fromisoformat(min(days)[:10]),
        last=date.fromisoformat(max(days)[:10]),
    )

"""A database of generated articles for benchmarks: the same one for the same numbers.

Words follow Zipf's law, lengths and outlets are spread as news is, 15 % are copies. It is filled in bulk
through the tables, not through the writer: what is measured on it is asking, not writing.
"""

from __future__ import annotations

import json
import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from math import log
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from pipelines.database import open_database

STREAM = 3_000_000
#: Words of the text that all stories are cut from; every rank of the vocabulary keeps its share in them.

VOCABULARY = 200_000
OUTLETS = 100
AUTHORS = 3_000
PLACES = 800
SECTIONS = ("Nasional", "Daerah", "Ekonomi", "Olahraga", "Dunia", "Hiburan", "Teknologi", "Opini")
YEARS = 5
LAST = datetime(2026, 6, 30, tzinfo=UTC)
COPIES = 0.15
BATCH = 5_000

Rows = dict[str, list[tuple[Any, ...]]]


def word(rank: int) -> str:
    """A word that can be spoken, one for each rank: ``kata 0`` is the most common."""
    syllables = [
        "ba",
        "ce",
        "di",
        "fu",
        "go",
        "ha",
        "je",
        "ki",
        "lu",
        "mo",
        "na",
        "pe",
        "ri",
        "su",
        "to",
        "wa",
    ]
    made = ""
    rank += 16 * 16
    while rank:
        rank, digit = divmod(rank, 16)
        made += syllables[digit]
    return made


def build(path: Path, articles: int, *, words: int = 365, seed: int = 1) -> None:
    """Make the database at *path* with so many articles; half of the stories have more than *words*."""
    db = open_database(path, create=True)
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA synchronous = OFF")
    db.execute("DROP TRIGGER articles_fts_insert")
    db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('hashsize', 67108864)")
    db.conn.commit()
    db.conn.executemany(
        "INSERT INTO authors VALUES (?, ?)", [(n + 1, f"Nama {word(n)}") for n in range(AUTHORS)]
    )
    for rows in _batches(articles, words, random.Random(seed)):
        for statement, values in rows.items():
            db.conn.executemany(statement, values)
        db.conn.commit()
    db.execute(
        """
        CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
            INSERT INTO articles_fts (rowid, headline, deck, body)
            VALUES (new.id, new.headline, new.deck, new.body);
        END
        """
    )
    add_names(db)
    add_clusters(db)
    add_runs(db)
    db.execute("PRAGMA journal_mode = WAL")
    db.close()


def add_names(db: Database) -> None:
    """Places and outlets as rows of their own."""
    db.executescript(
        """
        INSERT OR IGNORE INTO places (name, folded)
        SELECT DISTINCT dateline_place, lower(dateline_place) FROM articles WHERE dateline_place IS NOT NULL;
        INSERT OR IGNORE INTO outlets (slug, site, first_seen)
        SELECT source, min(site), min(first_seen) FROM articles GROUP BY source;
        """
    )


def add_clusters(db: Database) -> None:
    """A cluster of each text that several articles have."""
    db.executescript(
        """
        INSERT INTO clusters
        SELECT copy_of, count(*) + 1, copy_of, copy_of, '{"because":"earliest"}' FROM articles
        WHERE copy_of IS NOT NULL GROUP BY copy_of;
        INSERT INTO cluster_members
        SELECT a.id, clusters.id, a.published_utc, CASE WHEN a.id != clusters.id THEN 'exact' END, 1, 1
        FROM clusters JOIN articles AS a ON a.copy_of = clusters.id OR a.id = clusters.id;
        """
    )


def add_runs(db: Database, runs: int = 5_000) -> None:
    """Crawls of all outlets, an hour apart, up to the last moment."""
    slugs = [slug for (slug,) in db.execute("SELECT slug FROM outlets ORDER BY slug")]
    for number in range(1, runs + 1):
        began = LAST - timedelta(hours=runs - number)
        ended = began + timedelta(minutes=7)
        moments = [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (began, ended)]
        db.conn.execute(
            "INSERT INTO runs VALUES (?, 'crawl', ?, '{}', ?, ?, 'finished', '{}')",
            (number, json.dumps(slugs), *moments),
        )
        counts = [("found", "", 9), ("fetched", "", 5), ("stored", "", 4), ("refused", "robots.txt", 1)]
        db.conn.executemany(
            "INSERT INTO run_sources VALUES (?, ?, ?, ?, ?)",
            [(number, slug, *count) for slug in slugs for count in counts],
        )
    db.conn.commit()


_ARTICLE = """
INSERT INTO articles (
    id, source, site, url, canonical_url, published_utc, copy_of, text_hash, words, record_hash, first_seen,
    last_seen, headline, dateline_place, published, section, language, pages, complete, confidence,
    extractor, tags, images, policy, evidence, warnings, body
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, x'00', ?, ?, ?, ?, ?, ?, ?, 1, 1, 0.9,
    'generated', '[]', '[]', '{}', '{}', '[]', ?)
"""
_INDEX = "INSERT INTO articles_fts (rowid, headline, deck, body) VALUES (?, ?, NULL, ?)"
_ALIAS = "INSERT INTO aliases VALUES (?, ?, 'address')"
_AUTHOR = "INSERT INTO article_authors VALUES (?, 'author', 0, ?)"


def _batches(articles: int, words: int, chance: random.Random) -> Iterator[Rows]:
    stream = chance.choices(
        [word(rank) for rank in range(VOCABULARY)],
        cum_weights=list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY))),
        k=STREAM,
    )
    outlets = list(accumulate(1 / (n + 2) for n in range(OUTLETS)))
    step = timedelta(days=365 * YEARS) / articles
    recent: list[tuple[int, str, str]] = []
    rows: Rows = {statement: [] for statement in (_ARTICLE, _INDEX, _ALIAS, _AUTHOR)}
    for number in range(1, articles + 1):
        outlet = bisect(outlets, chance.random() * outlets[-1])
        # Most are found within hours; some are met late, as in an archive.
        late = timedelta(hours=chance.expovariate(1 / 5)) if chance.random() < 0.97 else timedelta(days=200)
        published = LAST - step * (articles - number) - late
        if recent and chance.random() < COPIES:
            original, headline, body = chance.choice(recent)
            copy_of: int | None = original
        else:
            copy_of = None
            length = min(2_000, max(60, int(chance.lognormvariate(log(words), 0.6))))
            begin = chance.randrange(STREAM - length - 12)
            headline = " ".join(stream[begin : begin + 9]).capitalize()
            body = _paragraphs(stream[begin + 9 : begin + 9 + length]) + f" Nomor n{number:07d}."
            recent = [*recent[-200:], (number, headline, body)]
        _add(rows, number, outlet, published, copy_of, headline, body, chance)
        if number % BATCH == 0 or number == articles:
            yield rows
            rows = {statement: [] for statement in rows}


def _add(
    rows: Rows,
    number: int,
    outlet: int,
    published: datetime,
    copy_of: int | None,
    headline: str,
    body: str,
    chance: random.Random,
) -> None:
    slug = f"outlet{outlet:02d}"
    url = f"https://www.{slug}.example/berita/{number}/{headline[:30].replace(' ', '-').lower()}"
    utc = published.strftime("%Y-%m-%dT%H:%M:%SZ")
    local = (published + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M:%S+07:00")
    place = f"KOTA {word(int(PLACES * chance.random() ** 3)).upper()}" if chance.random() < 0.7 else None
    section = SECTIONS[int(len(SECTIONS) * chance.random() ** 2)]
    language = "id" if chance.random() < 0.92 else "en"
    hash_of = (copy_of or number).to_bytes(16, "big")
    rows[_ARTICLE].append(
        (
            *(number, slug, f"{slug}.example", url, url, utc, copy_of, hash_of, body.count(" "), utc, utc),
            *(headline, place, local, section, language, body),
        )
    )
    rows[_INDEX].append((number, headline, body))
    rows[_ALIAS].append((url, number))
    rows[_AUTHOR].append((number, 1 + int(AUTHORS * chance.random() ** 2)))


def _paragraphs(words: Sequence[str]) -> str:
    return ".\n\n".join(" ".join(words[n : n + 40]) for n in range(0, len(words), 40))

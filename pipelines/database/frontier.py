"""The URLs that discovery found: which wait, and what became of the others.

They stand in the same file as the articles, so that a killed crawl goes on where it was. The functions
that write run inside the writer's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from sqlite_utils import Database

from crawler.items import Candidate
from pipelines.database.fingerprints import url_key
from pipelines.database.records import storable

State = Literal["done", "refused", "failed", "gone"]

_EVIDENCE = ("found_in", "title", "published", "modified", "author", "section")


def add_candidates(
    db: Database, candidates: Iterable[Candidate], run: int | None, now: str
) -> list[Candidate]:
    """Keep the unknown ones as pending and return them, in order.

    Unknown: no article's address, and not in the frontier. What failed in another run is pending again.
    """
    return [candidate for candidate in candidates if _add(db, candidate, run, now)]


def settle_url(db: Database, url: str, state: State, reason: str | None, now: str) -> None:
    """Give a URL's entry its end; a URL without an entry is let be."""
    db.conn.execute(
        "UPDATE frontier SET state = ?, reason = ?, settled_at = ? WHERE url_key = ?",
        (state, reason, now, url_key(url)),
    )


def pending(db: Database, source: str, limit: int) -> list[Candidate]:
    """URLs of an outlet that wait to be fetched, in the order they were found; at most *limit*."""
    rows = db.conn.execute(
        f"""
        SELECT url, source, {", ".join(_EVIDENCE)} FROM frontier
        WHERE state = 'pending' AND source = ? ORDER BY id LIMIT ?
        """,  # noqa: S608
        (source, limit),
    )
    return [Candidate(url, source or None, *evidence) for url, source, *evidence in rows]


def _add(db: Database, candidate: Candidate, run: int | None, now: str) -> bool:
    url = storable(candidate.url)
    key = url_key(url)
    if db.conn.execute("SELECT 1 FROM aliases WHERE url_key = ?", (key,)).fetchone():
        return False
    evidence = [storable(value) if (value := getattr(candidate, name)) else value for name in _EVIDENCE]
    cursor = db.conn.execute(
        f"""
        INSERT INTO frontier (url_key, url, source, state, run_id, found_at, {", ".join(_EVIDENCE)})
        VALUES (?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (url_key) DO UPDATE
        SET state = 'pending', reason = NULL, settled_at = NULL, run_id = excluded.run_id
        WHERE state = 'failed' AND frontier.run_id IS NOT excluded.run_id
        """,  # noqa: S608
        (key, url, candidate.source or "", run, now, *evidence),
    )
    return cursor.rowcount > 0

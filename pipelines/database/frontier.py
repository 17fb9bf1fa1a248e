"""The URLs that discovery found: which wait, and what became of the others.

They stand in the same file as the articles, so that a killed crawl goes on where it was. The functions
that write run inside the writer's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlite_utils import Database

from crawler.items import Candidate
from pipelines.database.addresses import addresses_of
from pipelines.database.fingerprints import url_key
from pipelines.database.records import storable, to_json, to_utc

State = Literal["done", "refused", "failed", "gone"]

WAITS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
#: How long a URL is let be after each try that failed; after one more it is given up.

_REOPENED = """
    id = (SELECT max(id) + 1 FROM frontier), state = 'pending', reason = NULL, settled_at = NULL
"""
#: What is found again stands behind what was found before.

_EVIDENCE = ("found_in", "title", "published", "modified", "author", "section")


def add_candidates(
    db: Database, candidates: Iterable[Candidate], run: int | None, now: str
) -> list[Candidate]:
    """Keep the unknown ones as pending and return them, in order.

    Unknown: no article's address, and not in the frontier. What robots.txt forbade is asked about again
    after a day.
    """
    return [candidate for candidate in candidates if _add(db, candidate, run, now)]


def settle_url(db: Database, url: str, state: State, reason: str | None, now: str) -> None:
    """Give a URL's entry its end; a URL without an entry is let be."""
    settle_keys(db, [(url_key(url), now)], state, reason)


def settle_keys(
    db: Database, keys: Iterable[tuple[str, str]], state: State, reason: str | None = None
) -> None:
    """The same for several, by their keys, each with the time of its end."""
    db.conn.executemany(
        "UPDATE frontier SET state = ?, reason = ?, settled_at = ?, next_try = NULL WHERE url_key = ?",
        [(state, reason, now, key) for key, now in keys],
    )


def put_off(db: Database, url: str, reason: str, now: str) -> None:
    """Count a try that failed: a pending URL rests for a while (``WAITS``), or is given up as failed."""
    key = url_key(url)
    waiting = db.conn.execute(
        "SELECT tries FROM frontier WHERE url_key = ? AND state = 'pending'", (key,)
    ).fetchone()
    if waiting is None:  # an article that is asked for again
        return
    tries = waiting[0] + 1
    due = datetime.fromisoformat(now) + WAITS[tries - 1] if tries <= len(WAITS) else None
    db.conn.execute(
        "UPDATE frontier SET tries = ?, next_try = ?, reason = ? WHERE url_key = ?",
        (tries, to_utc(due.isoformat()) if due else None, reason, key),
    )
    if due is None:
        settle_url(db, url, "failed", reason, now)


def pending(db: Database, source: str, limit: int) -> list[Candidate]:
    """URLs of an outlet that wait and are due now, in the order they were found; at most *limit*."""
    return [candidate for _, candidate in pending_after(db, source, 0, limit)]


def pending_after(db: Database, source: str, after: int, limit: int) -> list[tuple[int, Candidate]]:
    """As :func:`pending`, with their numbers, of those that were found after the number *after*."""
    rows = db.conn.execute(
        f"""
        SELECT id, url, source, {", ".join(_EVIDENCE)} FROM frontier
        WHERE state = 'pending' AND source = ? AND id > ?
        AND (next_try IS NULL OR next_try <= ?)
        ORDER BY id LIMIT ?
        """,  # noqa: S608
        (source, after, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", limit),
    )
    return [(number, Candidate(url, source or None, *evidence)) for number, url, source, *evidence in rows]


def reopen(db: Database, source: str, found_in: str, run: int | None, now: str) -> int:
    """Let URLs wait again that robots.txt forbade a day or more ago and that a list still names; how many."""
    forbidden = db.conn.execute(
        """
        SELECT id FROM frontier
        WHERE state = 'refused' AND reason = 'robots.txt' AND source = ? AND found_in = ?
        AND settled_at <= strftime('%Y-%m-%dT%H:%M:%SZ', ?, '-1 day')
        ORDER BY id
        """,
        (source, found_in, now),
    ).fetchall()
    for (number,) in forbidden:
        statement = f"UPDATE frontier SET {_REOPENED}, run_id = :run WHERE id = :id"  # noqa: S608
        db.conn.execute(statement, {"run": run, "id": number})
    return len(forbidden)


def evidence(db: Database, article_id: int) -> Candidate | None:
    """What discovery said of an article, under the first of its addresses; null where it found none."""
    row = db.conn.execute(
        f"""
        SELECT url, source, {", ".join(_EVIDENCE)} FROM frontier
        WHERE url_key IN (SELECT value FROM json_each(?)) ORDER BY id
        """,  # noqa: S608
        (to_json(addresses_of(db, article_id)),),
    ).fetchone()
    return Candidate(row[0], row[1] or None, *row[2:]) if row else None


def evidence_of(db: Database, key: str) -> Candidate | None:
    """What discovery said of a URL, by its key; null where it did not find it."""
    row = db.conn.execute(
        f"SELECT url, source, {', '.join(_EVIDENCE)} FROM frontier WHERE url_key = ?",  # noqa: S608
        (key,),
    ).fetchone()
    return Candidate(row[0], row[1] or None, *row[2:]) if row else None


def _add(db: Database, candidate: Candidate, run: int | None, now: str) -> bool:
    url = storable(candidate.url)
    key = url_key(url)
    if db.conn.execute("SELECT 1 FROM aliases WHERE url_key = ?", (key,)).fetchone():
        return False
    said = [storable(value) if (value := getattr(candidate, name)) else value for name in _EVIDENCE]
    cursor = db.conn.execute(
        f"""
        INSERT INTO frontier (url_key, url, source, state, run_id, found_at, {", ".join(_EVIDENCE)})
        VALUES (?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (url_key) DO UPDATE
        SET {_REOPENED}, run_id = excluded.run_id
        WHERE state = 'refused' AND reason = 'robots.txt'
        AND settled_at <= strftime('%Y-%m-%dT%H:%M:%SZ', excluded.found_at, '-1 day')
        """,  # noqa: S608
        (key, url, candidate.source or "", run, now, *said),
    )
    return cursor.rowcount > 0

"""Crawls of other processes whose notes come one after the other, each at most once and without a gap.

A session is one crawl; its notes are numbered. What was written of it is always a beginning of what it noted,
as after a kill. A younger session of an outlet ends the older ones. The functions that write run inside the
writer's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from crawler.items import Candidate
from pipelines.database.fingerprints import url_key
from pipelines.database.records import to_json


@dataclass(slots=True, frozen=True)
class Session:
    """One crawl of another process."""

    id: int
    run: int
    sources: Sequence[str]
    last: int
    #: Number of the note that was written last.


def open_session(db: Database, session: int, sources: Sequence[str], run: int, number: int) -> None:
    """Begin a session, which ends the older ones of its outlets."""
    for other in _sessions_of(db, sources):
        db.conn.execute("DELETE FROM crawl_sessions WHERE id = ?", (other,))
    db.conn.execute(
        "INSERT INTO crawl_sessions (id, run_id, sources, last_note) VALUES (?, ?, ?, ?)",
        (session, run, to_json(list(sources)), number),
    )


def may_open(db: Database, session: int, sources: Sequence[str]) -> bool:
    """Whether no younger session, nor this one, has any of these outlets."""
    return all(other < session for other in _sessions_of(db, sources))


def read_session(db: Database, session: int) -> Session | None:
    """A session; null where it never began or a younger one has ended it."""
    row = db.conn.execute(
        "SELECT id, run_id, sources, last_note FROM crawl_sessions WHERE id = ?", (session,)
    ).fetchone()
    return Session(row[0], row[1], json.loads(row[2]), row[3]) if row else None


def advance(db: Database, session: int, number: int) -> None:
    """Remember the note that was written last."""
    db.conn.execute("UPDATE crawl_sessions SET last_note = ? WHERE id = ?", (number, session))


def given(db: Database, candidates: Iterable[Candidate], run: int) -> list[int]:
    """Which of these URLs (by their places) this run has put into the frontier, where they still wait.

    The same question has the same answer until the URL is settled.
    """
    return [
        place
        for place, candidate in enumerate(candidates)
        if db.conn.execute(
            "SELECT 1 FROM frontier WHERE url_key = ? AND state = 'pending' AND run_id = ?",
            (url_key(candidate.url), run),
        ).fetchone()
    ]


def _sessions_of(db: Database, sources: Sequence[str]) -> list[int]:
    rows = db.conn.execute(
        """
        SELECT DISTINCT crawl_sessions.id FROM crawl_sessions, json_each(crawl_sessions.sources) own
        WHERE own.value IN (SELECT value FROM json_each(?))
        """,
        (to_json(list(sources)),),
    )
    return [number for (number,) in rows]

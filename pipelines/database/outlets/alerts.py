"""Which findings were told and still hold."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlite_utils import Database

from pipelines.database.connection import database_errors, writing


def standing(db: Database, sources: Iterable[str]) -> dict[tuple[str, str], str]:
    """What was told of these outlets and is not over: since when, by outlet and what."""
    with database_errors(db):
        rows = db.conn.execute(
            """
            SELECT source, what, since FROM alerts
            WHERE source IN (SELECT value FROM json_each(?)) ORDER BY source, what
            """,
            (json.dumps(list(sources)),),
        ).fetchall()
    return {(source, what): since for source, what, since in rows}


def begin(db: Database, source: str, what: str, since: str, now: str) -> None:
    """Note that a finding was told, in a transaction of its own."""
    with database_errors(db), writing(db):
        db.conn.execute("INSERT OR REPLACE INTO alerts VALUES (?, ?, ?, ?)", (source, what, since, now))


def end(db: Database, source: str, what: str) -> None:
    """Note that a finding is over, in a transaction of its own."""
    with database_errors(db), writing(db):
        db.conn.execute("DELETE FROM alerts WHERE source = ? AND what = ?", (source, what))

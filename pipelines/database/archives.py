"""How far archives of pages were imported, so that a stop costs nothing; written inside the writer's
transaction."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from sqlite_utils import Database

from pipelines.database.connection import database_errors
from pipelines.database.records import storable, to_json


@dataclass(slots=True)
class ArchiveState:
    """What was read of an archive, over all runs."""

    name: str
    #: As it was given last.

    position: int = 0
    #: Byte at which reading goes on.

    done: int = 0
    #: Records that were read from there on already.

    records: int = 0
    pages: int = 0
    #: Records that were read as pages.

    left_out: Counter[str] = field(default_factory=Counter)
    #: Why the others were not, and how many.

    finished: bool = False


def read_state(db: Database, key: str) -> ArchiveState | None:
    """How far the archive of that key was read; null where it never was."""
    with database_errors(db):
        row = db.conn.execute(
            "SELECT name, position, done, records, pages, left_out, finished FROM archives WHERE key = ?",
            (key,),
        ).fetchone()
    if row is None:
        return None
    name, position, done, records, pages, left_out, finished = row
    return ArchiveState(name, position, done, records, pages, Counter(json.loads(left_out)), bool(finished))


def write_state(db: Database, key: str, state: ArchiveState, run: int, now: str) -> None:
    """Remember how far an archive was read."""
    db.conn.execute(
        """
        INSERT INTO archives (key, name, position, done, records, pages, left_out, run_id, read_at, finished)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET name = excluded.name, position = excluded.position, done = excluded.done,
            records = excluded.records, pages = excluded.pages, left_out = excluded.left_out,
            run_id = excluded.run_id, read_at = excluded.read_at, finished = excluded.finished
        """,
        (
            *(key, storable(state.name), state.position, state.done, state.records, state.pages),
            *(to_json(dict(sorted(state.left_out.items()))), run, now, int(state.finished)),
        ),
    )

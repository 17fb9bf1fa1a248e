"""What a file lets go of with time, and the room it gives back: by policy, never an article."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from pipelines.database.connection import database_errors, writing

STEP = 500
#: Rows that leave in one transaction, so that a crawl beside it is not held up.

SHARE = 0.2
LEAST_BYTES = 10_000_000
#: A file is written anew where so much of it holds nothing.

ROOM = 2.2
#: Free bytes on the disk for each byte of the file that this needs: a copy, and the log that takes it back.

OPERATIONS = 1000
#: Of SQLite's machine, after each of which it is asked whether to break off.


@dataclass(slots=True, frozen=True)
class LetGo:
    """How many rows left."""

    fetches: int = 0
    runs: int = 0
    counts: int = 0
    #: What runs counted.


def let_go(
    db: Database, *, fetches_days: int, runs_days: int, now: datetime, stopped: Callable[[], bool] = bool
) -> LetGo:
    """Forget visits and runs that are older than so many days; 0 keeps them for good.

    Of each URL the last visit stays, the last one that brought a page, and every one whose page is kept. A
    run that anything names keeps its row.
    """
    with database_errors(db):
        fetches = _in_steps(db, _OLD_FETCHES, "fetches", _before(now, fetches_days), stopped)
        before = _before(now, runs_days)
        counts = _in_steps(db, _OLD_COUNTS, "run_sources", before, stopped)
        with _unchecked(db):
            runs = _in_steps(db, _old_runs(db), "runs", before, stopped)
        if before is not None and not stopped():
            with writing(db):
                db.conn.execute(
                    "UPDATE runs SET stats = NULL WHERE started_at < ? AND stats IS NOT NULL", (before,)
                )
    return LetGo(fetches, runs, counts)


def due(db: Database, *, fetches_days: int, runs_days: int, now: datetime) -> LetGo:
    """What :func:`let_go` would forget."""

    def amount(query: str, before: str | None) -> int:
        if before is None:
            return 0
        everything = query.replace("LIMIT :step", "")
        return int(db.conn.execute(f"SELECT count(*) FROM ({everything})", {"before": before}).fetchone()[0])  # noqa: S608

    with database_errors(db):
        before = _before(now, runs_days)
        fetches = amount(_OLD_FETCHES, _before(now, fetches_days))
        return LetGo(fetches, amount(_old_runs(db), before), amount(_OLD_COUNTS, before))


_OLD_FETCHES = """
    SELECT id AS row FROM fetches AS old
    WHERE fetched_at < :before AND page_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM fetch_parts WHERE fetch_id = old.id)
    AND EXISTS (SELECT 1 FROM fetches WHERE article_id = old.article_id AND url = old.url AND id > old.id)
    AND (
        status != 200
        OR EXISTS (
            SELECT 1 FROM fetches
            WHERE article_id = old.article_id AND url = old.url AND id > old.id AND status = 200
        )
    )
    LIMIT :step
"""
_OLD_COUNTS = """
    SELECT DISTINCT run_id AS row FROM run_sources
    JOIN runs ON runs.id = run_id AND started_at < :before
    LIMIT :step
"""


def _old_runs(db: Database) -> str:
    """Old runs that no row of any table names; which tables may name one, the schema itself says.

    One that has no end and is old was killed; which outlets the last crawls named is asked by number.
    """
    naming = db.conn.execute(
        """
        SELECT name, "from" FROM sqlite_master, pragma_foreign_key_list(name)
        WHERE type = 'table' AND "table" = 'runs' ORDER BY name
        """
    ).fetchall()
    unnamed = "".join(
        f" AND id NOT IN (SELECT {column} FROM {table} WHERE {column} IS NOT NULL)"  # noqa: S608
        for table, column in naming
    )
    return f"""
        SELECT id AS row FROM runs
        WHERE started_at < :before AND id <= (SELECT max(id) - 1000 FROM runs){unnamed}
        LIMIT :step
    """  # noqa: S608


@contextmanager
def _unchecked(db: Database) -> Iterator[None]:
    """Without SQLite's own look for rows that name what is deleted.

    It reads all visits and articles for each run that goes, since none is found by its run, and holds up
    every writer meanwhile. Within the same transaction the query has looked once for all.
    """
    db.conn.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        db.conn.execute("PRAGMA foreign_keys = ON")


def _before(now: datetime, days: int) -> str | None:
    return f"{(now - timedelta(days=days)).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if days else None


def _in_steps(db: Database, query: str, table: str, before: str | None, stopped: Callable[[], bool]) -> int:
    key, total = "run_id" if table == "run_sources" else "id", 0
    while before is not None and not stopped():
        with writing(db):
            rows = [(row,) for (row,) in db.conn.execute(query, {"before": before, "step": STEP})]
            gone = db.conn.executemany(f"DELETE FROM {table} WHERE {key} = ?", rows)  # noqa: S608
            total += max(gone.rowcount, 0)
        if len(rows) < STEP:
            break
    return total


def optimise(db: Database) -> None:
    """Let SQLite look again at what its plans rest on, where that has changed much."""
    with database_errors(db):
        db.conn.execute("PRAGMA analysis_limit = 1000")
        db.conn.execute("PRAGMA optimize")


def compact(db: Database, path: Path, stopped: Callable[[], bool] = bool) -> tuple[int, str | None]:
    """Write the file anew where much of it holds nothing; bytes given back, or why it was not done.

    SQLite does it as one transaction: broken off or killed, the file is what it was.
    """
    size = path.stat().st_size
    with database_errors(db):
        pages, free = (
            int(db.conn.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "freelist_count")
        )
        page_size = int(db.conn.execute("PRAGMA page_size").fetchone()[0])
        if free < SHARE * pages or free * page_size < LEAST_BYTES:
            return 0, None
        if shutil.disk_usage(path.parent).free < ROOM * size:
            return 0, f"the disk has less than {ROOM * size / 1e9:.1f} GB free, which writing it anew needs"
        db.conn.set_progress_handler(lambda: int(stopped()), OPERATIONS)
        try:
            db.conn.execute("VACUUM")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                return 0, "it was told to stop"
            raise
        finally:
            db.conn.set_progress_handler(None, 0)
        # The new pages lie in the log until it is brought into the file.
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return size - path.stat().st_size, None

"""Runs as readers look at them: page by page, an outlet's last ones, and what a run met first; reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from pipelines.database.asking.queries import run
from pipelines.database.connection import database_errors
from pipelines.database.records import MAX_INTEGER

_LOOKED = 5_000
#: So many of the last runs are searched for an outlet's.


@dataclass(slots=True, frozen=True)
class OutletRun:
    """What one run counted of one outlet, whatever the reason."""

    id: int
    command: str
    started_at: str
    finished_at: str | None
    #: ISO 8601, UTC; null while it goes on, and for ever where it was killed.

    counts: dict[str, int]


@dataclass(slots=True, frozen=True)
class FirstMet:
    """An article that a run met first."""

    id: int
    source: str | None
    headline: str
    published: str | None
    is_copy: bool


def runs_before(db: Database, before: int | None, limit: int) -> list[dict[str, Any]]:
    """The last runs with their counts, newest first, or those older than the run *before*.

    Keys as in :func:`pipelines.database.asking.queries.run`.
    """
    with database_errors(db):
        ids = db.conn.execute(
            "SELECT id FROM runs WHERE id < ? ORDER BY id DESC LIMIT ?",
            (MAX_INTEGER if before is None else min(before, MAX_INTEGER), limit),
        ).fetchall()
    return [found for (run_id,) in ids if (found := run(db, run_id))]


def runs_of_outlet(db: Database, source: str, limit: int) -> list[OutletRun]:
    """The last runs that counted anything of an outlet, newest first."""
    with database_errors(db):
        rows = db.conn.execute(
            """
            SELECT recent.*, counted.what, sum(counted.amount) FROM (
                SELECT id, command, started_at, finished_at FROM (
                    SELECT id, command, started_at, finished_at FROM runs ORDER BY id DESC LIMIT :looked
                ) AS last
                WHERE EXISTS (SELECT 1 FROM run_sources WHERE run_id = last.id AND source = :source)
                LIMIT :limit
            ) AS recent
            JOIN run_sources AS counted ON counted.run_id = recent.id AND counted.source = :source
            GROUP BY recent.id, counted.what ORDER BY recent.id DESC
            """,
            {"looked": _LOOKED, "source": source, "limit": limit},
        ).fetchall()
    found: dict[int, OutletRun] = {}
    for number, command, started, finished, what, amount in rows:
        one = found.setdefault(number, OutletRun(number, command, started, finished, {}))
        one.counts[what] = amount
    return list(found.values())


def first_met(db: Database, run_id: int, limit: int) -> list[FirstMet]:
    """Articles that a run met first, the last of them first."""
    with database_errors(db):
        rows = db.conn.execute(
            """
            SELECT a.id, a.source, a.headline, a.published, a.copy_of IS NOT NULL
            FROM runs, (SELECT value FROM runs, json_each(runs.sources) WHERE runs.id = :run
                UNION SELECT nullif(source, '') FROM run_sources WHERE run_id = :run) AS outlet
            CROSS JOIN articles AS a INDEXED BY articles_by_first_sight ON a.source IS outlet.value
                AND a.first_seen >= runs.started_at AND a.first_seen <= coalesce(runs.finished_at, '9')
            WHERE runs.id = :run AND a.run_id = :run
            ORDER BY a.first_seen DESC, a.id DESC LIMIT :limit
            """,
            {"run": min(run_id, MAX_INTEGER), "limit": limit},
        ).fetchall()
    return [
        FirstMet(number, source, headline, published, bool(copy))
        for number, source, headline, published, copy in rows
    ]

"""Runs of the crawler and what they counted per outlet; inside the writer's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from pipelines.database.records import to_json


def insert_run(
    db: Database, command: str, sources: Sequence[str], settings: Mapping[str, Any], now: str
) -> int:
    """A run that has begun; its id."""
    cursor = db.conn.execute(
        "INSERT INTO runs (command, sources, settings, started_at) VALUES (?, ?, ?, ?)",
        (command, to_json(list(sources)), to_json(dict(settings)), now),
    )
    return int(cursor.lastrowid or 0)


def close_run(db: Database, run: int, reason: str, stats: Mapping[str, Any], now: str) -> None:
    """A run that has ended. A run without an end was killed, or goes on."""
    db.conn.execute(
        "UPDATE runs SET finished_at = ?, reason = ?, stats = ? WHERE id = ?",
        (now, reason, to_json(dict(stats)), run),
    )


def last_reasons(db: Database, sources: Sequence[str], before: int) -> dict[str, str | None]:
    """Why each outlet's last crawl before a run ended, null for one that was killed.

    An outlet that none of the last ten thousand runs named is left out.
    """
    rows = db.conn.execute(
        """
        SELECT outlet.value, runs.reason FROM json_each(:sources) AS outlet JOIN runs ON runs.id = (
            SELECT id FROM runs
            WHERE id BETWEEN :before - 10000 AND :before - 1 AND command = 'crawl'
            AND outlet.value IN (SELECT value FROM json_each(runs.sources))
            ORDER BY id DESC LIMIT 1
        )
        """,
        {"before": before, "sources": to_json(list(sources))},
    )
    return dict(rows.fetchall())


def add_count(
    db: Database, run: int, source: str | None, what: str, *, amount: int = 1, reason: str | None = None
) -> None:
    """Add to what a run counted of an outlet."""
    db.conn.execute(
        """
        INSERT INTO run_sources (run_id, source, what, reason, amount) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET amount = amount + excluded.amount
        """,
        (run, source or "", what, reason or "", amount),
    )


def move_count(db: Database, run: int, source: str | None, counted_as: str, what: str) -> None:
    """Count one article of an outlet as *what* that was counted otherwise; nothing where it was not."""
    counted = (run, source or "", counted_as)
    moved = db.conn.execute(
        "UPDATE run_sources SET amount = amount - 1 WHERE (run_id, source, what, reason) = (?, ?, ?, '')",
        counted,
    )
    if moved.rowcount:
        db.conn.execute(
            "DELETE FROM run_sources WHERE (run_id, source, what, reason) = (?, ?, ?, '') AND amount = 0",
            counted,
        )
        add_count(db, run, source, what)

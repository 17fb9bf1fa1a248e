"""How long after their publication stories were stored: a run's, or an outlet's newest; reads only."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from sqlite_utils import Database

from pipelines.database.connection import database_errors

MOST_DAYS = 3
#: A story that was older when it was met says what was missed before, not how fast the crawl is.

NEWEST = 1_000
#: So many of an outlet's stories are looked at, those that were met last.

_CLOCKS_DIFFER = 3600
#: Seconds by which an outlet's clock may be ahead; such a story counts as stored at once.


@dataclass(slots=True, frozen=True)
class Freshness:
    """Ages of an outlet's stories when they were stored, in seconds."""

    stories: int
    #: How many are new and dated to the minute.

    median: int
    p95: int
    #: By nearest rank.


def freshness(db: Database, run: int) -> dict[str, Freshness]:
    """Per outlet the freshness of what a crawl stored first; outlets without such stories are left out."""
    ages: dict[str, list[int]] = {}
    with database_errors(db):
        rows = db.conn.execute(
            """
            SELECT source, max(0, age) FROM (
                SELECT a.source, unixepoch(a.first_seen) - unixepoch(a.published_utc) AS age
                FROM runs, json_each(runs.sources) AS outlet
                CROSS JOIN articles AS a ON a.source = outlet.value
                    AND a.first_seen BETWEEN runs.started_at AND coalesce(runs.finished_at, '9')
                WHERE runs.id = ? AND runs.command = 'crawl'
                AND a.run_id = runs.id AND length(a.published) > 10
            )
            WHERE age BETWEEN ? AND ? ORDER BY age
            """,
            (run, -_CLOCKS_DIFFER, MOST_DAYS * 86_400),
        )
        for source, age in rows:
            ages.setdefault(source, []).append(age)
    return {source: _freshness(own) for source, own in ages.items()}


def outlet_freshness(db: Database, source: str, *, newest: int = NEWEST) -> Freshness | None:
    """The freshness of an outlet's newest stories that crawls brought; null where none of them tells."""
    with database_errors(db):
        rows = db.conn.execute(
            """
            SELECT max(0, age) FROM (
                SELECT unixepoch(first_seen) - unixepoch(published_utc) AS age FROM (
                    SELECT first_seen, published_utc, published, run_id FROM articles
                    WHERE source = ? ORDER BY first_seen DESC LIMIT ?
                )
                WHERE length(published) > 10 AND (SELECT command FROM runs WHERE id = run_id) = 'crawl'
            )
            WHERE age BETWEEN ? AND ? ORDER BY age
            """,
            (source, newest, -_CLOCKS_DIFFER, MOST_DAYS * 86_400),
        )
        ages = [age for (age,) in rows]
    return _freshness(ages) if ages else None


def _freshness(ordered: list[int]) -> Freshness:
    return Freshness(len(ordered), _rank(ordered, 0.5), _rank(ordered, 0.95))


def _rank(ordered: list[int], share: float) -> int:
    return ordered[ceil(share * len(ordered)) - 1]

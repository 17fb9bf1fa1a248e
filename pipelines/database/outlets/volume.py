"""How much the outlets publish over time, and what is known of each beside it; reads only.

Counts come from the index by outlet and time alone, so that a month of all outlets costs what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlite_utils import Database

from pipelines.database.asking.periods import STEP_OF, Period
from pipelines.database.connection import database_errors


@dataclass(slots=True)
class OutletVolume:
    """What an outlet published within a period."""

    slug: str | None
    #: Null for stories that no outlet claims.

    site: str | None
    newest: str | None
    #: When its newest story was published, in the period or not; ISO 8601, UTC.

    counts: list[int] = field(default_factory=list)
    #: Articles in each step of the period.

    @property
    def articles(self) -> int:
        return sum(self.counts)


def volumes(db: Database, period: Period, *, now: str) -> list[OutletVolume]:
    """All outlets that articles are from, those with most in the period first.

    *now* in ISO 8601, UTC: what is dated later is no outlet's newest story.
    """
    with database_errors(db):
        rows = db.conn.execute("SELECT slug, site FROM outlets ORDER BY slug").fetchall()
        found = [_volume(db, slug, site, period, now) for slug, site in [*rows, (None, None)]]
    known = [volume for volume in found if volume.slug is not None or volume.newest is not None]
    return sorted(known, key=lambda volume: (-volume.articles, volume.slug is None, volume.slug))


def volume(db: Database, slug: str, period: Period, *, now: str) -> OutletVolume | None:
    """One outlet's volume; null where no article is from it."""
    with database_errors(db):
        row = db.conn.execute("SELECT site FROM outlets WHERE slug = ?", (slug,)).fetchone()
        return _volume(db, slug, row[0], period, now) if row else None


def _volume(db: Database, slug: str | None, site: str | None, period: Period, now: str) -> OutletVolume:
    (newest,) = db.conn.execute(
        "SELECT max(published_utc) FROM articles WHERE source IS ? AND published_utc <= ?", (slug, now)
    ).fetchone()
    counted = db.conn.execute(
        f"""
        SELECT {STEP_OF.format(moment="published_utc")} AS step, count(*) FROM articles
        WHERE source IS :slug AND published_utc >= :since AND published_utc < :before GROUP BY step
        """,  # noqa: S608
        {**period.steps, "slug": slug},
    )
    return OutletVolume(slug, site, newest, period.series(counted))

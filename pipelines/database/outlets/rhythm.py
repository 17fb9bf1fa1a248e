"""When an outlet publishes: stories an hour by the hour of the day, learnt from the times of its stories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from pipelines.database.connection import database_errors

DAYS = 14
#: How far back stories tell of the rhythm.

_HOUR = timedelta(hours=1)


@dataclass(slots=True, frozen=True)
class Rhythm:
    """Stories an hour, by the hour of the day in UTC."""

    rates: tuple[float, ...]

    def expected(self, start: datetime, end: datetime) -> float:
        """How many stories an outlet of this rhythm publishes between two moments."""
        total = 0.0
        while start < end:
            until = min(start.replace(minute=0, second=0, microsecond=0) + _HOUR, end)
            total += self.rates[start.hour] * (until - start) / _HOUR
            start = until
        return total


def learn_rhythm(stories: Iterable[datetime], now: datetime, *, prior: float = 0.0) -> Rhythm:
    """The rhythm of the stories of the last two weeks; times in UTC.

    Each hour borrows half of its weight from its neighbours, so that a story at five to nine also speaks for
    nine. *prior*: stories an hour that are believed as if seen for a day, for outlets of which little is
    known.
    """
    lately = [moment for moment in stories if now - timedelta(days=DAYS) <= moment <= now]
    seen = Counter(moment.hour for moment in lately)
    days = max((now - min(lately)) / timedelta(days=1), 1.0) if lately else 0.0
    weight = days + (1.0 if prior else 0.0)
    if not weight:
        return Rhythm((0.0,) * 24)
    smooth = ((seen[(hour - 1) % 24] + 2 * seen[hour] + seen[(hour + 1) % 24]) / 4 for hour in range(24))
    return Rhythm(tuple((amount + prior) / weight for amount in smooth))


def story_times(db: Database, source: str, now: datetime) -> list[datetime]:
    """When an outlet's stories of the last two weeks were published, in order; the first sight of one that
    names no time of day.
    """
    oldest = f"{(now - timedelta(days=DAYS)).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    with database_errors(db):
        rows = db.conn.execute(
            """
            SELECT CASE WHEN length(published) > 10 THEN published_utc ELSE first_seen END AS moment
            FROM articles WHERE source = ? AND published_utc >= ? ORDER BY moment
            """,
            (source, oldest),
        ).fetchall()
    return [datetime.fromisoformat(moment) for (moment,) in rows]


def last_polls(db: Database, sources: Sequence[str]) -> dict[str, datetime]:
    """When each outlet was last crawled; one that none of the last thousand runs named is left out."""
    wanted, polls = set(sources), {}
    with database_errors(db):
        for source, started in db.conn.execute(
            """
            SELECT value, max(started_at)
            FROM (SELECT sources, started_at FROM runs WHERE command = 'crawl' ORDER BY id DESC LIMIT 1000),
                json_each(sources)
            GROUP BY value
            """
        ):
            if source in wanted:
                polls[source] = datetime.fromisoformat(started)
    return polls

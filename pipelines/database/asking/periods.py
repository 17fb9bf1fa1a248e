"""A span of days to count within, parted into equal steps: what bounds each count over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlite_utils import Database

from pipelines.database.connection import database_errors

SPANS = (7, 30, 90, 365)
#: Days that a period may have.

OFFSET = timedelta(hours=7)
#: Days begin at midnight of Western Indonesian time. A story with a bare date falls on that date.

_DAILY = 92
#: Longer periods are counted by the week.

_WEEK = 7


@dataclass(slots=True, frozen=True)
class Period:
    """The days from *first* to *last*, both included, in steps of a day or a week."""

    first: date
    last: date
    step: int
    #: Days.

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def since(self) -> str:
        """Its first moment; ISO 8601, UTC."""
        return _midnight(self.first)

    @property
    def before(self) -> str:
        """The first moment after it; ISO 8601, UTC."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def starts(self) -> list[date]:
        """The first day of each step."""
        return [self.first + timedelta(days=days) for days in range(0, self.days, self.step)]

    @property
    def bounds(self) -> dict[str, str]:
        """Parameters ``:since`` and ``:before`` of a query."""
        return {"since": self.since, "before": self.before}

    @property
    def steps(self) -> dict[str, str | int]:
        """:attr:`bounds` and what :data:`STEP_OF` needs."""
        return {**self.bounds, "seconds": self.step * 86_400}

    def series(self, counted: Iterable[tuple[int, int]]) -> list[int]:
        """Counts for each step, from pairs of a step's number and a count; those that are missing are 0."""
        found = [0] * len(self.starts)
        for step, count in counted:
            found[step] += count
        return found


STEP_OF = "(unixepoch({moment}) - unixepoch(:since)) / :seconds"
#: SQL for the number of the step that a moment within the period falls into.


def period(last: date, days: int) -> Period:
    """The period of so many days that ends with *last*; whole weeks where it is long."""
    step = 1 if days <= _DAILY else _WEEK
    days -= days % step
    last = max(last, date.min + timedelta(days=days + 1))
    last = min(last, date.max - timedelta(days=2))
    return Period(last - timedelta(days=days - 1), last, step)


def newest_day(db: Database, now: datetime) -> date:
    """The day on which the newest story was published, today where there is none; no later than today.

    A file that was filled months ago is looked at where it ends, and a story dated in the future moves
    nothing.
    """
    now = now.astimezone(UTC)
    with database_errors(db):
        (newest,) = db.conn.execute(
            "SELECT max(published_utc) FROM articles WHERE published_utc <= ?", (f"{now:%Y-%m-%dT%H:%M:%SZ}",)
        ).fetchone()
    return ((datetime.fromisoformat(newest) if newest else now) + OFFSET).date()


def _midnight(day: date) -> str:
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - OFFSET
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")

"""Which days a period has, and which day a moment falls on."""

from datetime import UTC, date, datetime

import pytest
from newsroom import story, visit

from pipelines.database import Writer
from pipelines.database.asking.periods import newest_day, period
from pipelines.database.outlets.volume import volume

NOW = datetime(2026, 7, 20, 12, tzinfo=UTC)


def test_a_period_ends_with_its_last_day() -> None:
    month = period(date(2026, 7, 4), 30)
    assert (month.first, month.last, month.days) == (date(2026, 6, 5), date(2026, 7, 4), 30)
    assert (month.since, month.before) == ("2026-06-04T17:00:00Z", "2026-07-04T17:00:00Z")


def test_a_year_is_counted_by_whole_weeks() -> None:
    year = period(date(2026, 7, 4), 365)
    assert (year.step, year.days, len(year.starts)) == (7, 364, 52)
    assert year.starts[-1] == date(2026, 6, 28)


@pytest.mark.parametrize("last", [date.min, date.max])
def test_the_ends_of_the_calendar_are_days_too(last: date) -> None:
    assert len(period(last, 365).starts) == 52


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2026-07-04T23:30:00+07:00", date(2026, 7, 4)),
        ("2026-07-05T00:30:00+07:00", date(2026, 7, 5)),
        ("2026-07-05T00:30:00+09:00", date(2026, 7, 4)),
        ("2026-07-05", date(2026, 7, 5)),
    ],
)
def test_a_story_counts_on_its_day_in_western_indonesia(writer: Writer, published: str, day: date) -> None:
    writer.store(visit(story(published=published)))
    writer.flush()
    found = volume(writer.db, "lamau", period(date(2026, 7, 6), 7), now="2026-07-20T00:00:00Z")
    assert found is not None
    counted = dict(zip(period(date(2026, 7, 6), 7).starts, found.counts, strict=True))
    assert [start for start, count in counted.items() if count] == [day]


def test_the_newest_day_is_that_of_the_newest_story_but_none_to_come(writer: Writer) -> None:
    assert newest_day(writer.db, NOW) == NOW.date()
    writer.store(visit(story(1, published="2026-07-04T23:30:00+07:00")))
    writer.store(visit(story(2, published="2031-01-01T00:00:00+07:00")))
    writer.flush()
    assert newest_day(writer.db, NOW) == date(2026, 7, 4)

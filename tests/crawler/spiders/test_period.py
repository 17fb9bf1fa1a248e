"""Which candidates and days belong to the period of a crawl."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Candidate
from crawler.sources import Source
from crawler.spiders.period import Period, read_bound

NOW = datetime(2026, 3, 10, 20, 30, tzinfo=UTC)
SOURCE = Source("senandika", "Senandika", ("senandika.example",), timezone="Asia/Jakarta")


def covers(
    published: str | None = None,
    modified: str | None = None,
    *,
    since: str | None = None,
    until: str | None = None,
) -> bool:
    period = Period(read_bound(since), read_bound(until, end=True), days=7)
    candidate = Candidate("https://senandika.example/1", published=published, modified=modified)
    return period.covers(candidate, SOURCE, NOW)


def test_a_candidate_without_a_date_may_be_anything() -> None:
    assert covers(since="2026-03-09")


def test_what_a_feed_dates_is_taken_however_old_where_no_period_was_asked_for() -> None:
    assert covers(published="2019-01-01T00:00:00+07:00")


def test_what_is_only_known_by_an_old_change_is_left_alone_where_no_period_was_asked_for() -> None:
    assert not covers(modified="2026-03-01T00:00:00+07:00")
    assert covers(modified="2026-03-08T00:00:00+07:00")


def test_a_day_is_meant_in_the_zone_of_the_outlet() -> None:
    assert covers(published="2026-03-08T17:00:00+00:00", since="2026-03-09")
    assert not covers(published="2026-03-08T16:59:00+00:00", since="2026-03-09")


def test_until_includes_its_day() -> None:
    assert covers(published="2026-03-09T23:59:00+07:00", until="2026-03-09")
    assert not covers(published="2026-03-10T00:00:00+07:00", until="2026-03-09")


def test_a_story_that_changed_since_counts_though_it_is_older() -> None:
    assert covers("2026-01-01T08:00:00+07:00", "2026-03-10T08:00:00+07:00", since="2026-03-09")


def test_a_date_that_is_none_counts_as_no_date() -> None:
    assert covers(published="kemarin", since="2026-03-09")


def test_index_days_end_today_where_the_outlet_is() -> None:
    assert Period(None, None, days=7).index_days(SOURCE, NOW) == (date(2026, 3, 4), date(2026, 3, 11))


def test_index_days_follow_the_bounds() -> None:
    period = Period(read_bound("2026-03-01"), read_bound("2026-03-05", end=True), days=7)
    assert period.index_days(SOURCE, NOW) == (date(2026, 3, 1), date(2026, 3, 5))


def test_a_sitemap_that_did_not_change_since_is_passed_over() -> None:
    period = Period(read_bound("2026-03-09"), None, days=7)
    assert not period.may_hold("2026-03-01T00:00:00Z", NOW)
    assert period.may_hold("2026-03-09", NOW)
    assert period.may_hold(None, NOW)


def test_a_bound_that_is_no_date_is_refused() -> None:
    with pytest.raises(ValueError, match="kemarin"):
        read_bound("kemarin")


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(-48, 48))
def test_a_story_of_the_bounds_own_moment_is_in(moment: datetime, hours: int) -> None:
    stamp = moment.isoformat()
    period = Period(read_bound(stamp), read_bound(stamp, end=True), days=7)
    later = (moment + timedelta(hours=hours)).isoformat()
    assert period.covers(Candidate("https://senandika.example/1", published=later), SOURCE, NOW) == (
        hours == 0
    )

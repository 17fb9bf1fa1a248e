"""When an outlet is asked next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Article, Fetch, Visit
from crawler.watching.pacing import Bounds, next_poll, quiet_hour
from pipelines.database import Writer, open_database

LAST = datetime(2026, 7, 15, 3, 0, tzinfo=UTC)
#: Ten in the morning in Jakarta.

NIGHT = LAST + timedelta(hours=15)
BOUNDS = Bounds(timedelta(minutes=5), timedelta(minutes=120))


def by_day(an_hour: int) -> list[datetime]:
    """Stories of two weeks, so many an hour from six in the morning to eight in the evening of Jakarta."""
    morning = datetime(2026, 7, 14, 23, 0, tzinfo=UTC)
    apart = timedelta(minutes=60 / an_hour)
    return [
        morning - timedelta(days=day) + number * apart for day in range(15) for number in range(14 * an_hour)
    ]


def wait(stories: list[datetime], last: datetime = LAST, **more: float) -> timedelta:
    return next_poll([moment for moment in stories if moment <= last], last, BOUNDS, **more) - last


def test_an_outlet_is_asked_again_when_about_one_more_story_is_to_be_expected() -> None:
    assert timedelta(minutes=8) <= wait(by_day(4)) <= timedelta(minutes=15)


def test_an_outlet_that_publishes_more_is_asked_more_often_but_not_as_much_more() -> None:
    assert 2 < wait(by_day(1)) / wait(by_day(4)) < 4


def test_on_a_busy_day_an_outlet_is_asked_more_often_than_by_its_rhythm() -> None:
    breaking = [LAST - timedelta(minutes=minute) for minute in range(0, 60, 4)]
    assert wait(by_day(2) + breaking) < wait(by_day(2)) / 2


def test_on_a_day_off_an_outlet_is_asked_less_often() -> None:
    assert wait([moment for moment in by_day(4) if LAST - moment > timedelta(hours=9)]) > wait(by_day(4))


def test_an_outlet_whose_first_list_tells_of_many_stories_is_asked_at_once_again() -> None:
    assert wait([LAST - timedelta(minutes=minute) for minute in range(20)]) == BOUNDS.least


def test_an_outlet_is_asked_before_a_burst_like_its_greatest_fills_its_longest_list() -> None:
    burst = [LAST - timedelta(days=3, minutes=3 * number) for number in range(10)]
    stories = sorted(by_day(1) + burst)
    assert wait(stories) > timedelta(minutes=25)
    assert wait(stories, holds=40) == wait(stories)
    assert wait(stories, holds=10) <= timedelta(minutes=18)


def test_an_outlet_that_gave_nothing_is_spared_and_yet_asked_in_time_for_its_short_list() -> None:
    burst = [LAST - timedelta(days=3, minutes=3 * number) for number in range(10)]
    assert wait(by_day(1) + burst, failures=3, holds=40) == BOUNDS.most
    assert timedelta(minutes=15) < wait(by_day(1) + burst, failures=3, holds=12) < timedelta(minutes=25)
    assert wait(by_day(1) + burst, failures=3, holds=4) == timedelta(minutes=15)


def test_by_night_an_outlet_that_sleeps_is_asked_seldom() -> None:
    assert wait(by_day(4), NIGHT) == BOUNDS.most


def test_a_night_ends_in_time_for_the_morning() -> None:
    before_dawn = datetime(2026, 7, 15, 22, 0, tzinfo=UTC)
    assert wait(by_day(12), before_dawn) < BOUNDS.most


def test_a_busy_outlet_is_asked_no_faster_than_allowed() -> None:
    assert wait(by_day(60)) == BOUNDS.least


def test_an_unknown_outlet_is_taken_for_one_that_publishes_once_an_hour() -> None:
    an_hour_each = [LAST - timedelta(hours=hour + 0.5) for hour in range(24 * 14)]
    assert wait([]) == pytest.approx(wait(an_hour_each), rel=0.05)


def test_an_outlet_that_gave_nothing_waits_twice_as_long_each_time() -> None:
    assert wait(by_day(4), failures=1) == 2 * wait(by_day(4))
    assert wait(by_day(6), failures=9) == BOUNDS.most


def test_chance_moves_a_poll_by_a_tenth_at_most() -> None:
    exact = wait(by_day(2))
    assert wait(by_day(2), chance=0.0) == 0.9 * exact
    assert wait(by_day(2), chance=1.0) == 1.1 * exact


@given(
    st.lists(st.datetimes(datetime(2026, 6, 1), datetime(2026, 7, 15), timezones=st.just(UTC)), max_size=60),
    st.integers(0, 2000),
    st.floats(0, 1),
)
def test_whatever_was_published_the_bounds_hold(
    stories: list[datetime], failures: int, chance: float
) -> None:
    poll = next_poll(stories, LAST, BOUNDS, failures=failures, chance=chance)
    assert LAST + BOUNDS.least <= poll <= LAST + BOUNDS.most


def test_the_quiet_hour_is_the_next_one_in_which_least_is_published(tmp_path: Path) -> None:
    db = open_database(tmp_path / "news.db", create=True)
    with Writer(db) as writer:
        for number, at in enumerate(by_day(2)):
            url = f"https://lamau.example/berita/{number}"
            said = Article(
                url, url, "lamau", f"Berita {number}", published=at.isoformat(), body=f"kata{number} " * 60
            )
            writer.store(Visit(said, Fetch(url, url, at.isoformat(), 200)))
    moment = quiet_hour(db, ["lamau"], LAST)
    assert quiet_hour(db, ["lamau", "nosuch"], LAST) == moment
    assert LAST < moment <= LAST + timedelta(days=1)
    assert moment.hour in range(14, 22)  # in Jakarta from nine in the evening to five in the morning
    db.close()

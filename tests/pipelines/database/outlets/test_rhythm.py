"""The rhythm of an outlet: how many stories are to be expected, by the hour of the day."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import story, visit

from pipelines.database import Writer
from pipelines.database.outlets.rhythm import Rhythm, last_polls, learn_rhythm, story_times

NOW = datetime(2026, 7, 15, 0, 0, tzinfo=UTC)


def at(hour: int, *, days: int = 14) -> list[datetime]:
    return [NOW - timedelta(days=day) + timedelta(hours=hour, minutes=30) for day in range(1, days + 1)]


def test_a_story_a_day_is_one_story_expected_in_a_day() -> None:
    rhythm = learn_rhythm(at(9), NOW)
    assert rhythm.expected(NOW, NOW + timedelta(days=1)) == pytest.approx(1, rel=0.05)


def test_what_is_published_at_nine_is_expected_around_nine() -> None:
    rhythm = learn_rhythm(at(9), NOW)
    around = rhythm.expected(NOW + timedelta(hours=8), NOW + timedelta(hours=11))
    assert around == pytest.approx(rhythm.expected(NOW, NOW + timedelta(days=1)))


def test_stories_of_more_than_two_weeks_ago_are_forgotten() -> None:
    old = [NOW - timedelta(days=20 + day) for day in range(10)]
    assert learn_rhythm(old, NOW) == Rhythm((0.0,) * 24)


def test_an_outlet_known_for_a_day_is_taken_by_that_day() -> None:
    rhythm = learn_rhythm([NOW - timedelta(hours=hour) for hour in range(1, 25)], NOW)
    assert rhythm.expected(NOW, NOW + timedelta(days=1)) == pytest.approx(24)


@given(st.integers(0, 5000), st.integers(0, 3000), st.integers(0, 3000))
def test_two_stretches_expect_what_the_whole_expects(start: int, first: int, second: int) -> None:
    rhythm = Rhythm(tuple(float(hour) for hour in range(24)))
    begin = NOW + timedelta(minutes=start)
    middle = begin + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    whole = rhythm.expected(begin, end)
    assert rhythm.expected(begin, middle) + rhythm.expected(middle, end) == pytest.approx(whole)


def test_a_story_without_a_time_of_day_counts_when_it_was_first_seen(writer: Writer) -> None:
    writer.store(visit(story(1, published="2026-07-04"), at="2026-07-04T05:00:00+00:00"))
    writer.store(visit(story(2, published="2026-07-04T09:30:00+07:00"), at="2026-07-04T05:00:00+00:00"))
    times = story_times(writer.db, "lamau", datetime(2026, 7, 5, tzinfo=UTC))
    assert [moment.hour for moment in times] == [2, 5]


def test_the_last_poll_of_an_outlet_is_its_last_crawl(writer: Writer) -> None:
    for command, sources in (("crawl", ["lamau", "sagara"]), ("crawl", ["lamau"]), ("import", ["tirta"])):
        writer.start_run(command, sources)
    moments = ["2026-07-04T05:00:00Z", "2026-07-04T06:00:00Z", "2026-07-04T07:00:00Z"]
    for run, moment in enumerate(moments, 1):
        writer.db.execute("UPDATE runs SET started_at = ? WHERE id = ?", (moment, run))
    polls = last_polls(writer.db, ["lamau", "sagara", "tirta"])
    assert {slug: moment.hour for slug, moment in polls.items()} == {"lamau": 6, "sagara": 5}

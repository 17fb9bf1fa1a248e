"""How much outlets publish."""

from datetime import date

from newsroom import story, visit

from pipelines.database import Writer
from pipelines.database.asking.periods import period
from pipelines.database.outlets.volume import volume, volumes

NOW = "2026-07-20T00:00:00Z"
WEEK = period(date(2026, 7, 6), 7)


def test_outlets_with_most_articles_in_the_period_come_first(writer: Writer) -> None:
    for number, (outlet, day) in enumerate([("lamau", 4), ("sagara", 4), ("sagara", 6), ("lamau", 20)], 1):
        writer.store(visit(story(number, outlet=outlet, published=f"2026-07-{day:02d}T09:00:00+07:00")))
    writer.flush()
    found = volumes(writer.db, WEEK, now=NOW)
    assert [(one.slug, one.articles) for one in found] == [("sagara", 2), ("lamau", 1)]
    assert found[0].counts == [0, 0, 0, 0, 1, 0, 1]


def test_stories_of_no_outlet_are_counted_apart(writer: Writer) -> None:
    writer.store(visit(story(1, source=None)))
    writer.flush()
    assert [(one.slug, one.articles) for one in volumes(writer.db, WEEK, now=NOW)] == [(None, 1)]


def test_a_story_dated_in_the_future_is_not_the_newest(writer: Writer) -> None:
    for number, year in enumerate((2026, 2031), 1):
        writer.store(visit(story(number, published=f"{year}-07-04T09:00:00+07:00")))
    writer.flush()
    found = volume(writer.db, "lamau", WEEK, now=NOW)
    assert found is not None
    assert found.newest == "2026-07-04T02:00:00Z"


def test_an_outlet_without_articles_is_none(writer: Writer) -> None:
    assert volume(writer.db, "lamau", WEEK, now=NOW) is None

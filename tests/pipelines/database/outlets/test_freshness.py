"""How fresh a run's stories were when they were stored."""

from newsroom import story, visit

from pipelines.database import Writer
from pipelines.database.outlets.freshness import Freshness, freshness, outlet_freshness


def stored(writer: Writer, *published: str) -> int:
    run = writer.start_run("crawl", ["lamau"])
    writer.db.execute("UPDATE runs SET started_at = '2026-07-04T04:59:00Z'")
    for number, moment in enumerate(published, 1):
        writer.store(visit(story(number, published=moment), at="2026-07-04T05:00:00+00:00"), run)
    writer.flush()
    return run


def test_ages_are_counted_from_publication_to_the_visit_that_stored_the_story(writer: Writer) -> None:
    run = stored(
        writer, "2026-07-04T11:50:00+07:00", "2026-07-04T11:55:00+07:00", "2026-07-04T04:00:00+00:00"
    )
    assert freshness(writer.db, run) == {"lamau": Freshness(3, 600, 3600)}


def test_old_stories_and_bare_dates_say_nothing_of_freshness(writer: Writer) -> None:
    run = stored(writer, "2026-06-20T09:00:00+07:00", "2026-07-04")
    assert freshness(writer.db, run) == {}


def test_a_story_dated_a_little_ahead_was_stored_at_once(writer: Writer) -> None:
    run = stored(writer, "2026-07-04T05:10:00+00:00")
    assert freshness(writer.db, run) == {"lamau": Freshness(1, 0, 0)}


def test_a_story_that_was_only_visited_again_is_not_fresh(writer: Writer) -> None:
    stored(writer, "2026-07-04T11:50:00+07:00")
    again = stored(writer, "2026-07-04T11:50:00+07:00")
    assert freshness(writer.db, again) == {}


def test_an_outlets_freshness_is_that_of_its_newest_stories(writer: Writer) -> None:
    stored(writer, "2026-07-04T11:50:00+07:00", "2026-07-04T11:55:00+07:00", "2026-07-04")
    assert outlet_freshness(writer.db, "lamau") == Freshness(2, 300, 600)
    assert outlet_freshness(writer.db, "sagara") is None

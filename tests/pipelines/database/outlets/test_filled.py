"""Which fields an outlet's records have."""

from newsroom import full_story, story, visit

from pipelines.database import Writer
from pipelines.database.outlets.filled import FIELDS, filled


def test_each_field_is_counted_by_the_stories_that_have_it(writer: Writer) -> None:
    writer.store(visit(full_story(1)))
    writer.store(visit(story(2, published="2026-07-04")))
    writer.flush()
    found = filled(writer.db, "lamau")
    assert found.stories == 2
    assert found.fields == {
        "date": 2,
        "time": 1,
        "authors": 1,
        "place": 1,
        "section": 1,
        "language": 1,
        "deck": 1,
        "tags": 1,
        "images": 1,
        "whole": 1,
        "confident": 1,
    }
    assert found.shares()["authors"] == 0.5


def test_only_the_stories_met_last_are_looked_at(writer: Writer) -> None:
    writer.store(visit(full_story(1), at="2026-07-01T05:00:00+00:00"))
    writer.store(visit(story(2), at="2026-07-02T05:00:00+00:00"))
    writer.flush()
    assert filled(writer.db, "lamau", newest=1).fields["authors"] == 0


def test_an_outlet_without_stories_has_no_shares(writer: Writer) -> None:
    found = filled(writer.db, "lamau")
    assert (found.stories, set(found.fields.values()), found.shares()) == (0, {0}, {})
    assert set(found.fields) == set(FIELDS)

"""How stories travel."""

from datetime import date

from newsroom import STORY, story, visit

from pipelines.database import Writer
from pipelines.database.asking.periods import period
from pipelines.database.asking.travels import travelled, way

JULY = period(date(2026, 7, 30), 30)
LONG = " ".join(f"{STORY} Bagian {n}." for n in range(3))


def told(writer: Writer, number: int, outlet: str, published: str, body: str) -> None:
    writer.store(visit(story(number, outlet=outlet, published=published, body=body)))


def test_a_story_is_ranked_by_its_outlets_or_by_its_articles(writer: Writer) -> None:
    for number, outlet in enumerate(("lamau", "sagara", "tirta"), 1):
        told(writer, number, outlet, f"2026-07-04T0{number}:00:00+07:00", LONG)
    other = " ".join(f"kata{n}" for n in range(120))
    for number, outlet in enumerate(("lamau", "sagara", "lamau", "sagara"), 10):
        told(writer, number, outlet, f"2026-07-05T{number}:00:00+07:00", f"{other} {number}")
    writer.flush()
    by_outlets, _ = travelled(writer.db, JULY, by="outlets")
    by_articles, amount = travelled(writer.db, JULY, by="articles")
    assert [(one.outlets, one.articles) for one in by_outlets] == [(3, 3), (2, 4)]
    assert [(one.outlets, one.articles) for one in by_articles] == [(2, 4), (3, 3)]
    assert amount == 2


def test_only_what_was_published_in_the_period_counts(writer: Writer) -> None:
    for number, (outlet, day) in enumerate((("lamau", "2026-07-04"), ("sagara", "2026-09-04")), 1):
        told(writer, number, outlet, f"{day}T09:00:00+07:00", LONG)
    writer.flush()
    assert travelled(writer.db, JULY) == ([], 0)


def test_a_way_goes_from_the_first_published_to_the_last(writer: Writer) -> None:
    told(writer, 1, "sagara", "2026-07-04T10:00:00+07:00", LONG)
    told(writer, 2, "lamau", "2026-07-04T09:00:00+07:00", LONG)
    told(writer, 3, "tirta", "2026-07-04T11:30:00+07:00", f"{LONG} Kata penutup dari kami sendiri saja.")
    writer.flush()
    found = way(writer.db, 1)
    assert found is not None
    assert [(stop.outlet, stop.seconds, stop.relation) for stop in found.stops] == [
        ("lamau", 0, None),
        ("sagara", 3600, "exact"),
        ("tirta", 9000, "near"),
    ]
    assert (found.articles, found.outlets, found.original_id) == (3, 3, 2)


def test_an_article_without_a_time_stands_last(writer: Writer) -> None:
    told(writer, 1, "lamau", "2026-07-04T09:00:00+07:00", LONG)
    writer.store(visit(story(2, outlet="sagara", published=None, body=LONG)))
    writer.flush()
    found = way(writer.db, 1)
    assert found is not None
    assert [stop.seconds for stop in found.stops] == [0, None]


def test_a_number_that_is_no_clusters_has_no_way(writer: Writer) -> None:
    assert way(writer.db, 5) is None
    assert way(writer.db, 10**18) is None

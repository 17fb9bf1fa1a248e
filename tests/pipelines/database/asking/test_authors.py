"""Who writes, for whom, from where."""

from datetime import date

import pytest
from newsroom import story, visit

from crawler.items import Dateline
from pipelines.database import Writer
from pipelines.database.asking import authors as reads
from pipelines.database.asking.authors import author, authors, find_authors
from pipelines.database.asking.periods import period

JULY = period(date(2026, 7, 30), 30)


@pytest.fixture
def newsroom(writer: Writer) -> Writer:
    for number, (name, outlet, place) in enumerate(
        [
            ("Sari Danu", "lamau", "Kudus"),
            ("Sari Danu", "sagara", "Kudus"),
            ("Sari Danu", "sagara", None),
            ("Made Puspa", "sagara", "Semarang"),
        ],
        1,
    ):
        dateline = Dateline(f"{place} -", place=place) if place else None
        body = " ".join(f"kata{number}x{n}" for n in range(60))
        writer.store(visit(story(number, outlet=outlet, authors=[name], dateline=dateline, body=body)))
    writer.flush()
    return writer


def test_authors_with_most_stories_come_first(newsroom: Writer) -> None:
    found, whole = authors(newsroom.db, JULY, 10)
    assert [(one.name, one.stories, one.outlets) for one in found] == [
        ("Sari Danu", 3, 2),
        ("Made Puspa", 1, 1),
    ]
    assert whole


def test_a_full_period_is_counted_in_its_newest_articles_and_says_so(
    newsroom: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "MOST_COUNTED", 2)
    found, whole = authors(newsroom.db, JULY, 10)
    assert sum(one.stories for one in found) == 2
    assert not whole


def test_an_authors_outlets_and_places_are_counted(newsroom: Writer) -> None:
    found = author(newsroom.db, 1, JULY, 10)
    assert found is not None
    assert (found.name, found.read, found.whole) == ("Sari Danu", 3, True)
    assert found.outlets == [("sagara", 2), ("lamau", 1)]
    assert found.places == [("Kudus", 2)]
    assert sum(found.counts) == 3


def test_a_number_that_is_nobodys_has_no_author(newsroom: Writer) -> None:
    assert author(newsroom.db, 77, JULY, 10) is None
    assert author(newsroom.db, 10**19 - 1, JULY, 10) is None


def test_authors_are_found_by_a_part_of_the_name(newsroom: Writer) -> None:
    assert [name for _, name in find_authors(newsroom.db, "DANU", 10)] == ["Sari Danu"]

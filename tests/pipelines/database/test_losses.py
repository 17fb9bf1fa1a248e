"""What a story's page lacks that it had, and which stories are asked for again to know more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from newsroom import full_story, visit

from pipelines.database import Writer
from pipelines.database.kept import fetched_pages
from pipelines.database.losses import seen_again
from pipelines.database.revisits import due, since
from pipelines.database.witnesses import MOST

MET = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


def see(writer: Writer, number: int = 1, *, hours: float = 0.0, **changes: Any) -> None:
    """A visit to a story so many hours after it was met."""
    article = full_story(number)
    article.pages, article.complete = 1, True
    article.body += f"\n\nDitulis oleh warga {number}."
    article.published = f"{MET - timedelta(days=9, minutes=number):%Y-%m-%dT%H:%M:%SZ}"
    for name, value in changes.items():
        setattr(article, name, value)
    at = f"{MET + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"
    writer.store(visit(article, at=at, content_hash=f"{number:064x}"))


@pytest.fixture
def shelf(writer: Writer) -> Writer:
    """An outlet's twenty stories without an author, seen again just now."""
    for number in range(101, 121):
        see(writer, number, authors=[])
        see(writer, number, hours=23.5, authors=[])
    return writer


def asked(writer: Writer) -> set[str]:
    """Numbers of the stories that the next crawl asks for again."""
    writer.flush()
    return {revisit.url.split("/")[4] for revisit in due(writer.db, "lamau", 2.0)}


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"authors": []}, "authors"),
        ({"dateline": None}, "dateline"),
        ({"section": None}, "section"),
        ({"published": None}, "date"),
        ({"confidence": 0.3}, "confidence"),
        ({"body": "Petani garam di Teluk Lamau mulai memanen lebih awal."}, "story length"),
    ],
)
def test_what_a_page_has_no_more_is_noted_with_the_visit(
    writer: Writer, change: dict[str, Any], lost: str
) -> None:
    see(writer)
    see(writer, hours=2, **change)
    (again,) = seen_again(writer.db, "lamau", newest=10)
    assert again.lost == {lost}


def test_what_comes_back_is_noted_too(writer: Writer) -> None:
    see(writer)
    see(writer, hours=2, authors=[])
    see(writer, hours=4)
    lost, back = seen_again(writer.db, "lamau", newest=10)
    assert "authors" in lost.lost
    assert "authors" in back.has
    reasons = writer.db.execute("SELECT reason FROM fetches ORDER BY id").fetchall()
    assert reasons == [(None,), ("lost authors",), ("gained authors",)]


def test_what_stays_cut_has_neither_kept_nor_lost_its_length(writer: Writer) -> None:
    short = "Petani garam di Teluk Lamau mulai memanen lebih awal."
    see(writer)
    see(writer, hours=2, body=short)
    see(writer, hours=4, body=short)
    *_, last = seen_again(writer.db, "lamau", newest=10)
    assert "story length" not in last.lost | last.has


def test_a_story_that_was_met_short_says_nothing_of_lengths(writer: Writer) -> None:
    for number in range(1, 5):
        see(writer, number, body="Petani garam mulai memanen." if number == 4 else full_story().body)
        see(writer, number, hours=2, body="Petani garam mulai memanen." if number == 4 else full_story().body)
    assert ["story length" in visit.has for visit in seen_again(writer.db, "lamau", newest=10)] == [
        *(True, True, True, False)
    ]


def test_a_stored_story_whose_page_is_no_article_any_more_is_seen(writer: Writer) -> None:
    run = writer.start_run("crawl", ["lamau"])
    see(writer)
    writer.refuse(visit(full_story(1), etag='"empty"'), run, reason="no story")
    (again,) = seen_again(writer.db, "lamau", newest=10)
    assert again.lost == {"no article"}


def test_the_validators_of_a_refused_page_are_not_the_articles(writer: Writer) -> None:
    run = writer.start_run("crawl", ["lamau"])
    see(writer)
    writer.refuse(visit(full_story(1), etag='"empty"'), run, reason="no story")
    (revisit,) = since(writer.db, "lamau", "2000-01-01")
    assert revisit.etag == '"a1"'
    assert fetched_pages(writer.db, 1) == []


def test_with_each_crawl_one_full_story_is_asked_for_the_longest_unseen_first(shelf: Writer) -> None:
    for number in (1, 2, 3):
        see(shelf, number)
    see(shelf, 1, hours=2)
    assert asked(shelf) == {"3"}
    see(shelf, 3, hours=3)
    assert asked(shelf) == {"2"}


def test_no_story_is_asked_for_twice_within_an_hour(shelf: Writer) -> None:
    see(shelf, 1)
    see(shelf, 1, hours=23.5)
    assert asked(shelf) == set()


def test_an_outlet_of_few_stories_has_no_witnesses(writer: Writer) -> None:
    for number in range(1, 12):
        see(writer, number)
    assert asked(writer) == set()


def test_where_a_story_lost_something_a_few_others_are_asked_for(shelf: Writer) -> None:
    for number in range(1, 12):
        see(shelf, number)
    see(shelf, 7, hours=2, authors=[])
    witnesses = asked(shelf)
    assert len(witnesses) == MOST
    assert "7" not in witnesses


def test_when_the_others_lost_nothing_the_matter_is_at_rest(shelf: Writer) -> None:
    for number in range(1, 12):
        see(shelf, number)
    see(shelf, 7, hours=2, authors=[])
    for number in range(1, 6):
        see(shelf, number, hours=3)
    assert len(asked(shelf)) == 1


def test_when_enough_stories_lost_something_no_more_are_asked_for(shelf: Writer) -> None:
    for number in range(1, 12):
        see(shelf, number)
    for number in range(1, 7):
        see(shelf, number, hours=2, authors=[])
    assert len(asked(shelf)) == 1

"""Notes on their way: what goes in comes out, and what is no note is told."""

from __future__ import annotations

import pytest
from stories import full_story, story

from crawler.cluster.notes import Entry, Note, pack_entry, unpack_entry
from crawler.items import Candidate, Fetch, RawPage, Visit
from pipelines.database.lists import ListState, Reach


def through(*notes: Note) -> Entry:
    fields = pack_entry(Entry(7, 3, notes))
    as_redis_gives = {
        name.encode(): value.encode() if isinstance(value, str) else value for name, value in fields.items()
    }
    return unpack_entry(as_redis_gives)


def visit() -> Visit:
    article = full_story()
    fetch = Fetch(article.url, article.url, "2026-07-04T05:00:00+00:00", 200, etag='"satu"', size=12)
    pages = [RawPage(article.url, fetch.fetched_at, b"\x00\xff <html>", "text/html", {"etag": '"satu"'})]
    candidate = Candidate(article.url, "lamau", "https://www.lamau.example/feed", "Panen")
    return Visit(article, fetch, candidate, pages)


def test_a_visit_arrives_with_every_field_and_its_pages() -> None:
    entry = through(Note("store", {"visit": visit()}))
    assert (entry.session, entry.number) == (7, 3)
    assert entry.notes[0].arguments["visit"] == visit()


def test_a_text_that_is_no_unicode_arrives_as_it_was() -> None:
    broken = visit()
    broken.article = story(1, headline="Panen \ud83d garam")
    assert through(Note("store", {"visit": broken})).notes[0].arguments["visit"].article == broken.article


def test_candidates_fetches_and_lists_arrive_as_they_were() -> None:
    state = ListState(
        '"a"',
        None,
        "00ff",
        3,
        [("https://a.example/2.xml", None)],
        "r",
        Reach("2026-07-01T00:00:00Z", True, None),
    )
    notes = [
        Note("note_list", {"url": "https://a.example/1.xml", "source": "a", "state": state}),
        Note("record_fetch", {"fetch": visit().fetch, "outcome": "gone", "reason": "http 410"}),
        Note("add", {"candidates": [Candidate("https://a.example/1", "a")]}),
    ]
    assert through(*notes).notes == notes


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {b"notes": b""},
        {b"session": b"1", b"number": b"1", b"form": b"99"},
        {b"session": b"1", b"number": b"1", b"form": b"1"},
        {b"session": b"1", b"number": b"1", b"form": b"1", b"notes": b"bukan zlib"},
        {b"session": b"satu", b"number": b"1", b"form": b"1"},
    ],
)
def test_what_is_no_entry_is_told_as_such(broken: dict[bytes, bytes]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (each says something else)
        unpack_entry(broken)

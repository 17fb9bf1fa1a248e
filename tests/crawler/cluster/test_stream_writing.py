"""The writer of a cluster, with a real Redis: what comes twice is written once, a gap ends all."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from clustering import wait_until
from stories import story

from crawler.cluster.connection import ENDED, GROUP, REPLIES, STREAM
from crawler.cluster.notes import Entry, Note, pack_entry, unpack
from crawler.cluster.writing import StreamWriter
from crawler.errors import DatabaseError
from crawler.items import Candidate, Fetch, Visit
from pipelines.database import open_database


class Crawl:
    """The crawler's end of a session, as the stream sees it."""

    def __init__(self, client: Any, session: int, *sources: str) -> None:
        self.client, self.session, self.number, self.sources = client, session, 0, sources or ("lamau",)

    def open(self) -> dict[str, Any]:
        asked = {"sources": list(self.sources), "arguments": {}, "revisit_days": 2}
        briefing: dict[str, Any] = self.ask(Note("open", asked))
        return briefing

    def note(self, *notes: Note) -> dict[str, Any]:
        self.number += 1
        fields: dict[str, Any] = pack_entry(Entry(self.session, self.number, notes))
        self.client.xadd(STREAM, fields)
        return fields

    def ask(self, *notes: Note) -> Any:
        self.note(*notes)
        return self.answer()

    def answer(self) -> Any:
        found = self.client.blpop([f"{REPLIES}{self.session}"], timeout=20)
        assert found is not None, "there was no answer"
        number, said = unpack(found[1])
        assert number == self.number
        return said

    def find(self, *numbers: int) -> list[int]:
        candidates = [Candidate(story(number).url, self.sources[0]) for number in numbers]
        found: list[int] = self.ask(Note("add", {"candidates": candidates}))
        return found

    def close(self) -> None:
        self.ask(Note("close", {"reason": "finished", "stats": {}, "failed": {}}))


def stored(number: int) -> Note:
    article = story(number)
    return Note(
        "store", {"visit": Visit(article, Fetch(article.url, article.url, "2026-07-04T05:00:00Z", 200))}
    )


def fetched() -> Note:
    return Note("count", {"source": "lamau", "what": "fetched", "amount": 1, "reason": None})


@contextmanager
def writing(directory: Path, url: str) -> Iterator[StreamWriter]:
    writer = StreamWriter(directory / "news.db", url, None)
    thread = Thread(target=writer.run)
    thread.start()
    try:
        yield writer
    finally:
        writer.stop()
        thread.join(20)
        assert not thread.is_alive()


def ask(directory: Path, sql: str) -> list[tuple[Any, ...]]:
    db = open_database(directory / "news.db", readonly=True)
    try:
        return list(db.execute(sql).fetchall())
    finally:
        db.close()


def test_what_a_crawl_notes_is_written_and_leaves_the_stream(
    tmp_path: Path, redis_url: str, client: Any
) -> None:
    with writing(tmp_path, redis_url):
        crawl = Crawl(client, 1)
        assert crawl.open()["run"] == 1
        assert crawl.find(1, 2) == [0, 1]
        crawl.note(fetched(), stored(1))
        crawl.note(fetched(), stored(2))
        crawl.close()
        wait_until(lambda: client.xlen(STREAM) == 0, 5)
    assert ask(tmp_path, "SELECT headline FROM articles ORDER BY id") == [
        ("Panen Garam 1",),
        ("Panen Garam 2",),
    ]
    assert ask(tmp_path, "SELECT what, amount FROM run_sources ORDER BY what") == [
        ("fetched", 2),
        ("found", 2),
        ("stored", 2),
    ]
    assert ask(tmp_path, "SELECT reason FROM runs") == [("finished",)]
    assert client.xpending(STREAM, GROUP)["pending"] == 0


def test_a_note_that_comes_twice_is_written_once(tmp_path: Path, redis_url: str, client: Any) -> None:
    with writing(tmp_path, redis_url):
        crawl = Crawl(client, 1)
        crawl.open()
        again = crawl.note(fetched(), stored(1))
        client.xadd(STREAM, again)
        crawl.close()
    assert ask(tmp_path, "SELECT what, amount FROM run_sources ORDER BY what") == [
        ("fetched", 1),
        ("stored", 1),
    ]
    assert ask(tmp_path, "SELECT count(*) FROM fetches") == [(1,)]


def test_a_question_that_comes_twice_has_the_same_answer(tmp_path: Path, redis_url: str, client: Any) -> None:
    with writing(tmp_path, redis_url):
        crawl = Crawl(client, 1)
        crawl.open()
        question = Note("add", {"candidates": [Candidate(story(1).url, "lamau")]})
        fields = crawl.note(question)
        assert crawl.answer() == [0]
        client.xadd(STREAM, fields)
        assert crawl.answer() == [0]


def test_a_gap_ends_the_session_and_nothing_behind_it_is_written(
    tmp_path: Path, redis_url: str, client: Any
) -> None:
    with writing(tmp_path, redis_url):
        crawl = Crawl(client, 1)
        crawl.open()
        crawl.note(stored(1))
        crawl.number += 1  # one is lost
        crawl.note(stored(3))
        wait_until(lambda: bool(client.exists(f"{ENDED}1")), 10)
    assert ask(tmp_path, "SELECT headline FROM articles") == [("Panen Garam 1",)]


def test_a_younger_session_ends_the_older_one_of_its_outlet(
    tmp_path: Path, redis_url: str, client: Any
) -> None:
    with writing(tmp_path, redis_url):
        older, younger, other = Crawl(client, 1), Crawl(client, 2), Crawl(client, 3, "sinar")
        older.open()
        other.open()
        older.find(1)
        assert [each["url"] for each in younger.open()["pending"]["lamau"]] == [story(1).url]
        older.note(stored(1))
        wait_until(lambda: bool(client.exists(f"{ENDED}1")), 10)
        assert other.find(5) == [0]
        assert not client.exists(f"{ENDED}3")
    assert ask(tmp_path, "SELECT count(*) FROM articles") == [(0,)]


def test_a_session_that_comes_too_late_does_not_begin(tmp_path: Path, redis_url: str, client: Any) -> None:
    with writing(tmp_path, redis_url):
        Crawl(client, 2).open()
        Crawl(client, 1).note(Note("open", {"sources": ["lamau"], "arguments": {}, "revisit_days": 2}))
        wait_until(lambda: bool(client.exists(f"{ENDED}1")), 10)
    assert ask(tmp_path, "SELECT id FROM crawl_sessions") == [(2,)]


def test_what_was_given_out_and_not_acknowledged_is_written_by_the_next_writer(
    tmp_path: Path, redis_url: str, client: Any
) -> None:
    with writing(tmp_path, redis_url):
        crawl = Crawl(client, 1)
        crawl.open()
    crawl.note(fetched(), stored(1))
    # As a writer does that dies before it has written what it was given.
    assert client.xreadgroup(GROUP, "writer", {STREAM: ">"}, count=10)
    with writing(tmp_path, redis_url):
        wait_until(lambda: client.xlen(STREAM) == 0, 10)
    assert ask(tmp_path, "SELECT count(*) FROM articles") == [(1,)]


def test_a_crawl_that_begins_knows_what_waits_what_was_read_and_how_the_last_one_ended(
    tmp_path: Path, redis_url: str, client: Any
) -> None:
    with writing(tmp_path, redis_url):
        killed = Crawl(client, 1)
        assert not killed.open()["cut_short"]
        killed.find(1, 2)
        killed.note(stored(1))
        briefing = Crawl(client, 2).open()
        assert briefing["cut_short"]
        assert [each["url"] for each in briefing["pending"]["lamau"]] == [story(2).url]


def test_an_entry_that_cannot_be_read_is_told_and_holds_up_no_other(
    tmp_path: Path, redis_url: str, client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, "crawler.cluster")
    with writing(tmp_path, redis_url):
        client.xadd(STREAM, {"bukan": "catatan"})
        assert Crawl(client, 1).open()["run"] == 1
    assert "cannot be read" in caplog.text


def test_a_second_writer_is_told_of_the_first(tmp_path: Path, redis_url: str, client: Any) -> None:
    (tmp_path / "lain").mkdir()
    with writing(tmp_path, redis_url):
        Crawl(client, 1).open()
        with pytest.raises(DatabaseError, match=r"has a writer already, .*news\.db"):
            StreamWriter(tmp_path / "lain" / "news.db", redis_url, None).run()

"""A host that blocked a crawl is let be by those that follow, until its rest is over."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crawling import Answer, Server
from one_outlet import HTML, article, crawled, index

LISTED = 'listing_pages = ["HERE/"]'
STORY = "/berita/1-gotong-royong"
TOUCHY = {"WARTA_REFUSALS": 1}


def blocking(status: int = 403, **headers: str) -> dict[str, Answer | list[Answer]]:
    """A site that blocks whoever asks for its story, the first time."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"/": index(1), STORY: [Answer(status=status, headers=HTML | named), article(1)]}


def rest_of(directory: Path) -> tuple[str, timedelta, int] | None:
    """Why the host rests, how long yet, and for which time."""
    with sqlite3.connect(directory / "news.db") as db:
        row = db.execute("SELECT why, until, times FROM host_rests").fetchone()
    db.close()
    return row and (row[0], datetime.fromisoformat(row[1]) - datetime.now(UTC), row[2])


def let_pass(directory: Path, hours: int) -> None:
    with sqlite3.connect(directory / "news.db") as db:
        for table, column in (("host_rests", "until"), ("frontier", "next_try")):
            db.execute(
                f"UPDATE {table} SET {column} = strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '-{hours} hours')"
            )
    db.close()


def test_it_is_asked_for_nothing_and_named_with_the_end_of_its_rest(tmp_path: Path) -> None:
    with Server(blocking()) as server:
        crawled(tmp_path, server, LISTED, settings=TOUCHY)
        report = crawled(tmp_path, server, LISTED, settings=TOUCHY)
        assert server.log == []
    [host] = report.hosts.values()
    assert host.left_alone is not None
    assert host.left_alone.startswith("http 403, left alone until 20")
    why, left, times = rest_of(tmp_path) or pytest.fail("it does not rest")
    assert (why, times) == ("http 403, left alone", 1)
    assert timedelta(minutes=58) < left <= timedelta(hours=1)


def test_after_its_rest_it_is_asked_again_and_a_page_ends_the_matter(tmp_path: Path) -> None:
    with Server(blocking()) as server:
        crawled(tmp_path, server, LISTED, settings=TOUCHY)
        let_pass(tmp_path, 2)
        report = crawled(tmp_path, server, LISTED, settings=TOUCHY)
    assert report.tallies[0].amounts["stored"] == 1
    assert rest_of(tmp_path) is None


def test_one_that_goes_on_rests_longer(tmp_path: Path) -> None:
    site = blocking() | {"/": Answer(status=403), STORY: Answer(status=403)}
    with Server(site) as server:
        crawled(tmp_path, server, LISTED, settings=TOUCHY)
        let_pass(tmp_path, 2)
        crawled(tmp_path, server, LISTED, settings=TOUCHY)
    _, left, times = rest_of(tmp_path) or pytest.fail("it does not rest")
    assert times == 2
    assert timedelta(hours=3) < left <= timedelta(hours=4)


def test_it_rests_as_long_as_it_asked_for(tmp_path: Path) -> None:
    with Server(blocking(429, Retry_After="7200")) as server:
        crawled(tmp_path, server, LISTED)
    why, left, _ = rest_of(tmp_path) or pytest.fail("it does not rest")
    assert why == "http 429, left alone"
    assert timedelta(minutes=118) < left <= timedelta(hours=2)


def test_it_is_asked_all_the_same_where_the_operator_wants_it(tmp_path: Path) -> None:
    with Server(blocking()) as server:
        crawled(tmp_path, server, LISTED, settings=TOUCHY)
        crawled(tmp_path, server, LISTED, settings=TOUCHY | {"WARTA_REST_HOURS": 0})
        assert [path for _, path, _ in server.log if path == "/"] == ["/"]


def test_one_that_is_silent_does_not_rest(tmp_path: Path) -> None:
    with Server({"/": index(1), STORY: Answer(wait=3.0)}) as server:
        crawled(
            tmp_path,
            server,
            LISTED,
            settings={"WARTA_PATIENCE": 1, "DOWNLOAD_TIMEOUT": 0.5, "RETRY_ENABLED": False},
        )
    assert rest_of(tmp_path) is None

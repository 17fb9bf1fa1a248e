"""A page that came and was not read before its crawl was killed is not asked for again."""

from __future__ import annotations

import os
import signal
import sqlite3
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from crawling import Answer, Server
from one_outlet import HTML, article, crawled, index

from crawler.spiders import reading

LISTED = 'listing_pages = ["HERE/"]'
STORY = "/berita/1-gotong-royong"


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_while_reading(directory: Path, server: Server, **options: Any) -> None:
    with patch.object(reading, "extract", die), pytest.raises(AssertionError, match="without a result"):
        crawled(directory, server, LISTED, **options)


def asked_for(server: Server) -> list[str]:
    return [path for _, path, _ in server.log if path == STORY]


def test_it_is_read_by_the_next_crawl_as_it_came(tmp_path: Path) -> None:
    with Server({"/": index(1), STORY: article(1)}) as server:
        killed_while_reading(tmp_path, server)
        assert asked_for(server) == [STORY]
        report = crawled(tmp_path, server, LISTED)
        assert asked_for(server) == []
    assert report.tallies[0].amounts["stored"] == 1
    with sqlite3.connect(tmp_path / "news.db") as db:
        fetched = db.execute("SELECT url, requested_url, status, page_id FROM fetches").fetchall()
    db.close()
    assert fetched == [(server.url + STORY, None, 200, 1)]


def test_it_is_asked_for_where_pages_are_not_kept(tmp_path: Path) -> None:
    with Server({"/": index(1), STORY: article(1)}) as server:
        killed_while_reading(tmp_path, server, settings={"WARTA_PAGES": "off"})
        crawled(tmp_path, server, LISTED, settings={"WARTA_PAGES": "off"})
        assert asked_for(server) == [STORY]


@pytest.mark.parametrize("where", ["header", "page"])
def test_one_that_may_ask_for_no_copy_is_asked_for_again(tmp_path: Path, where: str) -> None:
    story = article(1)
    if where == "header":
        story = Answer(story.body, headers={**HTML, "X-Robots-Tag": "noarchive"})
    else:
        story = Answer(b'<meta name="robots" content="NoArchive">' + bytes(story.body), headers=HTML)
    with Server({"/": index(1), STORY: story}) as server:
        killed_while_reading(tmp_path, server)
        crawled(tmp_path, server, LISTED)
        assert asked_for(server) == [STORY]


def test_one_of_long_ago_is_asked_for_again(tmp_path: Path) -> None:
    with Server({"/": index(1), STORY: article(1)}) as server:
        killed_while_reading(tmp_path, server)
        with sqlite3.connect(tmp_path / "news-pages.db") as pages:
            pages.execute("UPDATE pages SET kept_at = strftime('%Y-%m-%dT%H:%M:%SZ', kept_at, '-7 hours')")
        pages.close()
        crawled(tmp_path, server, LISTED)
        assert asked_for(server) == [STORY]

"""What an outlet's servers sent, summed up while a crawl goes on."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from crawling import Answer, Server
from one_outlet import XML, article, crawled

from crawler.extensions.traffic import Traffic


def test_what_was_taken_is_not_given_again() -> None:
    traffic = Traffic()
    traffic.note("lamau", 200, 1000, 5.0)
    traffic.note("lamau", 304, 0, 9.0)
    assert list(traffic.take()) == [
        ("lamau", "bytes", 1000),
        ("lamau", "not modified", 1),
        ("lamau", "requests", 2),
        ("lamau", "seconds", 4),
    ]
    traffic.note("lamau", 200, 500, 12.0)
    assert list(traffic.take()) == [
        ("lamau", "bytes", 500),
        ("lamau", "requests", 1),
        ("lamau", "seconds", 3),
    ]


def test_seconds_begin_with_the_first_request_not_with_its_answer() -> None:
    traffic = Traffic()
    traffic.ask("lamau", 2.0)
    traffic.note("lamau", 200, 1, 8.0)
    assert ("lamau", "seconds", 6) in list(traffic.take())


def test_a_crawl_counts_every_answer_of_the_outlet_and_its_bytes(tmp_path: Path) -> None:
    feed = "<rss><channel><item><link>HERE/berita/1-gotong-royong</link></item></channel></rss>"
    with Server({}) as server:
        server.site["/feed"] = Answer(feed.replace("HERE", server.url).encode(), headers=XML)
        server.site["/berita/1-gotong-royong"] = article(1)
        report = crawled(tmp_path, server, 'feeds = ["HERE/feed"]')
        sent = [server.site[path] for path in server.paths() if path in server.site]
    (tally,) = report.tallies
    assert tally.amounts["requests"] == len(server.log) == 3
    assert tally.amounts["bytes"] == sum(len(answer.body) for answer in sent)


def test_a_list_that_has_not_changed_counts_as_not_modified(tmp_path: Path) -> None:
    feed = "<rss><channel><item><link>HERE/berita/1-gotong-royong</link></item></channel></rss>"
    with Server({}) as server:
        first = Answer(feed.replace("HERE", server.url).encode(), headers={**XML, "ETag": '"a"'})
        server.site["/feed"] = [first, Answer(b"", 304)]
        server.site["/berita/1-gotong-royong"] = article(1)
        crawled(tmp_path, server, 'feeds = ["HERE/feed"]')
        report = crawled(tmp_path, server, 'feeds = ["HERE/feed"]')
    assert report.tallies[0].amounts["not modified"] == 1
    db = sqlite3.connect(tmp_path / "news.db")
    (sources,) = db.execute("SELECT sources FROM runs WHERE id = 2").fetchone()
    assert json.loads(sources) == ["uji"]

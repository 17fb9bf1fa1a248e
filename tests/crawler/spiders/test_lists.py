"""Lists that have not changed: asked for with their validators, not read again, and nothing lost by it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from crawling import Answer, Server
from one_outlet import HTML, XML, article, crawled, index

from crawler.items import Candidate
from pipelines.database import Writer, open_database

FEED = 'feeds = ["HERE/feed"]'
SITEMAP = 'sitemaps = ["HERE/indeks.xml"]'
INDEX = 'index_pages = ["HERE/indeks?page={page}"]'


class Careful(Server):
    """A host that answers 304 to whoever has its ETag, and forbids keeping anything."""

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        found = super().answer(path, headers)
        tag = f'"{hash(found.body)}"'
        if found.status != 200 or path.startswith("/berita"):
            return found
        said = {**found.headers, "ETag": tag, "Cache-Control": "no-cache, no-store"}
        if headers.get("If-None-Match") == tag:
            return Answer(b"", 304, said)
        return Answer(found.body, 200, said)


def pages() -> dict[str, Answer | list[Answer]]:
    return {f"/berita/{number}-gotong-royong": article(number) for number in range(1, 13)}


def feed(*entries: tuple[int, str]) -> Answer:
    items = "".join(
        f"<item><link>HERE/berita/{number}-gotong-royong</link><title>G</title><pubDate>{date}</pubDate></item>"
        for number, date in entries
    )
    return Answer(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), headers=XML)


def put(server: Server, path: str, answer: Answer) -> None:
    server.site[path] = Answer(answer.body.replace(b"HERE", server.url.encode()), headers=answer.headers)


NEW = "Sun, 01 Nov 2026 08:00:00 +0700"
OLD = "Wed, 01 Jul 2026 08:00:00 +0700"


@pytest.fixture
def server() -> Iterator[Server]:
    with Careful(pages()) as server:
        put(server, "/feed", feed((1, NEW), (2, OLD)))
        yield server


@pytest.fixture
def plain() -> Iterator[Server]:
    """A host without validators."""
    with Server(pages()) as server:
        put(server, "/feed", feed((1, NEW), (2, OLD)))
        yield server


def conditional(server: Server) -> list[str]:
    return [path for _, path, headers in server.log if "If-None-Match" in headers]


def test_a_feed_is_asked_for_with_its_validators_though_it_forbids_keeping_it(
    server: Server, tmp_path: Path
) -> None:
    crawled(tmp_path, server, FEED)
    assert conditional(server) == []
    report = crawled(tmp_path, server, FEED)
    assert conditional(server) == ["/feed"]
    assert report.stats["downloader/response_status_count/304"] == 1
    assert report.stats["warta/lists/unchanged"] == 1
    assert report.failed == {}


def test_what_waits_is_asked_for_though_the_list_has_not_changed(server: Server, tmp_path: Path) -> None:
    crawled(tmp_path, server, FEED, limit=1)
    report = crawled(tmp_path, server, FEED)
    assert conditional(server) == ["/feed"]
    assert report.tallies[0].amounts["stored"] == 1
    assert report.left == {}


def test_a_list_that_changes_is_read(server: Server, tmp_path: Path) -> None:
    crawled(tmp_path, server, FEED)
    put(server, "/feed", feed((3, NEW), (1, NEW), (2, OLD)))
    assert crawled(tmp_path, server, FEED).tallies[0].amounts["stored"] == 1


def test_a_list_without_validators_is_known_by_its_content(plain: Server, tmp_path: Path) -> None:
    crawled(tmp_path, plain, FEED)
    report = crawled(tmp_path, plain, FEED)
    assert "warta/lists/read" not in report.stats
    assert report.stats["warta/lists/unchanged"] == 1


def test_a_longer_period_reads_the_list_again(server: Server, tmp_path: Path) -> None:
    assert crawled(tmp_path, server, FEED, since="2026-10-01").tallies[0].amounts["stored"] == 1
    assert crawled(tmp_path, server, FEED, since="2026-10-10").tallies[0].amounts["stored"] == 0
    assert conditional(server) == ["/feed"]
    assert crawled(tmp_path, server, FEED, since="2026-06-01").tallies[0].amounts["stored"] == 1
    assert conditional(server) == []


def test_an_outlet_that_is_declared_anew_has_its_lists_read_again(server: Server, tmp_path: Path) -> None:
    crawled(tmp_path, server, FEED + "\nexclude_url = '/1-'")
    assert crawled(tmp_path, server, FEED).tallies[0].amounts["stored"] == 1


def test_sitemaps_under_an_index_that_has_not_changed_are_asked_for(server: Server, tmp_path: Path) -> None:
    def names(*numbers: int) -> Answer:
        urls = "".join(f"<url><loc>HERE/berita/{number}-gotong-royong</loc></url>" for number in numbers)
        return Answer(f"<urlset>{urls}</urlset>".encode(), headers=XML)

    further = b"<sitemapindex><sitemap><loc>HERE/satu.xml</loc></sitemap></sitemapindex>"
    put(server, "/indeks.xml", Answer(further, headers=XML))
    put(server, "/satu.xml", names(1))
    crawled(tmp_path, server, SITEMAP)
    put(server, "/satu.xml", names(1, 2))
    report = crawled(tmp_path, server, SITEMAP)
    assert conditional(server) == ["/indeks.xml", "/satu.xml"]
    assert report.tallies[0].amounts["stored"] == 1


def test_a_walk_that_was_cut_short_goes_on_behind_pages_that_have_not_changed(
    server: Server, tmp_path: Path
) -> None:
    for page in range(1, 5):
        server.site[f"/indeks?page={page}"] = index(*range(page * 3 - 2, page * 3 + 1))
    assert crawled(tmp_path, server, INDEX, settings={"WARTA_INDEX_PAGES": 1}).reason == "finished"
    with sqlite3.connect(tmp_path / "news.db") as db:
        db.execute("UPDATE runs SET reason = NULL")
    db.close()
    report = crawled(tmp_path, server, INDEX)
    assert conditional(server) == ["/indeks?page=1"]
    assert report.tallies[0].amounts["stored"] == 9


def test_a_page_of_an_index_that_has_not_changed_ends_the_walk(server: Server, tmp_path: Path) -> None:
    server.site |= {"/indeks?page=1": index(1, 2), "/indeks?page=2": index(3)}
    crawled(tmp_path, server, INDEX)
    crawled(tmp_path, server, INDEX)
    assert server.paths() == ["/robots.txt", "/indeks?page=1"]


def test_what_robots_txt_forbade_is_asked_about_again_though_the_list_has_not_changed(
    server: Server, tmp_path: Path
) -> None:
    server.site["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /berita/1-\n")
    crawled(tmp_path, server, FEED)
    del server.site["/robots.txt"]
    with sqlite3.connect(tmp_path / "news.db") as db:
        db.execute("UPDATE frontier SET settled_at = strftime('%Y-%m-%dT%H:%M:%SZ', settled_at, '-25 hours')")
    db.close()
    report = crawled(tmp_path, server, FEED)
    assert conditional(server) == ["/feed"]
    assert report.tallies[0].amounts["found"] == report.tallies[0].amounts["stored"] == 1


def test_a_list_with_nothing_in_it_is_read_again(plain: Server, tmp_path: Path) -> None:
    plain.site["/feed"] = Answer(b"<html>Segera kembali</html>", headers=HTML)
    for _ in range(2):
        assert crawled(tmp_path, plain, FEED).failed == {"uji": "nothing in it"}


@pytest.mark.slow
def test_memory_holds_a_window_of_what_waits_and_the_crawl_comes_to_all_of_it(tmp_path: Path) -> None:
    numbers = range(1, 501)
    site: dict[str, Answer | list[Answer]] = {f"/berita/{n}-gotong-royong": article(n) for n in numbers}
    with Server(site | {"/kabar": index(1)}) as server:
        with Writer(open_database(tmp_path / "news.db", create=True)) as writer:
            writer.found([Candidate(f"{server.url}/berita/{n}-gotong-royong", "uji") for n in numbers], None)
        writer.db.close()
        report = crawled(tmp_path, server, 'listing_pages = ["HERE/kabar"]')
        assert len(server.paths()) == len(set(server.paths())) == 502
    assert report.tallies[0].amounts["fetched"] == 500
    assert report.left == {}
    assert report.stats["scheduler/enqueued"] == 501

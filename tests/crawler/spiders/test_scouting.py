"""How far lists are followed: to known ground, through gaps, within bounds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from crawling import Answer, Server
from one_outlet import HTML, XML, article, crawled, index


@pytest.fixture
def server() -> Iterator[Server]:
    """Twelve articles on four pages of an index."""
    site: dict[str, Answer | list[Answer]] = {
        f"/berita/{number}-gotong-royong": article(number) for number in range(1, 13)
    }
    site |= {f"/indeks?page={page}": index(*range(page * 3 - 2, page * 3 + 1)) for page in range(1, 5)}
    with Server(site) as server:
        yield server


INDEX = 'index_pages = ["HERE/indeks?page={page}"]'


def test_an_index_is_followed_to_its_end(server: Server, tmp_path: Path) -> None:
    report = crawled(tmp_path, server, INDEX)
    assert report.tallies[0].amounts["stored"] == 12
    assert report.tallies[0].amounts["failed"] == 0


def test_known_ground_ends_the_walk(server: Server, tmp_path: Path) -> None:
    crawled(tmp_path, server, INDEX)
    crawled(tmp_path, server, INDEX)
    assert server.paths() == ["/robots.txt", "/indeks?page=1"]


def test_after_a_limited_crawl_the_walk_goes_on_behind_known_ground(server: Server, tmp_path: Path) -> None:
    assert crawled(tmp_path, server, INDEX, limit=2).reason == "limit"
    report = crawled(tmp_path, server, INDEX)
    assert report.tallies[0].amounts["stored"] == 10
    assert report.left == {}


def test_no_more_pages_of_an_index_are_read_than_is_set(server: Server, tmp_path: Path) -> None:
    report = crawled(tmp_path, server, INDEX, settings={"WARTA_INDEX_PAGES": 2})
    assert report.tallies[0].amounts["found"] == 6


def test_an_index_that_repeats_itself_ends(server: Server, tmp_path: Path) -> None:
    server.site |= {f"/indeks?page={page}": index(1, 2, 3) for page in range(1, 30)}
    crawled(tmp_path, server, INDEX, since="2026-01-01")
    assert len([path for path in server.paths() if path.startswith("/indeks")]) == 2


def test_sitemaps_that_name_each_other_end(server: Server, tmp_path: Path) -> None:
    def names(url: str) -> Answer:
        return Answer(
            f"<sitemapindex><sitemap><loc>{url}</loc></sitemap></sitemapindex>".encode(), headers=XML
        )

    server.site |= {"/a.xml": names(f"{server.url}/b.xml"), "/b.xml": names(f"{server.url}/a.xml")}
    crawled(tmp_path, server, 'sitemaps = ["HERE/a.xml"]')
    assert len(server.paths()) <= 4


def test_without_any_list_the_homepage_is_read(server: Server, tmp_path: Path) -> None:
    server.site["/"] = index(4, 5)
    report = crawled(tmp_path, server, 'homepage = "HERE/"')
    assert report.tallies[0].amounts["stored"] == 2


def test_links_to_other_sites_are_not_followed(server: Server, tmp_path: Path) -> None:
    feed = "<rss version='2.0'><channel><item><link>http://127.0.0.9:1/berita/1</link></item></channel></rss>"
    server.site["/feed"] = Answer(feed.encode(), headers=XML)
    report = crawled(tmp_path, server, 'feeds = ["HERE/feed"]')
    assert report.tallies[0].amounts["found"] == 0
    assert report.failed == {}


def test_a_feed_that_is_none_is_a_fault_of_the_outlet(server: Server, tmp_path: Path) -> None:
    server.site["/feed"] = Answer(b"<html>Segera kembali</html>", headers=HTML)
    report = crawled(tmp_path, server, 'feeds = ["HERE/feed"]')
    assert report.failed == {"uji": "nothing in it"}
    assert report.tallies[0].reasons["failed"] == {"feed: nothing in it": 1}


def test_lists_that_robots_txt_forbids_are_not_read(server: Server, tmp_path: Path) -> None:
    server.site["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /indeks\n")
    report = crawled(tmp_path, server, INDEX)
    assert report.failed == {"uji": "robots.txt"}
    assert server.paths() == ["/robots.txt"]


POSTS = 'post_pages = ["HERE/wp-json/wp/v2/posts?page={page}"]'


def posts(server: Server, *dated: tuple[int, str]) -> Answer:
    listed = [
        {"link": f"{server.url}/berita/{number}-gotong-royong", "date_gmt": date, "title": {"rendered": "G"}}
        for number, date in dated
    ]
    return Answer(json.dumps(listed).encode(), headers={"Content-Type": "application/json"})


def test_posts_are_followed_page_by_page_to_the_period_s_end(server: Server, tmp_path: Path) -> None:
    days = ("2026-07-06", "2026-07-05", "2026-07-01", "2026-06-01")
    for page, day in enumerate(days, 1):
        server.site[f"/wp-json/wp/v2/posts?page={page}"] = posts(server, (page, f"{day}T03:00:00"))
    report = crawled(tmp_path, server, POSTS, since="2026-07-04")
    assert report.tallies[0].amounts["stored"] == 2
    assert [path for path in server.paths() if path.startswith("/wp-json")][-1].endswith("page=3")


def test_the_end_of_the_posts_is_no_fault(server: Server, tmp_path: Path) -> None:
    server.site |= {
        "/wp-json/wp/v2/posts?page=1": posts(server, (1, "2026-07-06T03:00:00")),
        "/wp-json/wp/v2/posts?page=2": Answer(b'{"code": "rest_post_invalid_page_number"}', 400),
    }
    report = crawled(tmp_path, server, POSTS)
    assert report.tallies[0].amounts["stored"] == 1
    assert report.tallies[0].reasons == {}

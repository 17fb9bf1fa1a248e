"""Checking outlets: each endpoint is asked for once, and what is wrong with it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crawling import FAST, Answer, Server, in_own_process

from crawler.run import check_sources
from crawler.spiders.check import SourceCheck

NOW = datetime.now(UTC)
SENTENCE = "Warga desa menyelesaikan dermaga apung setelah bekerja bersama selama tiga bulan penuh. "
STORY = f"""<html lang="id"><head><title>Dermaga Apung Selesai</title></head><body><article>
<h1>Dermaga Apung Selesai</h1><time datetime="2026-02-01T09:30:00+07:00">1 Februari 2026 09.30</time>
<div class="isi">{"".join(f"<p>Bagian {n}: {SENTENCE}</p>" for n in range(6))}</div>
</article></body></html>""".encode()


def feed(root: str, *paths: str, day: datetime = NOW) -> bytes:
    date = f"<pubDate>{day:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
    items = "".join(f"<item><title>Dermaga</title><link>{root}{path}</link>{date}</item>" for path in paths)
    return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()


OUTLET = """
name = "Kabar Dermaga"
domains = ["{netloc}"]
article_url = ['^https?://[^/]+/berita/\\d+']
feeds = ["http://{netloc}/baik", "http://{netloc}/tiada", "http://{netloc}/lama", "http://{netloc}/lain"]
sitemaps = ["http://{netloc}/rusak.xml"]

[[rules]]
headline = "h1"
body = ".hilang"
tags = ".topik"

[[rules]]
until = 2020-01-01
body = ".kuno"
"""


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> SourceCheck:
    """An outlet with one good feed and four faulty endpoints."""
    directory = tmp_path_factory.mktemp("sources")
    with Server({}) as server:
        xml = {"Content-Type": "application/rss+xml"}
        root = server.url
        old = NOW - timedelta(days=30)
        server.site |= {
            "/robots.txt": Answer(b"User-agent: *\nAllow: /\n", headers={"Content-Type": "text/plain"}),
            "/baik": Answer(feed(root, "/berita/1", "/rubrik/2"), headers=xml),
            "/lama": Answer(feed(root, "/berita/3", day=old), headers=xml),
            "/lain": Answer(feed(root, "/rubrik/4", "/rubrik/5"), headers=xml),
            "/rusak.xml": Answer(b"<html>Sibuk</html>", headers=xml),
            "/berita/1": Answer(STORY),
        }
        (directory / "dermaga.toml").write_text(OUTLET.replace("{netloc}", server.netloc), "utf-8")
        (found,) = in_own_process(_check, directory)
        assert sorted(server.paths()) == sorted(
            ["/robots.txt", "/baik", "/tiada", "/lama", "/lain", "/rusak.xml", "/berita/1"]
        )
    return found


def _check(directory: Path) -> list[SourceCheck]:
    since = (NOW - timedelta(days=7)).isoformat()
    return check_sources(fresh_since=since, directories=[directory], settings=FAST)


def test_each_endpoint_tells_whether_it_answers_is_fresh_and_names_articles(check: SourceCheck) -> None:
    told = {
        one.url.rpartition("/")[2]: (one.status, one.links, one.articles, one.problem)
        for one in check.endpoints
    }
    stale = f"stale: nothing since {NOW - timedelta(days=30):%Y-%m-%d}"
    assert told == {
        "baik": (200, 2, 1, None),
        "tiada": (404, 0, 0, "http 404"),
        "lama": (200, 1, 1, stale),
        "lain": (200, 2, 0, "no link fits the article pattern"),
        "rusak.xml": (200, 0, 0, "nothing in it"),
    }


def test_the_newest_article_is_read_and_its_rules_are_counted(check: SourceCheck) -> None:
    assert check.article is not None
    assert check.article.url.endswith("/berita/1")
    assert check.article.headline == "Dermaga Apung Selesai"
    assert check.article.published == "2026-02-01T09:30:00+07:00"
    assert check.article.words > 50
    assert [rule.matches for rule in check.article.rules] == [{"headline": 1, "body": 0, "tags": 0}]


def test_a_selector_that_should_fit_every_article_is_a_problem(check: SourceCheck) -> None:
    assert check.article is not None
    assert check.article.problems == ["rule: body fits nothing"]
    assert not check.sound

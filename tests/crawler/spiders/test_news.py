"""What becomes of URLs that cannot be had, of outlets that are off, and of what feeds say."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from crawling import Answer, Server
from one_outlet import HTML, XML, article, crawled, declared, index

from crawler.configuration import NO_CONTACT
from crawler.errors import SourceError
from crawler.extractors import extract
from crawler.items import Article, Candidate
from crawler.sources import load_catalogue
from crawler.spiders import reading
from crawler.spiders.news import contact_notice
from pipelines.database import Writer, open_database
from pipelines.database.asking import queries

REPOSITORY = Path(__file__).parents[3]
LIST = 'listing_pages = ["HERE/kabar"]'
OFF = f'{LIST}\nenabled = false\nreason = "Its terms forbid crawling."'


@pytest.fixture
def server() -> Iterator[Server]:
    """Six articles and a list of the first three."""
    site: dict[str, Answer | list[Answer]] = {path(number): article(number) for number in range(1, 7)}
    with Server(site | {"/kabar": index(1, 2, 3)}) as server:
        yield server


def path(number: int) -> str:
    return f"/berita/{number}-gotong-royong"


def let_wait(database: Path, urls: list[str]) -> None:
    """As an earlier crawl left them."""
    with Writer(open_database(database, create=True)) as writer:
        writer.found([Candidate(url, "uji") for url in urls], None)
    writer.db.close()


def let_time_pass(database: Path) -> None:
    """A day and a bit."""
    with sqlite3.connect(database) as db:
        for column in ("next_try", "settled_at"):
            db.execute(
                f"UPDATE frontier SET {column} = strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '-25 hours')"
            )
    db.close()


def frontier(database: Path) -> dict[str, tuple[str, str | None]]:
    db = sqlite3.connect(database)
    rows = db.execute("SELECT url, state, reason FROM frontier ORDER BY id").fetchall()
    db.close()
    return {url.partition("/berita")[2]: (state, reason) for url, state, reason in rows}


def test_forbidden_urls_that_wait_since_an_earlier_crawl_are_not_asked_for(
    server: Server, tmp_path: Path
) -> None:
    server.site["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /berita/\n", wait=0.3)
    let_wait(tmp_path / "news.db", [server.url + path(number) for number in range(1, 7)])
    report = crawled(tmp_path, server, LIST, settings={"CONCURRENT_REQUESTS_PER_DOMAIN": 16})
    assert [asked for asked in server.paths() if asked.startswith("/berita")] == []
    assert report.tallies[0].reasons == {"refused": {"robots.txt": 6}}


def test_what_robots_txt_permits_a_day_later_is_fetched(server: Server, tmp_path: Path) -> None:
    server.site["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /berita/\n")
    crawled(tmp_path, server, LIST)
    del server.site["/robots.txt"]
    assert crawled(tmp_path, server, LIST).tallies[0].amounts["found"] == 0
    let_time_pass(tmp_path / "news.db")
    assert crawled(tmp_path, server, LIST).tallies[0].amounts["stored"] == 3


@pytest.mark.parametrize(
    ("block", "reason"),
    [(Answer(status=403), "http 403"), (Answer(wait=30), "timeout")],
)
def test_a_block_that_passes_costs_no_article(
    server: Server, tmp_path: Path, block: Answer, reason: str
) -> None:
    settings = {"RETRY_TIMES": 0, "DOWNLOAD_TIMEOUT": 0.5}
    server.site[path(2)] = block
    report = crawled(tmp_path, server, LIST, settings=settings)
    assert report.tallies[0].reasons == {"failed": {reason: 1}}
    assert report.left == {"uji": 1}
    assert frontier(tmp_path / "news.db")["/2-gotong-royong"] == ("pending", reason)

    server.site[path(2)] = article(2)
    crawled(tmp_path, server, LIST, settings=settings)
    assert path(2) not in server.paths()  # it is not yet due
    let_time_pass(tmp_path / "news.db")
    report = crawled(tmp_path, server, LIST, settings=settings)
    assert report.tallies[0].amounts["stored"] == 1
    assert report.left == {}


def test_what_is_gone_or_no_article_is_settled(server: Server, tmp_path: Path) -> None:
    server.site[path(1)] = Answer(status=404)
    server.site[path(2)] = Answer(b"<html><body><h1>Halaman</h1></body></html>", headers=HTML)
    crawled(tmp_path, server, LIST)
    let_time_pass(tmp_path / "news.db")
    report = crawled(tmp_path, server, LIST)
    assert report.tallies[0].amounts["found"] == 0
    assert server.paths() == ["/robots.txt", "/kabar"]


def test_an_outlet_with_one_bad_url_has_not_given_nothing(server: Server, tmp_path: Path) -> None:
    settings = {"RETRY_TIMES": 0, "DOWNLOAD_TIMEOUT": 0.5}
    crawled(tmp_path, server, LIST)
    server.site["/berita/99-buruk"] = Answer(wait=30)
    let_wait(tmp_path / "news.db", [f"{server.url}/berita/99-buruk"])
    for _ in range(2):
        assert crawled(tmp_path, server, LIST, settings=settings).failed == {}
    assert "/berita/99-buruk" not in server.paths()


def test_an_outlet_whose_lists_fail_has_given_what_waited(server: Server, tmp_path: Path) -> None:
    del server.site["/kabar"]
    let_wait(tmp_path / "news.db", [server.url + path(1)])
    assert crawled(tmp_path, server, LIST).failed == {}
    assert crawled(tmp_path, server, LIST).failed == {"uji": "http 404"}


def stumbles(html: bytes, url: str, **evidence: Any) -> Article:
    """A reader with a fault that one page brings out."""
    if "/2-" in url:
        raise KeyError("tak terduga")
    return extract(html, url, **evidence)


def test_a_page_that_the_reader_stumbles_over_is_set_aside_with_the_reason(
    server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with patch.object(reading, "extract", stumbles):
        report = crawled(tmp_path, server, LIST, settings={"LOG_LEVEL": "ERROR"})
    assert report.tallies[0].amounts["stored"] == 2
    assert report.tallies[0].reasons == {"failed": {"could not be read: KeyError": 1}}
    assert frontier(tmp_path / "news.db")["/2-gotong-royong"] == ("failed", "could not be read: KeyError")
    logged = capfd.readouterr().err
    assert logged.count("\n") == 1
    assert f"{server.url}{path(2)} could not be read: KeyError" in logged


def test_an_outlet_that_is_off_is_crawled_only_on_demand(server: Server, tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match=r"uji is switched off: Its terms forbid crawling\. .*--even-if-off"
    ):
        crawled(tmp_path, server, OFF, "uji")
    assert server.log == []
    report = crawled(tmp_path, server, OFF, "uji", even_if_off=True)
    assert report.tallies[0].amounts["stored"] == 3


FEED = """<rss version="2.0"><channel><item><link>HERE/berita/1-gotong-royong</link>
<title>Gotong Royong Kampung 1</title><category>Daerah</category></item></channel></rss>"""


def sections(database: Path) -> list[str | None]:
    db = open_database(database, readonly=True)
    try:
        return [record["section"] for record in queries.articles(db)]
    finally:
        db.close()


def test_the_section_that_a_feed_names_reaches_the_record_and_stays_there(
    server: Server, tmp_path: Path
) -> None:
    server.site["/feed"] = Answer(FEED.replace("HERE", server.url).encode(), headers=XML)
    feed = 'feeds = ["HERE/feed"]'
    server.site[path(1)] = [Answer(status=500), article(1)]
    crawled(tmp_path, server, feed, settings={"RETRY_TIMES": 0})
    let_time_pass(tmp_path / "news.db")
    crawled(tmp_path, server, feed)  # from the frontier
    assert sections(tmp_path / "news.db") == ["Daerah"]
    with sqlite3.connect(tmp_path / "news.db") as db:
        db.execute("UPDATE articles SET published_utc = '2026-07-04T03:00:00Z'")
    db.close()
    report = crawled(tmp_path, server, feed, revisit="2026-07-01")
    assert report.tallies[0].amounts["unchanged"] == 1
    assert sections(tmp_path / "news.db") == ["Daerah"]


def test_an_operator_whom_nobody_can_reach_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "uji.toml").write_text(
        'name = "Uji"\ndomains = ["uji.example", "127.0.0.99:9"]\nfeeds = ["http://127.0.0.99:9/feed"]\n'
    )
    environment = {name: value for name, value in os.environ.items() if name != "WARTA_CONTACT"}
    command = [sys.executable, "-c", "from crawler.start import main; main()", "crawl"]
    done = subprocess.run(
        [*command, "--sources", str(tmp_path), "--db", str(tmp_path / "news.db")],
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
        env=environment,
    )
    told, failed = done.stderr.splitlines()
    assert "set contact in warta.toml, or WARTA_CONTACT" in told
    assert failed == "warta: uji: gave nothing: connection refused"


def test_who_names_a_contact_or_stays_at_home_is_told_nothing(server: Server, tmp_path: Path) -> None:
    at_home = list(load_catalogue(declared(tmp_path, server, LIST)))
    on_the_net = list(load_catalogue(declared(tmp_path, server, LIST, "uji.example")))
    nobody, somebody = f"Warta (+{NO_CONTACT})", "Warta (+https://kabar.example/perayap)"
    assert contact_notice(nobody, on_the_net)
    assert contact_notice(somebody, on_the_net) is None
    assert contact_notice(nobody, at_home) is None


@pytest.mark.parametrize(
    ("argument", "told"),
    [("sources=nosuch", 'There is no source "nosuch"'), ("since=kemarin", "kemarin")],
)
def test_scrapy_is_told_in_one_line_why_a_crawl_cannot_start(
    tmp_path: Path, argument: str, told: str
) -> None:
    settings = ["-s", "LOG_LEVEL=ERROR", "-s", f"WARTA_DATABASE={tmp_path / 'news.db'}"]
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "news", "-a", argument, *settings],
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
        cwd=REPOSITORY,
    )
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "news.db").exists()


def test_no_example_crawls_an_outlet_that_is_off() -> None:
    catalogue = load_catalogue()
    pages = [REPOSITORY / "README.md", *(REPOSITORY / "docs").glob("*.md")]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    named = re.findall(r"warta crawl ((?:[a-z][a-z-]* )+)", text) + re.findall(r"sources=([\w,-]+)", text)
    slugs = {slug for match in named for slug in re.split(r"[ ,]", match) if slug}
    assert {"detik", "tempo"} <= slugs
    assert [slug for slug in slugs if not catalogue.get(slug).enabled] == []


def aged(database: Path, *, published: str, seen: str) -> None:
    """Let all that is stored have been published and visited so long ago, by SQLite modifiers."""
    with sqlite3.connect(database) as db:
        stamp = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now', ?)"
        db.execute(f"UPDATE articles SET published_utc = {stamp}, last_seen = {stamp}", (published, seen))
        db.execute(f"UPDATE fetches SET fetched_at = {stamp}", (seen,))
    db.close()


@pytest.mark.parametrize(
    ("published", "seen", "due"),
    [
        ("-70 minutes", "-50 minutes", False),
        ("-70 minutes", "-65 minutes", True),
        ("-7 hours", "-3 hours", False),
        ("-7 hours", "-4 hours", True),
        ("-47 hours", "-24 hours", True),
        ("-3 days", "-2 days", False),
    ],
)
def test_a_fresh_article_is_asked_for_again_ever_more_rarely(
    server: Server, tmp_path: Path, published: str, seen: str, due: bool
) -> None:
    crawled(tmp_path, server, LIST)
    aged(tmp_path / "news.db", published=published, seen=seen)
    report = crawled(tmp_path, server, LIST)
    assert (path(1) in server.paths()) == due
    assert report.tallies[0].amounts["unchanged"] == (3 if due else 0)


def test_a_revisit_that_brings_the_same_bytes_is_not_read(server: Server, tmp_path: Path) -> None:
    crawled(tmp_path, server, LIST)
    aged(tmp_path / "news.db", published="-7 hours", seen="-4 hours")
    server.site[path(2)] = article(9)
    with patch.object(reading, "extract", stumbles):  # over the second article alone
        report = crawled(tmp_path, server, LIST)
    assert report.tallies[0].amounts["unchanged"] == 2
    assert report.tallies[0].reasons == {"failed": {"could not be read: KeyError": 1}}
    crawled(tmp_path, server, LIST)
    assert server.paths() == ["/robots.txt", "/kabar"]


def test_revisits_can_be_switched_off(server: Server, tmp_path: Path) -> None:
    crawled(tmp_path, server, LIST)
    aged(tmp_path / "news.db", published="-7 hours", seen="-4 hours")
    crawled(tmp_path, server, LIST, settings={"WARTA_REVISIT_DAYS": 0})
    assert path(1) not in server.paths()


def test_an_article_that_is_gone_is_not_asked_for_again(server: Server, tmp_path: Path) -> None:
    crawled(tmp_path, server, LIST)
    server.site[path(1)] = Answer(status=410)
    for _ in range(2):
        aged(tmp_path / "news.db", published="-7 hours", seen="-4 hours")
        crawled(tmp_path, server, LIST)
    assert path(1) not in server.paths()
    assert path(2) in server.paths()

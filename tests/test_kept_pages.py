"""What a crawl or an import fetches is kept as it came, or is not where that was set or asked for."""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from crawling import Answer, Server
from one_outlet import HTML, article, crawled, declared, index

from crawler.errors import SettingError
from crawler.extractors import extract
from crawler.items import Article
from crawler.reextraction import read_again
from crawler.sources import load_catalogue
from crawler.spiders import reading
from pipelines.database import open_database
from pipelines.database.pages import open_pages, pages_path
from pipelines.database.rereading import kept_fetches

LISTED = 'listing_pages = ["HERE/"]'
COMMAND = [sys.executable, "-c", "from crawler.start import main; main()"]


def site(**answers: Answer) -> dict[str, Answer]:
    """An outlet of two stories; others by number."""
    pages = {f"/berita/{number}-gotong-royong": article(number) for number in (1, 2)}
    pages |= {f"/berita/{name.strip('_')}-gotong-royong": answer for name, answer in answers.items()}
    return {"/": index(1, 2, *(int(name.strip("_")) for name in answers)), **pages}


def kept(directory: Path) -> dict[str, bytes]:
    """Path of a fetch to the page it refers to."""
    db, store = sqlite3.connect(directory / "news.db"), open_pages(directory / "news.db")
    rows = db.execute("SELECT url, page_id, content_hash FROM fetches WHERE page_id IS NOT NULL").fetchall()
    found = {}
    for url, page_id, digest in rows:
        body = store.read(page_id).body
        assert hashlib.sha256(body).digest() == digest
        found["/" + url.split("/", 3)[3]] = body
    db.close()
    store.close()
    return found


def test_a_crawl_keeps_every_page_it_reads(tmp_path: Path) -> None:
    with Server(site()) as server:
        crawled(tmp_path, server, LISTED)
    assert kept(tmp_path) == {path: answer.body for path, answer in site().items() if path != "/"}


def test_a_page_that_was_sent_packed_is_kept_unpacked(tmp_path: Path) -> None:
    plain = article(3).body
    packed = Answer(gzip.compress(plain), headers=HTML | {"Content-Encoding": "gzip"})
    with Server(site(_3=packed)) as server:
        crawled(tmp_path, server, LISTED)
    assert kept(tmp_path)["/berita/3-gotong-royong"] == plain


def test_a_page_that_is_no_article_is_kept(tmp_path: Path) -> None:
    nothing = Answer(b"<html><h1>Halaman tidak ditemukan</h1><p>Maaf.</p></html>", headers=HTML)
    with Server(site(_3=nothing)) as server:
        crawled(tmp_path, server, LISTED)
    assert kept(tmp_path)["/berita/3-gotong-royong"] == nothing.body


@pytest.mark.parametrize(("setting", "expected"), [({}, 2), ({"WARTA_PAGES_NOARCHIVE": "on"}, 3)])
def test_noarchive_is_obeyed_unless_set_otherwise(
    tmp_path: Path, setting: Mapping[str, str], expected: int
) -> None:
    reserved = article(3)
    reserved.headers = HTML | {"X-Robots-Tag": "noarchive"}
    with Server(site(_3=reserved)) as server:
        crawled(tmp_path, server, LISTED, settings=setting)
    assert len(kept(tmp_path)) == expected
    stored = sqlite3.connect(tmp_path / "news.db").execute("SELECT count(*) FROM articles")
    assert stored.fetchone() == (3,)


def test_keeping_may_be_switched_off(tmp_path: Path) -> None:
    with Server(site()) as server:
        report = crawled(tmp_path, server, LISTED, settings={"WARTA_PAGES": "off"})
    assert report.tallies[0].amounts["stored"] == 2
    assert not pages_path(tmp_path / "news.db").exists()


def test_a_setting_that_does_not_hold_ends_it_before_anything_is_asked(tmp_path: Path) -> None:
    with Server(site()) as server:
        with pytest.raises(SettingError, match="WARTA_PAGES_LIMIT"):
            crawled(tmp_path, server, LISTED, settings={"WARTA_PAGES_LIMIT": "viel"})
        assert server.paths() == []


def test_the_environment_sets_it_for_the_command_line(tmp_path: Path) -> None:
    with Server(site()) as server:
        sources = declared(tmp_path, server, LISTED)
        done = subprocess.run(
            [*COMMAND, "crawl", "--sources", sources, "--db", tmp_path / "news.db"],
            env={"WARTA_PAGES_DAYS": "long", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr == (
        'warta: the environment\'s WARTA_PAGES_DAYS must be a number of days from 0 to 36500, not "long".\n'
    )


def reads_on(html: bytes, url: str, **evidence: Any) -> Article:
    """Reads a page; one with the word "Bersambung" is told to be unfinished."""
    found = extract(html, url, **evidence)
    found.complete = b"Bersambung" not in html
    return found


def test_the_parts_of_a_story_are_kept_and_read_again_together(tmp_path: Path) -> None:
    link = b'<p>Bersambung</p><nav><a href="?page=2">2</a></nav></body>'
    first, second = article(3), article(4)
    first.body = first.body.replace(b"</body>", link)
    pages = site(_3=first) | {"/berita/3-gotong-royong?page=2": second}
    with Server(pages) as server, patch.object(reading, "extract", reads_on):
        crawled(tmp_path, server, LISTED)
        catalogue = load_catalogue(tmp_path / "sources")
    db, store = open_database(tmp_path / "news.db"), open_pages(tmp_path / "news.db")
    (fetch_id, page_id) = db.execute("SELECT fetch_id, page_id FROM fetch_parts").fetchone()
    assert store.read(page_id).body == second.body
    again = read_again(db, store, catalogue, fetch_id, whole=True)
    assert again.visit is not None
    assert again.visit.article.pages == 2
    assert again.changes == {}
    db.close()
    store.close()


def imported(directory: Path, *files: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "import", *files, "--db", directory / "news.db"], check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr


def test_an_import_keeps_pages_and_texts_that_read_again_as_they_did(tmp_path: Path) -> None:
    story = (
        "Warga kampung membersihkan saluran air sejak pagi hari kemarin, kata Kepala Desa Umar Bakri. " * 8
    )
    text = f"Gotong Royong di Kampung Hulu\n\nOleh: Sari Danu\n\n{story}\n"
    (tmp_path / "satu.html").write_bytes(article(1).body)
    (tmp_path / "dua.txt").write_bytes(text.encode("cp1252"))
    imported(tmp_path, tmp_path / "satu.html", tmp_path / "dua.txt")
    db, store = open_database(tmp_path / "news.db"), open_pages(tmp_path / "news.db")
    fetches = kept_fetches(db, None, None, None)
    pages = [
        store.read(db.execute("SELECT page_id FROM fetches WHERE id = ?", (n,)).fetchone()[0])
        for n in fetches
    ]
    assert [page.body for page in pages] == [article(1).body, text.encode("cp1252")]
    for fetch_id in fetches:
        again = read_again(db, store, load_catalogue(), fetch_id)
        assert (again.changes, again.reason) == ({}, None)
    db.close()
    store.close()

"""``warta page``: what was kept comes out as it came in."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from command_line import WARTA, in_terminal, visit

from crawler.items import Article, RawPage
from pipelines.database import open_writer
from pipelines.database.pages import PagePolicy

Warta = Callable[..., Result]

URL = "https://wanamarta.example/jembatan"
OLD, NEW = b"<html>Jembatan ditutup \xff</html>", b"<html>Jembatan dibuka \x1b[31mlagi</html>"
PART = b"<html>Bagian dua</html>"
NOTHING = b"<html>Halaman tidak ditemukan</html>"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A database with one article of two visits, the second in two parts, and a page that is no article."""
    writer = open_writer(tmp_path / "news.db", PagePolicy())
    run = writer.start_run("crawl", [])
    for day, body, parts in (("2026-03-06", OLD, []), ("2026-03-08", NEW, [PART])):
        one = visit(Article(URL, URL, "wanamarta", "Jembatan", body=f"Cerita jembatan {day}"))
        one.fetch.fetched_at = f"{day}T00:00:00+00:00"
        one.pages = [RawPage(URL, one.fetch.fetched_at, body)]
        one.pages += [RawPage(f"{URL}?page=2", one.fetch.fetched_at, part) for part in parts]
        writer.store(one, run)
    refused = visit(Article(f"{URL}/hilang", f"{URL}/hilang"))
    refused.pages = [RawPage(refused.article.url, refused.fetch.fetched_at, NOTHING)]
    writer.refuse(refused, run, reason="error page")
    writer.flush()
    writer.close()
    return tmp_path


@pytest.mark.parametrize("asked", ["1", URL, "http://wanamarta.example/jembatan/"])
def test_the_last_page_of_an_article_by_number_or_url(warta: Warta, here: Path, asked: str) -> None:
    assert warta("page", asked).stdout_bytes == NEW


def test_the_page_as_it_was_at_a_time(warta: Warta, here: Path) -> None:
    assert warta("page", "1", "--at", "2026-03-07").stdout_bytes == OLD
    before = warta("page", "1", "--at", "2026-03-01")
    assert (before.exit_code, before.stdout_bytes) == (4, b"")


def test_a_part_of_a_split_story(warta: Warta, here: Path) -> None:
    assert warta("page", "1", "--part", 2).stdout_bytes == PART
    missing = warta("page", "1", "--part", 3)
    assert missing.exit_code == 4
    assert "2 part(s)" in missing.stderr


def test_a_page_that_was_no_article(warta: Warta, here: Path) -> None:
    assert warta("page", f"{URL}/hilang").stdout_bytes == NOTHING


def test_a_page_may_go_to_a_file(warta: Warta, here: Path) -> None:
    (here / "out.html").write_bytes(b"lama")
    assert warta("page", "1", "-o", "out.html").exit_code == 0
    assert (here / "out.html").read_bytes() == NEW
    assert sorted(path.suffix for path in here.iterdir() if path.name.startswith(".")) == []


def test_the_kept_pages_of_an_article_are_listed_newest_first(warta: Warta, here: Path) -> None:
    listed = json.loads(warta("page", "1", "--list").stdout)
    assert [(one["at"][:10], one["part"], one["size"]) for one in listed] == [
        ("2026-03-08", 1, len(NEW)),
        ("2026-03-08", 2, len(PART)),
        ("2026-03-06", 1, len(OLD)),
    ]
    assert URL in in_terminal("page", 1, "--list", cwd=here, columns=140)


def test_a_terminal_is_not_made_to_obey_the_page(here: Path) -> None:
    assert in_terminal("page", 1, cwd=here) == "<html>Jembatan dibuka lagi</html>\n"


def test_what_is_not_there_is_told_in_one_line(warta: Warta, here: Path) -> None:
    result = warta("page", "https://wanamarta.example/lain")
    assert result.exit_code == 4
    assert result.stderr.count("\n") == 1
    assert "has no page of https://wanamarta.example/lain" in result.stderr


def test_a_reader_that_stops_reading_is_no_fault(here: Path) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run([*WARTA, "page", "1"], cwd=here, stdout=theirs, stderr=subprocess.PIPE, check=False)
    os.close(theirs)
    assert (done.returncode, done.stderr) == (141, b"")

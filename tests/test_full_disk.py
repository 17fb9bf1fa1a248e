"""A disk that fills up during a crawl: it is told, nothing stored is lost, and with room it goes on."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from crawling import Server, in_own_process
from one_outlet import QUICK, article, index

from crawler.errors import DatabaseError
from crawler.run import crawl

ARTICLES = range(1, 401)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_ends_the_crawl_with_its_reason_and_what_was_stored_is_whole(
    small_disk: Path, tmp_path: Path
) -> None:
    site = {f"/berita/{number}-gotong-royong": article(number) for number in ARTICLES}
    database, sources = small_disk / "news.db", tmp_path / "sources"
    sources.mkdir()
    with Server({"/kabar": index(*ARTICLES), **site}) as server:
        (sources / "uji.toml").write_text(
            f'name = "Uji"\ndomains = ["{server.netloc}"]\nlisting_pages = ["{server.url}/kabar"]\n'
            "article_url = ['^https?://[^/]+/berita/']\n"
        )

        def run() -> object:
            return crawl((), database, directories=[sources], settings=QUICK)

        with pytest.raises(DatabaseError, match="the disk is full; what was stored is intact"):
            in_own_process(run)
        asked = len(server.log)
        before = stored(database)
        assert ends(database) == ["database"]
        assert 0 < len(before) < len(ARTICLES)
        subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
        in_own_process(run)
        assert len(server.log) - asked <= len(ARTICLES) - len(before) + 2
    after = stored(database)
    assert before < after
    assert len(after) == len(ARTICLES)


def ends(database: Path) -> list[str | None]:
    """How each run ended, as its row says."""
    db = sqlite3.connect(database)
    try:
        return [reason for (reason,) in db.execute("SELECT reason FROM runs ORDER BY id")]
    finally:
        db.close()


def stored(database: Path) -> set[str]:
    db = sqlite3.connect(database)
    try:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {url for (url,) in db.execute("SELECT url FROM articles")}
    finally:
        db.close()

"""A backup is whole, is of one moment, and a crawl goes on from it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from command_line import WARTA
from crawling import Answer, Server
from one_outlet import XML, article, crawled

Warta = Callable[..., Result]

WRITE = """
import sys
from crawler.items import Article, Fetch, RawPage, Visit
from pipelines.database.pages import PagePolicy
from pipelines.database.writer import open_writer
writer = open_writer(sys.argv[1], PagePolicy(), batch_seconds=0.02)
number = 0
while True:
    number += 1
    url = f"https://lamau.example/{number}"
    words = " ".join(f"kata{number * 50 + position}" for position in range(50))
    article = Article(url, url, "lamau", headline=f"Berita {number}", body=words)
    at = "2026-07-04T05:00:00+00:00"
    page = RawPage(url, at, words.encode() * 20)
    writer.store(Visit(article, Fetch(url, url, at, 200), None, [page]))
    print(number, flush=True)
"""


def feed(server: Server, *numbers: int) -> Answer:
    items = "".join(f"<item><link>{server.url}/berita/{n}-gotong-royong</link></item>" for n in numbers)
    return Answer(f"<rss><channel>{items}</channel></rss>".encode(), headers=XML)


def count(path: Path, what: str = "articles") -> int:
    db = sqlite3.connect(path)
    try:
        return int(db.execute(f"SELECT count(*) FROM {what}").fetchone()[0])
    finally:
        db.close()


def test_a_backup_made_while_another_process_writes_is_whole_and_of_one_moment(
    warta: Warta, tmp_path: Path
) -> None:
    database = tmp_path / "news.db"
    with subprocess.Popen(
        [sys.executable, "-c", WRITE, str(database)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            for _ in range(100):
                process.stdout.readline()
            copies = []
            for number in range(5):
                copies.append(tmp_path / f"copy{number}.db")
                assert warta("backup", copies[-1], "--db", database).exit_code == 0
                for _ in range(50):
                    process.stdout.readline()
        finally:
            process.kill()
    for copy in copies:
        assert count(copy) >= 100
        pages = copy.with_name(f"{copy.stem}-pages.db")
        db = sqlite3.connect(copy)
        db.execute("ATTACH ? AS kept", (str(pages),))
        missing = "SELECT count(*) FROM fetches WHERE page_id NOT IN (SELECT id FROM kept.pages)"
        assert db.execute(missing).fetchone() == (0,)
        assert db.execute("SELECT count(page_id) FROM fetches").fetchone()[0] >= 100
        db.close()
        assert json.loads(warta("doctor", "--db", copy).stdout)["findings"] == []


def test_a_crawl_goes_on_from_a_restored_backup(warta: Warta, tmp_path: Path) -> None:
    with Server({}) as server:
        server.site |= {f"/berita/{number}-gotong-royong": article(number) for number in (1, 2)}
        server.site["/feed"] = feed(server, 1)
        crawled(tmp_path, server, 'feeds = ["HERE/feed"]')
        assert warta("backup", "saved.db").exit_code == 0
        for path in tmp_path.glob("news*"):
            path.unlink()
        shutil.copy("saved.db", "news.db")
        shutil.copy("saved-pages.db", "news-pages.db")
        assert warta("doctor").exit_code == 0
        server.site["/feed"] = feed(server, 1, 2)
        report = crawled(tmp_path, server, 'feeds = ["HERE/feed"]')
    assert report.tallies[0].amounts["stored"] == 1
    assert count(tmp_path / "news.db") == 2
    assert warta("doctor").exit_code == 0
    assert warta("page", "1").stdout.startswith("<html>")


def test_a_file_that_is_there_is_left_alone_unless_it_may_be_replaced(
    warta: Warta, news: Path, tmp_path: Path
) -> None:
    (tmp_path / "saved.db").write_text("mine")
    refused = warta("backup", "saved.db")
    assert (refused.exit_code, (tmp_path / "saved.db").read_text()) == (3, "mine")
    assert "--force" in refused.stderr
    assert warta("backup", "saved.db", "--force").exit_code == 0
    assert count(tmp_path / "saved.db") == 2


@pytest.mark.parametrize("target", ["news.db", "link.db", "no/such/place.db"])
def test_a_target_that_cannot_be_one_is_refused_and_nothing_is_left(
    warta: Warta, news: Path, tmp_path: Path, target: str
) -> None:
    (tmp_path / "link.db").symlink_to(news)
    result = warta("backup", target, "--force")
    assert result.exit_code == 3
    assert "Traceback" not in result.stderr
    files = {path.name for path in tmp_path.iterdir()}
    assert files <= {"news.db", "news.db-wal", "news.db-shm", "link.db"}
    assert count(news) == 2


def test_a_database_in_use_is_no_target(warta: Warta, news: Path, tmp_path: Path) -> None:
    other = Path(shutil.copy(news, tmp_path / "other.db"))
    held = sqlite3.connect(other)
    held.execute("PRAGMA journal_mode = WAL")
    held.execute("CREATE TABLE mine (id)")
    held.commit()
    result = warta("backup", other, "--force")
    held.close()
    assert result.exit_code == 3
    assert "is in use" in result.stderr


def test_a_damaged_database_gives_no_backup(news: Path, tmp_path: Path) -> None:
    content = bytearray(news.read_bytes())
    content[4096 * 20 : 4096 * 24] = b"\xff" * 4096 * 4
    news.write_bytes(content)
    result = subprocess.run(
        [*WARTA, "backup", "saved.db"], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False
    )
    assert result.returncode == 3
    assert "Traceback" not in result.stderr
    assert not list(tmp_path.glob("saved*"))

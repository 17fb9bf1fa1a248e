"""Each crawl leaves its row; a database that fails ends the crawl with its error."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import Timer
from typing import Any

from crawling import FAST, Answer, ProbeSpider, Server, in_own_process

from crawler.errors import DatabaseError
from crawler.extensions.runlog import RunLog
from crawler.run import run_spider
from pipelines.database import open_database
from pipelines.database.asking import queries

LOGGED = {**FAST, "EXTENSIONS": {"crawler.extensions.runlog.RunLog": 100}}


def run_probe(urls: list[str], database: Path, spider: type[ProbeSpider] = ProbeSpider) -> Any:
    """Run a spider with the run log; how the log ended."""

    def work() -> Any:
        crawler = run_spider(spider, {**LOGGED, "WARTA_DATABASE": str(database)}, urls=urls)
        log = crawler.get_extension(RunLog)
        assert log is not None
        return log.error, crawler.spider.outcomes  # type: ignore[union-attr]

    return in_own_process(work)


class CountingSpider(ProbeSpider):
    """Writes as a spider does, and breaks the database for itself on the way where it is told to."""

    def note(self, response: Any, url: str) -> None:
        if url.endswith("/rusak"):
            self.writer.db.execute("DROP TABLE run_sources")
        self.writer.count(self.run, "senandika", "fetched")


def test_a_run_has_its_reason_and_stats(tmp_path: Path) -> None:
    with Server({"/1": Answer()}) as server:
        error, _ = run_probe([f"{server.url}/1"], tmp_path / "news.db", CountingSpider)
    assert error is None
    db = open_database(tmp_path / "news.db", readonly=True)
    run = queries.run(db, 1)
    assert run is not None
    assert run["reason"] == "finished"
    assert run["stats"]["downloader/response_status_count/200"] == 1
    assert run["counts"] == [{"source": "senandika", "what": "fetched", "reason": None, "amount": 1}]


def test_a_database_of_something_else_ends_the_crawl_before_it_asks_for_anything(tmp_path: Path) -> None:
    (tmp_path / "news.db").write_text("bukan basis data " * 100)
    with Server({"/1": Answer()}) as server:
        error, outcomes = run_probe([f"{server.url}/1"], tmp_path / "news.db")
        assert server.log == []
    assert isinstance(error, DatabaseError)
    assert outcomes == {}


def test_a_database_that_fails_on_the_way_ends_the_crawl(tmp_path: Path) -> None:
    pages = {f"/{number}": Answer(wait=0.1) for number in range(30)}
    with Server({"/rusak": Answer(), **pages}) as server:
        urls = [f"{server.url}/rusak", *(f"{server.url}/{number}" for number in range(30))]
        error, _ = run_probe(urls, tmp_path / "news.db", CountingSpider)
        assert len(server.log) < 30
    assert isinstance(error, DatabaseError)


def test_what_was_counted_is_there_for_others_while_the_crawl_waits(tmp_path: Path) -> None:
    def look() -> None:
        db = sqlite3.connect(tmp_path / "news.db")
        seen.append(db.execute("SELECT count(*) FROM run_sources").fetchone()[0])

    seen: list[int] = []
    with Server({"/1": Answer(), "/2": Answer(wait=2.5)}) as server:
        Timer(2.2, look).start()
        run_probe([f"{server.url}/1", f"{server.url}/2"], tmp_path / "news.db", CountingSpider)
    assert seen == [1]

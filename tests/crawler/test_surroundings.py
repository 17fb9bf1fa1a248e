"""Versions, disk and clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crawling import Answer, Server, in_own_process
from sqlite_utils import Database

from crawler import surroundings
from crawler.sources import Source
from crawler.surroundings import (
    check_clock,
    check_clock_with_others,
    check_disk,
    check_outlets,
    check_versions,
)
from pipelines.database import Writer, open_database

NOW = datetime.now(UTC)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = open_database(tmp_path / "news.db", create=True)
    with Writer(db) as writer:
        writer.start_run("crawl", ["lamau"])
    yield db
    db.close()


def test_this_installation_has_the_versions_it_needs() -> None:
    assert list(check_versions()) == []


def test_a_package_that_is_too_old_or_missing_is_told_with_what_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        surroundings, "requires", lambda _: ["click>=999", "no-such-package", "x; extra == 'dev'"]
    )
    old, missing = check_versions()
    assert (old.problem.startswith("click is "), old.advice) == (True, 'python -m pip install "click>=999"')
    assert missing.problem == "no-such-package is missing"


def test_an_old_sqlite_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings.sqlite3, "sqlite_version_info", (3, 31, 1))
    assert "SQLite" in next(check_versions()).problem


def test_a_disk_that_fills_up_is_told(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(check_disk(tmp_path / "news.db")) == []
    monkeypatch.setattr(surroundings, "LEAST_FREE", 10**18)
    (finding,) = check_disk(tmp_path / "news.db")
    assert "GB free" in finding.problem
    assert "warta prune" in finding.advice


def test_a_clock_that_went_back_is_told(db: Database) -> None:
    now = datetime.now(UTC)
    assert list(check_clock(db, now)) == []
    assert "the last run began at" in next(check_clock(db, now - timedelta(hours=2))).problem
    assert next(check_clock(db, datetime(1970, 1, 1, tzinfo=UTC))).problem == "the clock says 1970-01-01"


def test_the_clock_is_held_against_those_of_servers() -> None:
    with Server({}) as server:
        outlet = Source("uji", "Uji", (server.netloc,), homepage=server.url)
        assert list(check_clock_with_others([outlet], "Warta", datetime.now(UTC))) == []
        (finding,) = check_clock_with_others([outlet], "Warta", datetime.now(UTC) - timedelta(hours=1))
    assert "the clock is +3" in finding.problem
    assert list(check_clock_with_others([outlet], "Warta", NOW)) == []  # nobody answers


def test_lists_that_do_not_answer_are_told_with_their_outlet(tmp_path: Path) -> None:
    feed = b"<rss><channel><item><link>HERE/berita/1</link></item></channel></rss>"
    with Server({}) as server:
        server.site["/feed"] = Answer(
            feed.replace(b"HERE", server.url.encode()), headers={"Content-Type": "text/xml"}
        )
        for slug, path in (("lamau", "feed"), ("sagara", "none")):
            host = server.netloc if slug == "lamau" else server.netloc.replace("127.0.0.1", "localhost")
            (tmp_path / f"{slug}.toml").write_text(
                f'name = "{slug}"\ndomains = ["{host}"]\nfeeds = ["http://{host}/{path}"]\n'
                "article_url = ['^https?://[^/]+/berita/']\n"
            )
        findings = in_own_process(lambda: list(check_outlets([tmp_path], "2026-01-01")))
    (finding,) = [found for found in findings if "sagara" in found.problem]
    assert "http 404" in finding.problem
    assert "warta sources check sagara" in finding.advice

"""What is let go with time, and what never is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from newsroom import story
from sqlite_utils import Database

from crawler.items import Fetch, Visit
from pipelines.database import Writer, housekeeping, open_database
from pipelines.database.housekeeping import LetGo, compact, due, let_go

NOW = datetime(2026, 11, 1, tzinfo=UTC)
MONTH = 31
URL = story().url


def seen(writer: Writer, day: str, status: int = 200, outcome: str = "unchanged") -> None:
    fetch = Fetch(URL, URL, f"{day}T00:00:00Z", status)
    writer.record_fetch(fetch, None, outcome=outcome)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    """A story of January that was visited again in May, in June, and in vain in July."""
    db = open_database(path, create=True)
    with Writer(db) as writer:
        writer.store(Visit(story(), Fetch(URL, URL, "2026-01-01T00:00:00Z", 200)))
        seen(writer, "2026-05-01")
        seen(writer, "2026-06-01")
        seen(writer, "2026-07-01", 500, "failed")
    yield db
    db.close()


def days(db: Database) -> list[str]:
    return [day for (day,) in db.execute("SELECT substr(fetched_at, 1, 10) FROM fetches ORDER BY id")]


def test_by_default_nothing_is_let_go(db: Database) -> None:
    assert let_go(db, fetches_days=0, runs_days=0, now=NOW) == LetGo()
    assert len(days(db)) == 4


def test_of_each_url_the_last_visit_stays_and_the_last_that_brought_a_page(db: Database) -> None:
    assert let_go(db, fetches_days=30, runs_days=0, now=NOW).fetches == 2
    assert days(db) == ["2026-06-01", "2026-07-01"]
    assert db.execute("SELECT count(*) FROM articles").fetchone() == (1,)


def test_a_visit_whose_page_is_kept_stays(db: Database) -> None:
    db.execute("UPDATE fetches SET page_id = 7 WHERE fetched_at LIKE '2026-05%'")
    db.conn.commit()
    let_go(db, fetches_days=30, runs_days=0, now=NOW)
    assert days(db) == ["2026-05-01", "2026-06-01", "2026-07-01"]


def test_a_visit_that_is_young_enough_stays(db: Database) -> None:
    assert let_go(db, fetches_days=200, runs_days=0, now=NOW).fetches == 1
    assert days(db)[0] == "2026-05-01"


def log_runs(db: Database, amount: int) -> None:
    """So many runs of March, the first of which met the article."""
    for number in range(1, amount + 1):
        db.execute(
            "INSERT INTO runs (id, command, sources, settings, started_at, stats) "
            "VALUES (?, 'crawl', '[]', '{}', '2026-03-01T00:00:00Z', '{}')",
            (number,),
        )
        db.execute("INSERT INTO run_sources VALUES (?, 'lamau', 'found', '', 1)", (number,))
    db.execute("UPDATE articles SET run_id = 1")
    db.conn.commit()


def test_old_runs_go_but_for_the_last_thousand_and_those_that_an_article_names(db: Database) -> None:
    log_runs(db, 1010)
    gone = let_go(db, fetches_days=0, runs_days=MONTH, now=NOW)
    assert (gone.runs, gone.counts) == (9, 1010)
    left = [run for (run,) in db.execute("SELECT id FROM runs ORDER BY id")]
    assert (left[0], left[1], len(left)) == (1, 11, 1001)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def naming_runs(db: Database) -> dict[str, str]:
    """Every table with a column that names a run, as the schema has them."""
    query = """
        SELECT name, "from" FROM sqlite_master, pragma_foreign_key_list(name)
        WHERE type = 'table' AND "table" = 'runs'
    """
    return dict(db.conn.execute(query).fetchall())


NAMING = {
    "articles": "UPDATE articles SET run_id = ?",
    "versions": "INSERT INTO versions (article_id, number, seen, replaced, run_id, headline, body) "
    "VALUES (1, 1, '2026-03-01', '2026-03-02', ?, '', '')",
    "fetches": "UPDATE fetches SET run_id = ?",
    "frontier": "INSERT INTO frontier (url_key, url, source, state, run_id, found_at) "
    "VALUES ('x', 'x', 'lamau', 'done', ?, '2026-03-01')",
    "archives": "INSERT INTO archives VALUES ('x', 'x', 0, 0, 0, 0, '{}', ?, '2026-03-01', 1)",
    "crawl_sessions": "INSERT INTO crawl_sessions VALUES (1, ?, '[]', 0)",
}


def test_every_table_that_may_name_a_run_is_tried_here(db: Database) -> None:
    assert set(naming_runs(db)) == {*NAMING, "run_sources"}


def test_an_old_run_that_any_table_names_stays(db: Database) -> None:
    log_runs(db, 1010)
    named = range(2, 2 + len(NAMING))
    for run, statement in zip(named, NAMING.values(), strict=True):
        db.execute(statement, (run,))
    db.conn.commit()
    would_go = due(db, fetches_days=0, runs_days=MONTH, now=NOW).counts
    gone = let_go(db, fetches_days=0, runs_days=MONTH, now=NOW)
    assert (gone.runs, gone.counts, would_go) == (10 - len(NAMING), 1010, 1010)
    assert [run for (run,) in db.execute("SELECT id FROM runs WHERE id <= 10")] == list(named)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_what_would_go_is_what_goes(db: Database) -> None:
    expected = due(db, fetches_days=30, runs_days=0, now=NOW)
    assert expected.fetches == 2
    assert let_go(db, fetches_days=30, runs_days=0, now=NOW) == expected
    assert due(db, fetches_days=30, runs_days=0, now=NOW) == LetGo()


def test_it_is_broken_off_between_two_steps(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "STEP", 1)
    answers = iter([False, True])
    gone = let_go(db, fetches_days=30, runs_days=0, now=NOW, stopped=lambda: next(answers, True))
    assert gone.fetches == 1


@pytest.fixture
def hollow(db: Database, path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A file of which most holds nothing."""
    monkeypatch.setattr(housekeeping, "LEAST_BYTES", 1000)
    db.execute("CREATE TABLE filling (x)")
    db.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
        "INSERT INTO filling SELECT randomblob(1000) FROM n"
    )
    db.conn.commit()
    db.execute("DROP TABLE filling")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return db


def test_a_hollow_file_gives_its_room_back(hollow: Database, path: Path) -> None:
    before = path.stat().st_size
    freed, why = compact(hollow, path)
    assert (before - path.stat().st_size, why) == (freed, None)
    assert freed > 1_500_000
    assert hollow.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert compact(hollow, path) == (0, None)


def test_a_disk_without_room_for_a_copy_keeps_the_file_as_it_is(
    hollow: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "ROOM", 1e12)
    before = path.read_bytes()
    freed, why = compact(hollow, path)
    assert freed == 0
    assert "free, which writing it anew needs" in str(why)
    assert path.read_bytes() == before


def test_writing_anew_is_broken_off_and_the_file_is_what_it_was(
    hollow: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "OPERATIONS", 1)
    before = path.stat().st_size
    assert compact(hollow, path, stopped=lambda: True) == (0, "it was told to stop")
    assert path.stat().st_size == before
    assert sqlite3.connect(path).execute("SELECT count(*) FROM articles").fetchone() == (1,)

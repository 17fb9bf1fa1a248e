"""SQL of a person's own: it reads, within bounds, and its faults are told in a sentence."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from newsroom import full_story, story, visit
from sqlite_utils import Database

from crawler.errors import QuestionError
from pipelines.database import Writer, open_database
from pipelines.database.asking.sql import run_sql


@pytest.fixture
def db(path: Path, writer: Writer) -> Iterator[Database]:
    writer.store(visit(full_story(1)))
    writer.store(visit(story(2, outlet="sagara", body="Cerita lain.")))
    writer.flush()
    db = open_database(path, readonly=True)
    yield db
    db.close()


def test_a_select_is_answered_with_names_and_rows(db: Database) -> None:
    answer = run_sql(db, "SELECT id, source FROM articles WHERE source = :outlet", {"outlet": "sagara"})
    assert (answer.columns, answer.rows, answer.bound) == (("id", "source"), [(2, "sagara")], None)
    assert list(answer.dicts()) == [{"id": 2, "source": "sagara"}]


def test_two_columns_of_one_name_are_told_apart(db: Database) -> None:
    assert run_sql(db, "SELECT 1 AS n, 2 AS n, 3 AS n_2, 4 AS n").columns == ("n", "n_2", "n_2_2", "n_3")


def test_the_full_text_index_can_be_asked(db: Database) -> None:
    sql = "SELECT rowid, rank < 0 FROM articles_fts WHERE articles_fts MATCH 'body : garam' ORDER BY rank"
    assert run_sql(db, sql).rows == [(1, 1)]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM articles",
        "INSERT INTO authors (name) VALUES ('x') RETURNING id",
        "UPDATE articles SET headline = ''",
        "DROP TABLE articles",
        "CREATE TABLE x (a)",
        "CREATE TEMP TABLE x AS SELECT 1",
        "ATTACH ':memory:' AS x",
        "DETACH main",
        "PRAGMA query_only = OFF",
        "PRAGMA user_version = 5",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA writable_schema = ON",
        "INSERT INTO articles_fts (articles_fts) VALUES ('optimize')",
        "VACUUM INTO '/tmp/x'",
        "REINDEX",
        "BEGIN IMMEDIATE",
        "SAVEPOINT x",
        "SELECT load_extension('x')",
        "EXPLAIN DELETE FROM articles",
    ],
)
def test_nothing_but_reading_is_allowed(db: Database, path: Path, sql: str) -> None:
    before = path.read_bytes()
    with pytest.raises(QuestionError, match="can only read"):
        run_sql(db, sql)
    assert path.read_bytes() == before
    assert run_sql(db, "SELECT count(*) FROM articles").rows == [(2,)]


@pytest.mark.parametrize(
    "sql",
    [
        "PRAGMA table_info(articles)",
        "EXPLAIN QUERY PLAN SELECT * FROM stories",
        "PRAGMA user_version",
        "VALUES (1)",
    ],
)
def test_what_only_tells_is_allowed(db: Database, sql: str) -> None:
    assert run_sql(db, sql).rows


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELEC 1", 'near "SELEC": syntax error'),
        ("SELECT judul FROM articles", "no such column: judul"),
        ("SELECT * FROM berita", "no such table: berita"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("SELECT :x", "supply a value"),
        ("", "no question"),
        ("-- nothing", "no question"),
        ("SELECT 1\x00", "NUL"),
        ("SELECT '" + "x" * 200_000 + "'", "too long"),
        ("SELECT randomblob(2000000000)", "too large"),
        ("SELECT hex(zeroblob(15000000))", "too large"),
        ("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'a AND'", "fts5: syntax error"),
        ("SELECT '\ud800'", "no Unicode"),
    ],
)
def test_a_fault_is_told_in_a_sentence(db: Database, sql: str, told: str) -> None:
    with pytest.raises(QuestionError, match=told):
        run_sql(db, sql)


def test_a_query_without_end_is_stopped(db: Database) -> None:
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    begin = monotonic()
    with pytest.raises(QuestionError, match="took too long"):
        run_sql(db, endless, seconds=0.2)
    assert monotonic() - begin < 10


def test_an_answer_is_cut_at_its_bounds_and_that_is_said(db: Database) -> None:
    numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    cut = run_sql(db, numbers, most_rows=3)
    assert (cut.rows, cut.bound) == ([(1,), (2,), (3,)], "the answer was cut after 3 rows")
    assert run_sql(db, "VALUES (1), (2), (3)", most_rows=3).bound is None
    large = run_sql(db, numbers.replace("SELECT i FROM n", "SELECT zeroblob(1000) FROM n"), most_bytes=2_500)
    assert (len(large.rows), large.bound) == (2, "the answer was cut after 2,500 bytes")

"""docs/querying.md: its views are there as described, and each of its questions has an answer."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from pipelines.database import open_database
from pipelines.database.asking.sql import run_sql
from pipelines.database.schema import MIGRATIONS

PAGE = (Path(__file__).parents[4] / "docs" / "querying.md").read_text("utf-8")
VIEW = re.compile(r"^## `(\w+)`\n(.*?)(?=^## )", re.MULTILINE | re.DOTALL)
COLUMN = re.compile(r"^\| `(\w+)` \|[^|\n]*\|([^|\n]+)\|$", re.MULTILINE)
QUESTION = re.compile(r"^### (\d+)\. (.+?)$.*?^```sql\n(.*?)^```", re.MULTILINE | re.DOTALL)
ANY_SQL = re.compile(r"^```sql\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def db(newsstand: Path) -> Iterator[Database]:
    db = open_database(newsstand, readonly=True)
    yield db
    db.close()


def test_every_view_and_column_is_documented_and_no_other(db: Database) -> None:
    documented = {view: [name for name, _ in COLUMN.findall(text)] for view, text in VIEW.findall(PAGE)}
    existing = {view: [column.name for column in db[view].columns] for view in db.view_names()}
    assert documented == existing


def test_there_are_twenty_questions() -> None:
    assert [int(number) for number, _, _ in QUESTION.findall(PAGE)] == list(range(1, 21))


@pytest.mark.parametrize("sql", ANY_SQL.findall(PAGE), ids=lambda sql: " ".join(sql.split())[:60])
def test_every_question_has_an_answer(db: Database, sql: str) -> None:
    answer = run_sql(db, sql)
    assert answer.rows
    assert answer.bound is None


def test_a_story_and_its_copies_add_up_to_the_articles(db: Database) -> None:
    [(stories, articles)] = run_sql(
        db, "SELECT (SELECT sum(1 + copies) FROM stories), (SELECT count(*) FROM articles)"
    ).rows
    assert stories == articles


def test_the_days_of_the_outlets_add_up_to_the_dated_articles(db: Database) -> None:
    [(days, articles)] = run_sql(
        db,
        """
        SELECT (SELECT sum(articles) FROM outlet_daily),
        (SELECT count(*) FROM articles WHERE published IS NOT NULL)
        """,
    ).rows
    assert days == articles


def test_every_migration_has_a_number_of_its_own() -> None:
    names = [migration.name for migration in MIGRATIONS.pending(Database(memory=True))]
    numbers = [int(name.partition("_")[0]) for name in names]
    assert numbers == sorted(set(numbers))

"""What the reading room counts is read from indexes: no read walks through all articles."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from newsroom import full_story, story, visit
from sqlite_utils import Database

from pipelines.database import Writer
from pipelines.database.asking import authors, periods, places, travels
from pipelines.database.outlets import activity, filled, freshness, volume

MONTH = periods.period(date(2026, 7, 30), 30)
NOW = "2026-07-30T00:00:00Z"


def a_place(db: Database) -> places.Place:
    found = places.place(db, 1, MONTH)
    assert found is not None
    return found


READS: dict[str, Callable[[Database], object]] = {
    "newest day": lambda db: periods.newest_day(db, datetime(2026, 7, 30, tzinfo=UTC)),
    "volumes": lambda db: volume.volumes(db, MONTH, now=NOW),
    "filled": lambda db: filled.filled(db, "lamau"),
    "freshness": lambda db: freshness.outlet_freshness(db, "lamau"),
    "runs of an outlet": lambda db: activity.runs_of_outlet(db, "lamau", 10),
    "first met": lambda db: activity.first_met(db, 1, 10),
    "travelled": lambda db: travels.travelled(db, MONTH),
    "way": lambda db: travels.way(db, 1),
    "places": lambda db: places.places(db, MONTH, 10),
    "writing": lambda db: places.writing(db, a_place(db), MONTH, 10),
    "authors": lambda db: authors.authors(db, MONTH, 10),
    "author": lambda db: authors.author(db, 1, MONTH, 10),
}

#: What an SQL text may call these tables.
WALKED = re.compile(r"SCAN (articles|a|facts|cluster_members|member|article_authors|link|fetches)\b")


@pytest.mark.parametrize("name", READS)
def test_no_read_walks_through_a_table_that_grows_with_the_articles(writer: Writer, name: str) -> None:
    run = writer.start_run("crawl", ["lamau"])
    for number, outlet in enumerate(("lamau", "sagara"), 1):
        writer.store(visit(full_story(number, outlet=outlet)), run)
    writer.store(visit(story(3)), run)
    writer.flush()
    asked: list[str] = []
    writer.db.conn.set_trace_callback(asked.append)
    READS[name](writer.db)
    writer.db.conn.set_trace_callback(None)
    plans = [
        step
        for sql in asked
        if sql.lstrip().startswith(("SELECT", "WITH"))
        for (*_, step) in writer.db.conn.execute(f"EXPLAIN QUERY PLAN {sql}")
    ]
    assert plans
    assert [step for step in plans if WALKED.match(step)] == []

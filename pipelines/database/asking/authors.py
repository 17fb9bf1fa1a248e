"""Who writes: stories, outlets and places of each author over time; reads only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from pipelines.database.asking.periods import STEP_OF, Period
from pipelines.database.connection import database_errors
from pipelines.database.records import MAX_INTEGER

MOST_COUNTED = 50_000
#: Of so many articles of a period, the newest, authors are counted.

MOST_READ = 10_000
#: So many stories of an author, those stored last, are looked at.

_LONGEST_QUESTION = 200


@dataclass(slots=True, frozen=True)
class AuthorCount:
    """An author among those of a period."""

    id: int
    name: str
    stories: int
    outlets: int
    #: How many outlets these are from.


@dataclass(slots=True, frozen=True)
class Author:
    """An author's stories: what they come to."""

    id: int
    name: str
    read: int
    #: How many stories were looked at.

    whole: bool
    #: Whether those are all.

    first: str | None
    last: str | None
    #: When the earliest and the latest of them were published; ISO 8601, UTC.

    counts: list[int]
    #: Stories in each step of the period.

    outlets: list[tuple[str | None, int]]
    places: list[tuple[str, int]]
    #: Both with the most first, of all that were looked at.


def authors(db: Database, period: Period, limit: int) -> tuple[list[AuthorCount], bool]:
    """The authors with most stories in the period, and whether all of its articles were counted."""
    with database_errors(db):
        rows = db.conn.execute(
            """
            WITH newest AS MATERIALIZED (
                SELECT id FROM articles WHERE published_utc >= :since AND published_utc < :before
                ORDER BY published_utc DESC LIMIT :most
            )
            SELECT names.id, names.name, counted.stories, counted.outlets, counted.articles FROM (
                SELECT
                    link.author_id, count(*) AS stories, count(DISTINCT facts.source) AS outlets,
                    (SELECT count(*) FROM newest) AS articles
                FROM newest
                CROSS JOIN article_authors AS link ON link.article_id = newest.id AND link.role = 'author'
                CROSS JOIN articles AS facts INDEXED BY articles_facts ON facts.id = newest.id
                GROUP BY link.author_id
                ORDER BY stories DESC, link.author_id LIMIT :limit
            ) AS counted
            CROSS JOIN authors AS names ON names.id = counted.author_id
            ORDER BY counted.stories DESC, names.name
            """,
            {**period.bounds, "most": MOST_COUNTED, "limit": limit},
        ).fetchall()
    whole = not rows or rows[0][4] < MOST_COUNTED
    return [AuthorCount(*row[:4]) for row in rows], whole


def author(db: Database, author_id: int, period: Period, limit: int) -> Author | None:
    """One author by number, with at most *limit* outlets and places; null where there is none."""
    own = """
        WITH own AS MATERIALIZED (
            SELECT facts.published_utc, facts.source, facts.dateline_place FROM (
                SELECT DISTINCT article_id FROM article_authors
                WHERE author_id = :author AND role = 'author' ORDER BY article_id DESC LIMIT :most
            ) AS listed
            CROSS JOIN articles AS facts INDEXED BY articles_facts ON facts.id = listed.article_id
        )
    """
    parameters = {**period.steps, "author": min(author_id, MAX_INTEGER), "most": MOST_READ, "limit": limit}
    with database_errors(db):
        name = db.conn.execute("SELECT name FROM authors WHERE id = ?", (parameters["author"],)).fetchone()
        if name is None:
            return None
        read, first, last = db.conn.execute(
            f"{own} SELECT count(*), min(published_utc), max(published_utc) FROM own",  # noqa: S608
            parameters,
        ).fetchone()
        counts = db.conn.execute(
            f"""
            {own} SELECT {STEP_OF.format(moment="published_utc")} AS step, count(*) FROM own
            WHERE published_utc >= :since AND published_utc < :before GROUP BY step
            """,  # noqa: S608
            parameters,
        ).fetchall()
        outlets, places = (
            db.conn.execute(
                f"""
                {own} SELECT {column}, count(*) FROM own WHERE {where}
                GROUP BY {column} ORDER BY 2 DESC, 1 LIMIT :limit
                """,  # noqa: S608
                parameters,
            ).fetchall()
            for column, where in (("source", "1"), ("dateline_place", "dateline_place IS NOT NULL"))
        )
    return Author(
        author_id, name[0], read, read < MOST_READ, first, last, period.series(counts), outlets, places
    )


def find_authors(db: Database, words: str, limit: int) -> list[tuple[int, str]]:
    """Number and name of authors that hold these words, the shortest names first."""
    with database_errors(db):
        return db.conn.execute(
            """
            SELECT id, name FROM authors WHERE instr(lower(name), lower(?))
            ORDER BY length(name), name LIMIT ?
            """,
            (words[:_LONGEST_QUESTION], limit),
        ).fetchall()

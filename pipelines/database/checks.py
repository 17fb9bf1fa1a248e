"""Whether a file is what it should be: each rule that its tables keep, checked, with what to do where not.

Reads, but for the full-text index, whose own check SQLite counts as writing.
"""

from __future__ import annotations

import shlex
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from pipelines.database.connection import database_errors, path_of
from pipelines.database.copies.checks import clusters_hold, copies_hold, keys_hold, pairs_hold
from pipelines.database.fingerprints import url_key

REBUILD_INDEX = (
    "sqlite3 FILE \"INSERT INTO articles_fts (articles_fts) VALUES ('rebuild'); DELETE FROM unindexed\""
)
KEY_ANEW = (
    'sqlite3 FILE "DELETE FROM cluster_members; DELETE FROM clusters; DELETE FROM text_pairs; '
    'DELETE FROM text_keys; DELETE FROM texts; PRAGMA user_version = 0"; '
    "the next command compares all texts anew"
)
_RESTORE = "restore a backup, or try `sqlite3 FILE .recover`; do not write to the file before"
_REPORT = "the rows were written by another program, or by a fault of Warta, which its makers want to know"

Faults = Iterator[str]


@dataclass(slots=True, frozen=True)
class Finding:
    """A rule that does not hold."""

    check: str
    problem: str
    #: The first case, in words.

    count: int
    #: How many cases there are.

    advice: str


@dataclass(slots=True, frozen=True)
class Check:
    """A rule: what is checked, by what, and what to do where it does not hold."""

    name: str
    faults: Callable[[Database], Faults]
    advice: str

    writes: bool = False
    #: Whether SQLite takes the check for writing.


def run_check(db: Database, check: Check) -> Finding | None:
    """Check one rule; null where it holds."""
    with database_errors(db):
        first, count = None, 0
        for fault in check.faults(db):
            first = first or fault
            count += 1
    if first is None:
        return None
    advice = check.advice.replace("FILE", shlex.quote(path_of(db)))
    return Finding(check.name, first, count, advice)


def _integrity(db: Database) -> Faults:
    for (answer,) in db.conn.execute("PRAGMA integrity_check"):
        if answer != "ok":
            yield answer


def _references(db: Database) -> Faults:
    for table, row, parent, _ in db.conn.execute("PRAGMA foreign_key_check").fetchall():
        yield f"row {row} of {table} names a row of {parent} that is not there"


def _index(db: Database) -> Faults:
    for (article_id,) in db.conn.execute("SELECT article_id FROM unindexed"):
        yield f"article {article_id} is not in the full-text index"
    for table, other, fault in (
        ("articles", "articles_fts_docsize", "is not in the full-text index"),
        ("articles_fts_docsize", "articles", "is in the full-text index but not stored"),
    ):
        query = f"SELECT id FROM {table} WHERE id NOT IN (SELECT id FROM {other})"  # noqa: S608
        for (article_id,) in db.conn.execute(query):
            yield f"article {article_id} {fault}"


def _index_words(db: Database) -> Faults:
    try:
        db.conn.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if (getattr(error, "sqlite_errorcode", 0) & 0xFF) != sqlite3.SQLITE_CORRUPT:
            raise
        yield "the full-text index has other words than the articles"
    finally:
        db.conn.rollback()


def _addresses(db: Database) -> Faults:
    for (key,) in db.conn.execute("SELECT url_key FROM aliases"):
        if url_key(key) != key:
            yield f"the address {key} is not written as addresses are looked up"
    for (article_id,) in db.conn.execute(
        """
        SELECT id FROM articles
        WHERE (url != '' OR canonical_url != '')
        AND NOT EXISTS (SELECT 1 FROM aliases WHERE article_id = articles.id)
        """
    ):
        yield f"no address leads to article {article_id}"


def _versions(db: Database) -> Faults:
    last_article = last = 0
    for article_id, number in db.conn.execute("SELECT article_id, number FROM versions ORDER BY 1, 2"):
        due = last + 1 if article_id == last_article else 1
        if number != due:
            yield f"article {article_id} has a version {number} where {due} is due"
        last_article, last = article_id, number


def _parts(db: Database) -> Faults:
    for (place,) in db.conn.execute(
        """
        SELECT DISTINCT dateline_place FROM articles
        WHERE dateline_place IS NOT NULL AND dateline_place NOT IN (SELECT name FROM places)
        """
    ):
        yield f"the place {place!r} has articles but no row"
    for (slug,) in db.conn.execute(
        """
        SELECT DISTINCT source FROM articles
        WHERE source IS NOT NULL AND source NOT IN (SELECT slug FROM outlets)
        """
    ):
        yield f"the outlet {slug} has articles but no row"


CHECKS = (
    Check("file", _integrity, _RESTORE),
    Check("references", _references, _REPORT),
    Check("full-text index", _index, REBUILD_INDEX),
    Check("words of the full-text index", _index_words, REBUILD_INDEX, writes=True),
    Check("addresses", _addresses, _REPORT),
    Check("versions", _versions, _REPORT),
    Check("places and outlets", _parts, _REPORT),
    Check("originals of equal texts", copies_hold, _REPORT),
    Check("keys of texts", keys_hold, KEY_ANEW),
    Check("pairs of texts", pairs_hold, KEY_ANEW),
    Check("clusters", clusters_hold, KEY_ANEW),
)

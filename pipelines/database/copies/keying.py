"""What a file holds is compared once more where it was written before near copies were known.

Runs when a file is opened for writing, in batches of its own, so that a kill or a full disk costs one batch
and readers are not held up; ``PRAGMA user_version`` says by which rule all of the file's texts have keys.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlite_utils import Database

from pipelines.database.copies.clusters import Text, add_article
from pipelines.database.copies.passages import ALGORITHM
from pipelines.database.fingerprints import words_of

ARTICLES_AT_ONCE = 500

Transaction = Callable[[Database], AbstractContextManager[None]]


def is_keyed(db: Database) -> bool:
    """Whether every text in the file has its keys, by the rule of this program."""
    version: int = db.conn.execute("PRAGMA user_version").fetchone()[0]
    return version == ALGORITHM


def key_all(db: Database, transaction: Transaction) -> None:
    """Give keys, pairs and clusters to every article that has none, oldest first."""
    with transaction(db):
        _drop_other_rules(db)
    after: int | None = 0
    while after is not None:
        with transaction(db):
            after = _key_some(db, after)
    with transaction(db):
        db.conn.execute(f"PRAGMA user_version = {ALGORITHM}")


def _key_some(db: Database, after: int) -> int | None:
    """One batch of articles whose text is not kept; the last one's id, null where none is left."""
    rows = db.conn.execute(
        """
        SELECT id, text_hash, body FROM articles
        WHERE id > ? AND text_hash IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM cluster_members WHERE article_id = articles.id)
        ORDER BY id LIMIT ?
        """,
        (after, ARTICLES_AT_ONCE),
    ).fetchall()
    for article_id, text_hash, body in rows:
        add_article(db, article_id, Text(text_hash, words_of(body)))
    return rows[-1][0] if rows else None


def _drop_other_rules(db: Database) -> None:
    """Keys of another rule find nothing of this one."""
    if db.conn.execute("SELECT 1 FROM texts WHERE algorithm != ? LIMIT 1", (ALGORITHM,)).fetchone():
        for table in ("cluster_members", "clusters", "text_pairs", "text_keys", "texts"):
            db.conn.execute(f"DELETE FROM {table}")  # noqa: S608

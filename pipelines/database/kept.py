"""Which kept pages a fetch brought: references into the file of pages, which has no key of ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from pipelines.database.connection import database_errors
from pipelines.database.records import to_json


def forget_pages(db: Database, page_ids: Sequence[int]) -> None:
    """Let no fetch refer to these pages. A split story of which a part goes has no page left.

    Runs inside the writer's transaction.
    """
    gone = to_json(list(page_ids))
    rows = db.conn.execute(
        """
        SELECT id FROM fetches WHERE page_id IN (SELECT value FROM json_each(:gone))
        UNION SELECT fetch_id FROM fetch_parts WHERE page_id IN (SELECT value FROM json_each(:gone))
        """,
        {"gone": gone},
    )
    fetches = [row[:1] for row in rows.fetchall()]
    db.conn.executemany("UPDATE fetches SET page_id = NULL WHERE id = ?", fetches)
    db.conn.executemany("DELETE FROM fetch_parts WHERE fetch_id = ?", fetches)


def fetched_pages(db: Database, article_id: int, until: str | None = None) -> list[dict[str, Any]]:
    """Fetches that brought an article and whose pages are kept, newest first; *until* ISO 8601 in UTC.

    Keys: ``fetch, url, fetched_at, status, outcome, pages`` (numbers of the page and its further parts).
    """
    with database_errors(db):
        rows = list(
            db.query(
                """
                SELECT id AS fetch, url, fetched_at, status, outcome, page_id FROM fetches
                WHERE article_id = :article AND page_id IS NOT NULL AND outcome != 'refused'
                AND (:until IS NULL OR fetched_at <= :until) ORDER BY fetched_at DESC, id DESC
                """,
                {"article": article_id, "until": until},
            )
        )
        for row in rows:
            row["pages"] = [row.pop("page_id"), *parts(db, row["fetch"])]
    return rows


def is_referred_to(db: Database, page_id: int) -> bool:
    """Whether a fetch brought a page."""
    for table in ("fetches", "fetch_parts"):
        referring = f"SELECT 1 FROM {table} WHERE page_id = ? LIMIT 1"  # noqa: S608
        if db.conn.execute(referring, (page_id,)).fetchone():
            return True
    return False


def parts(db: Database, fetch_id: int) -> list[int]:
    """Numbers of the pages of a split story from its second part on, in order."""
    rows = db.conn.execute("SELECT page_id FROM fetch_parts WHERE fetch_id = ? ORDER BY number", (fetch_id,))
    return [page_id for (page_id,) in rows]

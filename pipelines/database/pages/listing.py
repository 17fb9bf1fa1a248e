"""Kept pages in the order of their numbers, with the status of the answer that brought each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from pipelines.database.connection import database_errors
from pipelines.database.fingerprints import url_key
from pipelines.database.pages.store import PageEntry, PageStore

STEP = 500
#: Entries that are fetched at a time: whoever reads may take hours, and no transaction stays open so long.


@dataclass(slots=True, frozen=True)
class Listed:
    """A kept page that a fetch refers to."""

    entry: PageEntry
    status: int
    #: Of HTTP; 0 of a page that was imported.


def list_pages(
    db: Database, store: PageStore, *, after: int, since: str | None, until: str | None, source: str | None
) -> Iterator[Listed]:
    """The pages with a number above *after*, met in a period (ISO 8601 in UTC, both included), of an outlet.

    Of pages that nothing refers to none is listed: they are left from a batch that was never written.
    """
    while True:
        entries = store.following(after, since or "", until or "~", STEP)
        if not entries:
            return
        known = _statuses(db, [entry.id for entry in entries], source)
        yield from (Listed(entry, known[entry.id]) for entry in entries if entry.id in known)
        after = entries[-1].id


def _statuses(db: Database, page_ids: list[int], source: str | None) -> dict[int, int]:
    marks = ", ".join("?" * len(page_ids))
    query = f"""
        WITH bringing AS (
            SELECT page_id, id AS fetch_id FROM fetches WHERE page_id IN ({marks})
            UNION ALL SELECT page_id, fetch_id FROM fetch_parts WHERE page_id IN ({marks})
        )
        SELECT bringing.page_id, min(f.id), f.status
        FROM bringing JOIN fetches f ON f.id = bringing.fetch_id
        LEFT JOIN articles a ON a.id = f.article_id
        LEFT JOIN frontier ON frontier.url_key = key_of(coalesce(f.requested_url, f.url))
        WHERE ? IS NULL OR coalesce(a.source, frontier.source) = ?
        GROUP BY bringing.page_id
    """  # noqa: S608
    db.conn.create_function("key_of", 1, url_key, deterministic=True)
    with database_errors(db):
        rows = db.conn.execute(query, [*page_ids, *page_ids, source, source])
        return {page_id: status for page_id, _, status in rows}

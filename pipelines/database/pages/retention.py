"""Which pages are let go when the file is too large or they are too old, and how they leave it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlite_utils import Database

from pipelines.database.pages.policy import PagePolicy

ROOM = 0.95
#: Share of the limit that the file is brought down to: each page would drop another one otherwise.

STEP = 0.5
#: Share of what is too much that one step drops. What a page takes in the file is more than its bytes, by how
#: much is not known before it is gone: a step too many costs nothing, a page too many is lost.

ROW_BYTES = 500
#: What a page takes beside its bytes, about: URL, headers, indexes.

MOST_AT_ONCE = 500
#: Pages that are let go in one step, so that a crawl is not held up.


def due(db: Database, policy: PagePolicy, now: datetime) -> list[int]:
    """Pages to let go, those whose bytes were last met longest ago first."""
    old = _too_old(db, policy, now)
    return old or _too_many(db, policy)


def used_bytes(db: Database) -> int:
    """Bytes of the file that hold anything."""
    pages, free, size = (
        db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def drop(db: Database, page_ids: Sequence[int]) -> None:
    """Let pages go: marked, so that nothing finds them, and deleted as soon as no other page needs them."""
    db.conn.executemany("UPDATE pages SET dropped = 1 WHERE id = ?", [(page_id,) for page_id in page_ids])
    while True:  # what is deleted may have been the last to need another one: at most three rounds
        deleted = db.conn.execute(
            """
            DELETE FROM pages WHERE dropped = 1
            AND NOT EXISTS (SELECT 1 FROM pages needing WHERE needing.base_id = pages.id)
            """
        )
        if not deleted.rowcount:
            return


def shrink(db: Database) -> None:
    """Give pages of the file that hold nothing back to the disk."""
    # A step for each page of the file, without columns: a cursor would take the first for the end.
    db.conn.executescript("PRAGMA incremental_vacuum")


def _too_old(db: Database, policy: PagePolicy, now: datetime) -> list[int]:
    if not policy.days:
        return []
    try:
        limit = (now - timedelta(days=policy.days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError:  # longer ago than there are dates
        return []
    rows = db.conn.execute(
        "SELECT id FROM pages WHERE dropped = 0 AND kept_at < ? ORDER BY kept_at, id LIMIT ?",
        (limit, MOST_AT_ONCE),
    )
    return [page_id for (page_id,) in rows]


def _too_many(db: Database, policy: PagePolicy) -> list[int]:
    if not policy.limit or (used := used_bytes(db)) <= policy.limit:
        return []
    excess = STEP * (used - ROOM * policy.limit)
    found: list[int] = []
    for page_id, size in db.conn.execute(
        "SELECT id, length(data) FROM pages WHERE dropped = 0 ORDER BY kept_at, id LIMIT ?", (MOST_AT_ONCE,)
    ):
        if excess <= 0:
            break
        found.append(page_id)
        excess -= size + ROW_BYTES
    return found

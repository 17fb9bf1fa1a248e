"""Feeds, sitemaps and index pages as they were when they were last read: what a list that has not changed
named is in the frontier already. The functions that write run inside the writer's transaction.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlite_utils import Database

from pipelines.database.records import to_json


@dataclass(slots=True, frozen=True)
class Reach:
    """How far back and forward a list was read; what it names beyond was passed over."""

    since: str
    #: ISO 8601, UTC: what changed before was passed over.

    whole: bool
    #: Whether ``since`` held only for what is known by its last change alone.

    until: str | None
    #: ISO 8601, UTC; null for everything after.

    def includes(self, other: Reach) -> bool:
        """Whether a reading as far as this one left nothing out that *other* asks for."""
        if other.since < self.since or (other.whole and not self.whole):
            return False
        return self.until is None or (other.until is not None and other.until <= self.until)


@dataclass(slots=True, frozen=True)
class ListState:
    """What was read of a list."""

    etag: str | None
    last_modified: str | None
    content_hash: str
    #: Hex SHA-256 of the decoded body.

    entries: int
    #: Articles that it named and its walk had not met before.

    sitemaps: list[tuple[str, str | None]]
    #: Further sitemaps of a sitemap index, with their last change.

    reader: str
    #: What was read with: changes with the outlet's declaration and Warta's version.

    reach: Reach


def read_list(db: Database, url: str) -> ListState | None:
    """What was read of a list; null where it never was."""
    row = db.conn.execute(
        """
        SELECT etag, last_modified, content_hash, entries, sitemaps, reader, since, whole, until
        FROM lists WHERE url = ?
        """,
        (url,),
    ).fetchone()
    if row is None:
        return None
    etag, last_modified, content_hash, entries, sitemaps, reader, since, whole, until = row
    further = [(url, lastmod) for url, lastmod in json.loads(sitemaps)]
    reach = Reach(since, bool(whole), until)
    return ListState(etag, last_modified, content_hash, entries, further, reader, reach)


def longest_list(db: Database, source: str) -> int:
    """Entries of an outlet's longest list when it was read last; 0 where none was."""
    (entries,) = db.conn.execute("SELECT max(entries) FROM lists WHERE source = ?", (source,)).fetchone()
    return int(entries or 0)


def write_list(db: Database, url: str, source: str, state: ListState, now: str) -> None:
    """Keep what was read of a list in place of what was known of it."""
    db.conn.execute(
        """
        INSERT OR REPLACE INTO lists (
            url, source, etag, last_modified, content_hash, entries, sitemaps,
            reader, since, whole, until, read_at, checked_at
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            *(url, source, state.etag, state.last_modified, state.content_hash, state.entries),
            *(to_json(state.sitemaps), state.reader, state.reach.since, int(state.reach.whole)),
            *(state.reach.until, now, now),
        ),
    )


def see_list(db: Database, url: str, now: str) -> None:
    """Note that a list was asked for and is as it was."""
    db.conn.execute("UPDATE lists SET checked_at = ? WHERE url = ?", (now, url))

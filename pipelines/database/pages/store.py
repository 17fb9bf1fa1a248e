"""The store of kept pages: bytes in, a number out, and back by number, by URL and by time.

A page is packed alone or with an earlier page of its site, or of its own URL, as dictionary; that page stays
as long as another one needs it. What is read is verified by its hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from crawler.errors import DatabaseError, PageError
from crawler.items import RawPage
from pipelines.database.connection import database_errors
from pipelines.database.fingerprints import site_of, url_key
from pipelines.database.pages import dictionaries, retention
from pipelines.database.pages.packing import Damaged, Dictionaries, as_dictionary, unpack
from pipelines.database.pages.policy import PagePolicy
from pipelines.database.records import storable, to_json, to_utc

JUST_NOW = timedelta(minutes=1)
#: A page that is stored again so soon, as each is after it was read, is not written again.


@dataclass(slots=True, frozen=True)
class PageEntry:
    """What is known of a kept page without unpacking it."""

    id: int
    url: str
    fetched_at: str
    #: When these bytes were first met, ISO 8601 in UTC.

    kept_at: str
    #: When they were last stored; an imported page was fetched when its file was written.

    content_type: str | None
    headers: dict[str, str]
    #: Of the answer, names in lower case.

    size: int
    #: Bytes of the page.

    packed: int
    #: Bytes it takes in the file.

    sha256: str


@dataclass(slots=True, frozen=True)
class KeptPage:
    """A page as it came."""

    entry: PageEntry
    body: bytes


_ENTRY = "id, url, fetched_at, kept_at, content_type, headers, size, length(data), lower(hex(sha256))"


class PageStore:
    """One file of pages.

    Pages are kept within a transaction that :meth:`commit` ends; whoever refers to them from another file
    commits here first. :meth:`hand_over` ends it, too, without waiting for the disk: a kill of the process
    takes none of it away, a loss of power may until the next commit. Every method raises DatabaseError where
    the file fails, and PageError, which names the page, where a page is damaged or not there.
    """

    def __init__(self, db: Database, path: Path, policy: PagePolicy) -> None:
        self.db = db
        self.path = path
        self.policy = policy
        self._dictionaries = Dictionaries()
        self._unsynced = False
        #: Whether anything was handed over that the disk may not have yet.

    def keep(self, page: RawPage) -> int:
        """Keep a page; its number. The same bytes under the same URL are one page."""
        key, digest = url_key(page.url), page.sha256 or hashlib.sha256(page.body).digest()
        at, now = to_utc(page.fetched_at) or page.fetched_at, _now()
        with self.writing():
            known = self.db.conn.execute(
                "SELECT id, dropped OR kept_at < ? FROM pages WHERE url_key = ? AND sha256 = ?",
                (_now(-JUST_NOW), key, digest),
            ).fetchone()
            if known:
                page_id, renew = known
                if renew:
                    self.db.conn.execute(
                        "UPDATE pages SET dropped = 0, kept_at = ? WHERE id = ?", (now, page_id)
                    )
                return int(page_id)
            site = site_of(page.url)
            packed = dictionaries.pack_page(
                self.db, page.body, key, site, loaded=self._dictionaries, read=self._unpacked
            )
            cursor = self.db.conn.execute(
                """
                INSERT INTO pages (
                    url_key, url, site, fetched_at, kept_at, content_type, headers,
                    size, sha256, base_id, depth, data
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                (
                    *(key, storable(page.url), site, at, now),
                    *(page.content_type and storable(page.content_type), _headers(page)),
                    *(len(page.body), digest, packed.base_id, packed.depth, packed.data),
                ),
            )
            return int(cursor.lastrowid or 0)

    def read(self, page_id: int) -> KeptPage:
        """A page by its number; PageError where it is not there or damaged."""
        entries = self._entries("id = ?", (page_id,))
        if not entries:
            raise PageError(f"{self.path} has no page {page_id}")
        return KeptPage(entries[0], self._unpacked(page_id))

    def under(self, url: str) -> list[PageEntry]:
        """The pages of a URL, newest first."""
        return self._entries("url_key = ? AND dropped = 0 ORDER BY fetched_at DESC, id DESC", (url_key(url),))

    def between(self, since: str, until: str) -> list[PageEntry]:
        """The pages first met in a period, oldest first; ISO 8601 in UTC, *until* not included."""
        return self._entries(
            "fetched_at >= ? AND fetched_at < ? AND dropped = 0 ORDER BY fetched_at, id", (since, until)
        )

    def following(self, after: int, since: str, until: str, most: int) -> list[PageEntry]:
        """At most so many pages with a number above *after*, first met in a period, by number.

        ISO 8601 in UTC, both ends included.
        """
        return self._entries(
            "id > ? AND fetched_at BETWEEN ? AND ? AND dropped = 0 ORDER BY id LIMIT ?",
            (after, since, until, most),
        )

    def due(self) -> list[int]:
        """Numbers of some pages that the policy lets go, oldest first; empty where there are none.

        Nobody may refer to them any more when they are dropped.
        """
        with database_errors(self.path):
            return retention.due(self.db, self.policy, datetime.now(UTC))

    def drop(self, page_ids: Sequence[int]) -> None:
        """Let pages go: none is found any more, and what no other page needs leaves the file."""
        with self.writing():
            retention.drop(self.db, page_ids)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A step of the open transaction, which it begins where none is open."""
        try:
            with database_errors(self.path):
                if not self.db.conn.in_transaction:
                    self.db.execute("BEGIN IMMEDIATE")
                yield
        except DatabaseError:
            self.rollback()
            raise

    def commit(self) -> None:
        """End the transaction: what was kept is on the disk, also when the power fails."""
        try:
            with database_errors(self.path):
                self._end_transaction()
                if self._unsynced:
                    self._sync()
        except DatabaseError:
            self.rollback()
            raise

    def hand_over(self) -> None:
        """End the transaction: what was kept is with the system, which writes it to the disk in its time."""
        try:
            with database_errors(self.path):
                self._end_transaction()
        except DatabaseError:
            self.rollback()
            raise

    def _end_transaction(self) -> None:
        if self.db.conn.in_transaction:
            self.db.conn.commit()
            self._unsynced = True

    def _sync(self) -> None:
        """Write something under which SQLite waits for the disk, and with it for all of the log before it."""
        execute = self.db.conn.execute
        execute("PRAGMA synchronous = FULL")
        try:
            (version,) = execute("PRAGMA user_version").fetchone()
            execute(f"PRAGMA user_version = {version}")
            self._unsynced = False
        finally:
            execute("PRAGMA synchronous = NORMAL")

    def rollback(self) -> None:
        """Forget what was kept since the last commit."""
        self.db.rollback()
        self._dictionaries = Dictionaries()

    def shrink(self) -> None:
        """Give the disk back what dropped pages left; to be called outside of a transaction."""
        with database_errors(self.path):
            retention.shrink(self.db)

    def close(self) -> None:
        self.db.close()

    def _unpacked(self, page_id: int) -> bytes:
        with database_errors(self.path):
            row = self.db.conn.execute(
                "SELECT url, size, sha256, base_id, depth, data FROM pages WHERE id = ?", (page_id,)
            ).fetchone()
        if row is None:
            raise PageError(f"{self.path} has no page {page_id}")
        url, size, digest, base_id, depth, data = row
        dictionary = None
        if base_id is not None:
            if depth == 1:
                dictionary = self._dictionaries.get(base_id, self._unpacked)
            else:
                dictionary = as_dictionary(self._unpacked(base_id))
        try:
            body = unpack(data, size, dictionary)
            if hashlib.sha256(body).digest() != digest:
                raise Damaged("it is not what was stored")
        except Damaged as damage:
            raise PageError(f"page {page_id} ({url}) in {self.path} is damaged: {damage}") from damage
        return body

    def _entries(self, where: str, values: Sequence[object]) -> list[PageEntry]:
        with database_errors(self.path):
            rows = self.db.conn.execute(f"SELECT {_ENTRY} FROM pages WHERE {where}", values).fetchall()  # noqa: S608
        entries = []
        for page_id, url, fetched_at, kept_at, content_type, headers, size, packed, sha256 in rows:
            said = json.loads(headers)
            entries.append(
                PageEntry(page_id, url, fetched_at, kept_at, content_type, said, size, packed, sha256)
            )
        return entries


def _headers(page: RawPage) -> str:
    return to_json({storable(name).lower(): storable(value) for name, value in page.headers.items()})


def _now(later: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + later).strftime("%Y-%m-%dT%H:%M:%SZ")

"""Batches of one writer: what is written between two commits, in the database and in its file of pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from types import TracebackType
from typing import Self

from sqlite_utils import Database

from crawler.errors import DatabaseError
from pipelines.database import kept, stories
from pipelines.database.connection import database_errors
from pipelines.database.pages import PageStore
from pipelines.database.recognition import Recognition


class Batches:
    """A batch is whole or not at all.

    A batch is closed before a visit begins, never between the parts of one, when it holds *batch_size* of
    them or is *batch_seconds* old. While a batch is open other processes cannot write, so whoever may fall
    idle calls :meth:`flush` by a timer. Every method raises :class:`DatabaseError`, after rolling the open
    batch back.

    *pages* are on the disk before the batch that refers to them, and no batch refers to them any more before
    they are dropped: a kill between leaves pages that nothing refers to, never the other way round.
    """

    def __init__(
        self,
        db: Database,
        *,
        batch_size: int = 100,
        batch_seconds: float = 2.0,
        pages: PageStore | None = None,
    ) -> None:
        self.db = db
        self.pages = pages
        self._batch_size = batch_size
        self._batch_seconds = batch_seconds
        self._visits = 0
        self._begun = 0.0
        self._recognised: Recognition | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Flush, also after an error: what was stored before it is whole."""
        self.flush()

    def flush(self) -> None:
        """Commit the open batch, if there is one."""
        self._recognised = None
        self._visits = 0
        try:
            if self.pages is not None:
                self.pages.commit()
            with database_errors(self.db):
                if self.db.conn.in_transaction:
                    stories.index_pending(self.db)
                self.db.commit()
        except DatabaseError:
            self._roll_back()
            raise
        if self.pages is not None:
            self._drop_pages(self.pages)

    def close(self) -> None:
        """Close the files; what was not flushed is lost."""
        if self.pages is not None:
            self.pages.close()
        self.db.close()

    def _drop_pages(self, pages: PageStore) -> None:
        """Let pages go that are too old or too many; a step's worth, the next flush goes on."""
        if not pages.due():
            return
        # Or after a loss of power the references might be back, and the pages not.
        self.db.execute("PRAGMA synchronous = FULL")
        try:
            with (
                self._batch(),
                pages.writing(),
            ):  # in this order, as pages are kept: no two wait for each other
                gone = pages.due()
                kept.forget_pages(self.db, gone)
                pages.drop(gone)
            with database_errors(self.db):
                self.db.commit()
            pages.commit()
            pages.shrink()
        except DatabaseError:
            self._roll_back()
            raise
        finally:
            self.db.execute("PRAGMA synchronous = NORMAL")

    def _roll_back(self) -> None:
        self._visits = 0
        self._recognised = None
        self.db.rollback()
        if self.pages is not None:
            self.pages.rollback()

    @contextmanager
    def _batch(self, *, opens_visit: bool = False) -> Iterator[None]:
        """Work inside the batch: all of it stays or, after an error, none of this step."""
        with self._open_batch(opens_visit=opens_visit), self._step():
            yield

    @contextmanager
    def _open_batch(self, *, opens_visit: bool) -> Iterator[None]:
        """Read inside the batch; after an error of the database itself nothing of the batch stays."""
        if opens_visit:
            if self._visits >= self._batch_size or monotonic() - self._begun >= self._batch_seconds:
                self.flush()
            self._visits += 1
        try:
            with database_errors(self.db):
                if not self.db.conn.in_transaction:
                    self.db.execute("BEGIN IMMEDIATE")
                    self._begun = monotonic()
                yield
        except DatabaseError:
            self._roll_back()
            raise

    @contextmanager
    def _step(self) -> Iterator[None]:
        """A savepoint, without what ``Database.atomic()`` looks up each time."""
        execute = self.db.conn.execute
        execute("SAVEPOINT step")
        try:
            yield
        except BaseException:
            if self.db.conn.in_transaction:  # a full disk has rolled all of it back
                execute("ROLLBACK TO step")
                execute("RELEASE step")
            raise
        execute("RELEASE step")

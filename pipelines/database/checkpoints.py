"""Moving the write-ahead log into the file from another thread, while the writer gathers its next batch."""

from __future__ import annotations

import os
import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Self

from sqlite_utils import Database

from pipelines.database.connection import WAL_PAGES, path_of

_BEHIND = 4
#: How many times as long the log may grow as usual until the writer moves it itself, and waits meanwhile.


class Checkpoints:
    """For a writer of many batches; call :meth:`after_batch` when one is closed.

    Nothing depends on them: what is committed is in the log, and stays there until it is in the file.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        path = path_of(db)
        self._log = f"{path}-wal"
        (page_bytes,) = db.conn.execute("PRAGMA page_size").fetchone()
        self._due = WAL_PAGES * page_bytes
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="checkpoint")
        self._last: Future[None] | None = None

    def __enter__(self) -> Self:
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._db.conn.execute(f"PRAGMA wal_autocheckpoint = {_BEHIND * WAL_PAGES}")
        # A log that begins anew is cut, so that its size says how much is in it.
        self._db.conn.execute("PRAGMA journal_size_limit = 0")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()
        self._connection.close()
        self._db.conn.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
        self._db.conn.execute("PRAGMA journal_size_limit = -1")

    def after_batch(self) -> None:
        """Begin to move the log where it is long enough and nobody does so yet."""
        if self._last is None or self._last.done():
            with suppress(OSError):
                if os.path.getsize(self._log) >= self._due:
                    self._last = self._thread.submit(self._move)

    def _move(self) -> None:
        # What keeps it from moving the log keeps the writer from writing, who tells of it.
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

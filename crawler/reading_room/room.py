"""The room itself: the file that is read, and the threads that read it, each with a connection of its own."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TypeVar

from sqlite_utils import Database

from crawler.errors import DatabaseError, QuestionError
from pipelines.database import open_database

Answered = TypeVar("Answered")

SECONDS = 5.0
#: So long a page may ask the file.

THREADS = 4
_OPERATIONS = 10_000
#: Of SQLite's virtual machine, between two looks at the clock.


class TooSlowError(QuestionError):
    """A question that was stopped because it took too long."""


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


class Room:
    """What the views ask: the database at *path*, never written to, and the time.

    Raises :class:`crawler.errors.DatabaseError` where there is none that can be read.
    """

    def __init__(self, path: Path, *, sql: bool = False, now: Callable[[], datetime] = _now) -> None:
        self.path = path.absolute()
        self.sql = sql
        #: Whether visitors may ask with SQL of their own.

        self.now = now
        # An older file is migrated here, before anybody asks; from then on nothing is written.
        open_database(self.path, readonly=True).close()
        self._threads = ThreadPoolExecutor(THREADS, "reading-room")
        self._own = threading.local()

    async def ask(self, question: Callable[[Database], Answered], *, seconds: float = SECONDS) -> Answered:
        """What *question* answers, asked in a thread of the room with that thread's connection.

        Raises :class:`TooSlowError` where SQLite is at it for longer than *seconds*.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._ask, question, seconds)

    def _ask(self, question: Callable[[Database], Answered], seconds: float) -> Answered:
        db: Database | None = getattr(self._own, "db", None)
        if db is None:
            db = self._own.db = open_database(self.path, readonly=True)
        with time_limit(db, seconds):
            return question(db)

    def close(self) -> None:
        """Let the threads end, and with them their connections."""
        self._threads.shutdown(cancel_futures=True)


@contextmanager
def time_limit(db: Database, seconds: float) -> Iterator[None]:
    """Stop what SQLite does after so long, with a :class:`TooSlowError`."""
    end = monotonic() + seconds
    stopped = False

    def look() -> bool:
        nonlocal stopped
        stopped = monotonic() > end
        return stopped

    db.conn.set_progress_handler(look, _OPERATIONS)
    try:
        yield
    except (sqlite3.OperationalError, DatabaseError) as error:
        if not stopped:
            raise
        raise TooSlowError(f"the question took longer than {seconds:g} seconds; narrow it down") from error
    finally:
        db.conn.set_progress_handler(None, 0)

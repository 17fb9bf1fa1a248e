"""The room itself: the file that is read, and the threads that read it, each with a connection of its own."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TypeVar

from sqlite_utils import Database

from crawler.errors import DatabaseError, QuestionError
from crawler.sources import Catalogue, load_catalogue
from pipelines.database import open_database
from pipelines.database.asking import queries

Answered = TypeVar("Answered")

SECONDS = 5.0
#: So long a page may ask the file.

THREADS = 4
_STREAMS = 2
#: Exports at one time.

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
        open_database(path, readonly=True).close()
        self._threads = ThreadPoolExecutor(THREADS, "reading-room")
        self._own = threading.local()
        self._streams = asyncio.Semaphore(_STREAMS)
        self._catalogue: Catalogue | None = None
        self._names: Mapping[str, str] | None = None

    async def ask(self, question: Callable[[Database], Answered], *, seconds: float = SECONDS) -> Answered:
        """What *question* answers, asked in a thread of the room with that thread's connection.

        Raises :class:`TooSlowError` where SQLite is at it for longer than *seconds*.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._ask, question, seconds)

    def _ask(self, question: Callable[[Database], Answered], seconds: float) -> Answered:
        db: Database | None = getattr(self._own, "db", None)
        if db is None:
            db = self._own.db = self._open()
        with time_limit(db, seconds):
            return question(db)

    async def stream(self, produce: Callable[[Database], Iterator[str]]) -> AsyncIterator[str]:
        """What *produce* yields, made in a thread of its own as it is sent: no other question waits for it.

        A few at a time; each step of it may take ``SECONDS``.
        """
        loop = asyncio.get_running_loop()
        async with self._streams:
            with ThreadPoolExecutor(1, "reading-room-stream") as thread:
                db = await loop.run_in_executor(thread, self._open)
                try:
                    chunks = produce(db)
                    while (chunk := await loop.run_in_executor(thread, _step, db, chunks)) is not None:
                        yield chunk
                finally:
                    await loop.run_in_executor(thread, db.close)

    async def outlets(self) -> list[str]:
        """The slugs of the outlets that articles are from."""
        return await self.ask(queries.outlets)

    def outlet_names(self) -> Mapping[str, str]:
        """Slug to name, of the outlets that are declared."""
        if self._names is None:
            self._names = {slug: source.name for slug, source in self.catalogue().sources.items()}
        return self._names

    def name_of(self, slug: str | None) -> str | None:
        """What an outlet is called, its slug where it is not declared; None for none."""
        return self.outlet_names().get(slug or "") or slug

    def catalogue(self) -> Catalogue:
        """The outlets that are declared."""
        if self._catalogue is None:
            self._catalogue = load_catalogue()
        return self._catalogue

    def _open(self) -> Database:
        return open_database(self.path, readonly=True)

    def close(self) -> None:
        """Let the threads end, and with them their connections."""
        self._threads.shutdown(cancel_futures=True)


def _step(db: Database, chunks: Iterator[str]) -> str | None:
    with time_limit(db, SECONDS):
        return next(chunks, None)


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

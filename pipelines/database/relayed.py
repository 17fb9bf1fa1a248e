"""The writer of notes that other processes took: each note and how far they were written are one step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlite_utils import Database

from pipelines.database import runs, sessions
from pipelines.database.pages import PageStore
from pipelines.database.writer import Writer, _now


class RelayedWriter(Writer):
    """A writer whose batches are closed by its caller alone, between notes and never inside of one."""

    def __init__(self, db: Database, *, pages: PageStore | None = None) -> None:
        super().__init__(db, batch_size=2**31, batch_seconds=float("inf"), pages=pages)

    def open_session(
        self, session: int, number: int, sources: Sequence[str], arguments: Mapping[str, Any]
    ) -> int:
        """Begin a session and its run; the run's id."""
        with self._batch():
            run = runs.insert_run(self.db, "crawl", sources, arguments, _now())
            sessions.open_session(self.db, session, sources, run, number)
        return run

    def close_run(self, run: int, reason: str, stats: Mapping[str, Any]) -> None:
        """As :meth:`finish_run`, inside the batch."""
        with self._batch():
            runs.close_run(self.db, run, reason, stats, _now())

    def discard(self) -> None:
        """Let go of what was not flushed."""
        self._roll_back()

    @contextmanager
    def note(self, session: int, number: int) -> Iterator[None]:
        """The writing of one note: it is written together with its number."""
        with self._batch():
            yield
            sessions.advance(self.db, session, number)

"""The one writer of a process: visits, fetches, the frontier and the counts of a run, in batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from crawler.errors import DatabaseError
from crawler.items import Candidate, Fetch, Visit
from pipelines.database import frontier, lists, runs, stories
from pipelines.database.connection import database_errors
from pipelines.database.frontier import State
from pipelines.database.lists import ListState
from pipelines.database.recognition import Recognition, What, recognise
from pipelines.database.records import to_utc


@dataclass(slots=True, frozen=True)
class Outcome:
    """What became of a visit."""

    article_id: int
    what: What
    of: int | None = None
    #: The article that had the text first: for "folded" another outlet's, or *article_id* itself.


class Writer:
    """Writes in batches; a batch is whole or not at all.

    A batch is closed before a visit begins (``store``, ``record_fetch``, ``found``), never between the
    parts of one, when it holds *batch_size* of them or is *batch_seconds* old. While a batch is open
    other processes cannot write, so whoever may fall idle calls :meth:`flush` by a timer.
    Every method raises :class:`DatabaseError`, after rolling the open batch back.
    """

    def __init__(self, db: Database, *, batch_size: int = 100, batch_seconds: float = 2.0) -> None:
        self.db = db
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

    def start_run(
        self, command: str, sources: Sequence[str], settings: Mapping[str, Any] | None = None
    ) -> int:
        """Begin a run and commit it; its id."""
        with self._batch():
            run = runs.insert_run(self.db, command, sources, settings or {}, _now())
        self.flush()
        return run

    def finish_run(self, run: int, *, reason: str, stats: Mapping[str, Any]) -> None:
        """Close a run (*reason*: ``finished``, ``shutdown``…) and commit."""
        with self._batch():
            runs.close_run(self.db, run, reason, stats, _now())
        self.flush()

    def count(
        self, run: int, source: str | None, what: str, amount: int = 1, *, reason: str | None = None
    ) -> None:
        """Add to a run's counts of an outlet.

        ``store`` counts ``stored updated unchanged folded`` and ``found`` counts ``found`` by themselves;
        this is for what else happens: ``fetched``, ``refused``, ``failed``.
        """
        with self._batch():
            runs.add_count(self.db, run, source, what, amount=amount, reason=reason)

    def recognise(self, visit: Visit) -> Recognition:
        """Which story a visit shows; nothing is written yet."""
        with self._batch(opens_visit=True):
            self._recognised = recognise(self.db, visit)
        return self._recognised

    def store(self, visit: Visit, run: int | None = None, recognition: Recognition | None = None) -> Outcome:
        """Store a visit: article, addresses, version, fetch; its URLs in the frontier are done.

        *recognition* is what :meth:`recognise` said of this visit; it is asked again where another story
        was written since.
        """
        if recognition is None or recognition is not self._recognised:
            recognition = self.recognise(visit)
        self._recognised = None
        what, seen = recognition.what, to_utc(visit.fetch.fetched_at) or _now()
        with self._batch():
            article_id = stories.write_story(self.db, recognition, seen, run)
            stories.write_fetch(self.db, visit.fetch, run, article_id=article_id, outcome=what, reason=None)
            for url in recognition.addresses:
                frontier.settle_url(self.db, url, "done", None, seen)
            if run is not None:
                counted = "stored" if what == "new" else what
                runs.add_count(self.db, run, visit.article.source, counted)
        return Outcome(article_id, what, recognition.original)

    def record_fetch(self, fetch: Fetch, run: int | None, *, outcome: str, reason: str | None = None) -> None:
        """Keep a fetch that gave no article.

        *outcome*: ``unchanged`` (a 304, or the same bytes), ``refused``, ``failed`` or ``gone``.
        """
        with self._batch(opens_visit=True):
            article_id = stories.see_again(self.db, fetch, unchanged=outcome == "unchanged")
            stories.write_fetch(self.db, fetch, run, article_id=article_id, outcome=outcome, reason=reason)

    def refuse(self, visit: Visit, run: int, *, reason: str) -> None:
        """Note in one step that a page is no article: its fetch, the end of its URLs and the count."""
        with self._batch(opens_visit=True):
            stories.write_fetch(self.db, visit.fetch, run, article_id=None, outcome="refused", reason=reason)
            for url in (
                visit.article.url,
                visit.fetch.requested_url,
                visit.candidate and visit.candidate.url,
            ):
                frontier.settle_url(self.db, url or "", "refused", reason, _now())
            runs.add_count(self.db, run, visit.article.source, "refused", reason=reason)

    def found(self, candidates: Iterable[Candidate], run: int | None) -> list[Candidate]:
        """Keep the unknown ones as pending and return them, in order.

        Unknown: no article's address, and not in the frontier. What robots.txt forbade is asked about
        again after a day.
        """
        with self._batch(opens_visit=True):
            new = frontier.add_candidates(self.db, candidates, run, _now())
            if run is not None:
                for source, amount in Counter(candidate.source for candidate in new).items():
                    runs.add_count(self.db, run, source, "found", amount=amount)
        return new

    def note_list(self, url: str, source: str, state: ListState) -> None:
        """Remember a list that was read; call it after :meth:`found` with what it named."""
        with self._batch():
            lists.write_list(self.db, url, source, state, _now())

    def note_unchanged_list(self, url: str, source: str, found_in: str, run: int | None) -> None:
        """Note that a list is as it was, its candidates with it.

        What robots.txt forbade is asked about again after a day, as by :meth:`found`; *found_in* is where
        the list was found, after redirects.
        """
        with self._batch(opens_visit=True):
            lists.see_list(self.db, url, _now())
            again = frontier.reopen(self.db, source, found_in, run, _now())
            if again and run is not None:
                runs.add_count(self.db, run, source, "found", amount=again)

    def settle(self, url: str, state: State, reason: str | None = None) -> None:
        """Take a URL out of what is pending; one that the frontier does not know is let be."""
        with self._batch():
            frontier.settle_url(self.db, url, state, reason, _now())

    def put_off(self, url: str, reason: str) -> None:
        """Let a pending URL rest that could not be had now; after the fifth time it is ``failed``."""
        with self._batch():
            frontier.put_off(self.db, url, reason, _now())

    def flush(self) -> None:
        """Commit the open batch, if there is one."""
        self._recognised = None
        self._visits = 0
        try:
            with database_errors(self.db):
                self.db.commit()
        except DatabaseError:
            self.db.rollback()
            raise

    @contextmanager
    def _batch(self, *, opens_visit: bool = False) -> Iterator[None]:
        """Work inside the batch: all of it stays or, after an error, none of this step.

        After an error of the database itself nothing of the batch stays.
        """
        if opens_visit:
            if self._visits >= self._batch_size or monotonic() - self._begun >= self._batch_seconds:
                self.flush()
            self._visits += 1
        try:
            with database_errors(self.db):
                if not self.db.conn.in_transaction:
                    self.db.execute("BEGIN IMMEDIATE")
                    self._begun = monotonic()
                with self.db.atomic():
                    yield
        except DatabaseError:
            self.db.rollback()
            self._visits = 0
            self._recognised = None
            raise


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""What a crawl asks of the store and tells it: the file at hand, or one that another process writes.

A spider knows no more of where its records go than what stands here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlite_utils import Database

from crawler.items import Candidate, Fetch, RawPage, Visit
from pipelines.database import revisits
from pipelines.database.asking import queries
from pipelines.database.frontier import State, evidence, pending_after
from pipelines.database.lists import ListState, read_list
from pipelines.database.pages import KeptPage
from pipelines.database.revisits import Revisit
from pipelines.database.runs import last_reasons
from pipelines.database.writer import Writer


class Notes(Protocol):
    """Where a crawl notes what it met; each method as :class:`Writer` says."""

    def count(
        self, run: int, source: str | None, what: str, amount: int = 1, *, reason: str | None = None
    ) -> None: ...

    def record_fetch(
        self, fetch: Fetch, run: int | None, *, outcome: str, reason: str | None = None
    ) -> None: ...

    def refuse(self, visit: Visit, run: int, *, reason: str) -> None: ...

    def note_list(self, url: str, source: str, state: ListState) -> None: ...

    def note_unchanged_list(self, url: str, source: str, found_in: str, run: int | None) -> None: ...

    def settle(self, url: str, state: State, reason: str | None = None) -> None: ...

    def put_off(self, url: str, reason: str) -> None: ...

    def keep_unread(self, page: RawPage) -> None: ...

    def unread_page(self, url: str) -> KeptPage | None: ...


class Memory(Protocol):
    """What is known of the outlets of a crawl from earlier ones."""

    async def add(self, candidates: Sequence[Candidate], run: int) -> list[Candidate]:
        """Keep the unknown ones as pending and return them, in order."""

    def pending_after(self, source: str, after: int, limit: int) -> list[tuple[int, Candidate]]:
        """URLs of an outlet that wait and are due, with their numbers, behind the number *after*."""

    def list_state(self, url: str) -> ListState | None:
        """What was read of a list; null where it never was."""

    def due_again(self, source: str, days: float) -> list[tuple[Revisit, Candidate]]:
        """Articles of the last *days* to be asked for again, and what discovery said of them."""

    def published_since(self, source: str, moment: str) -> list[tuple[Revisit, Candidate]]:
        """All articles published since a moment (ISO 8601), likewise."""

    def was_cut_short(self, sources: Iterable[str], run: int) -> bool:
        """Whether an outlet's last crawl before *run* was killed, stopped or limited."""

    def counts(self, run: int) -> list[Mapping[str, Any]]:
        """What the run counted so far: ``source, what, reason, amount``."""


class FileMemory:
    """The memory of a crawl that writes its file itself."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def add(self, candidates: Sequence[Candidate], run: int) -> list[Candidate]:
        return self._writer.found(candidates, run)

    def pending_after(self, source: str, after: int, limit: int) -> list[tuple[int, Candidate]]:
        return pending_after(self._db, source, after, limit)

    def list_state(self, url: str) -> ListState | None:
        return read_list(self._db, url)

    def due_again(self, source: str, days: float) -> list[tuple[Revisit, Candidate]]:
        return self._with_evidence(revisits.due(self._db, source, days))

    def published_since(self, source: str, moment: str) -> list[tuple[Revisit, Candidate]]:
        return self._with_evidence(revisits.since(self._db, source, moment))

    def was_cut_short(self, sources: Iterable[str], run: int) -> bool:
        """Behind what such a crawl found may be gaps."""
        reasons = last_reasons(self._db, list(sources), run)
        return any(reason != "finished" for reason in reasons.values())

    def counts(self, run: int) -> list[Mapping[str, Any]]:
        return list((queries.run(self._db, run) or {"counts": []})["counts"])

    def _with_evidence(self, found: Iterable[Revisit]) -> list[tuple[Revisit, Candidate]]:
        return [(each, evidence(self._db, each.article_id) or Candidate(each.url)) for each in found]

    @property
    def _db(self) -> Database:
        return self._writer.db

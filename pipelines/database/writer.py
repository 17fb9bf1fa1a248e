"""The one writer of a process: visits, fetches, the frontier and the counts of a run, in batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self

from sqlite_utils import Database

from crawler.items import Candidate, Fetch, Visit

State = Literal["done", "refused", "failed", "gone"]


@dataclass(slots=True, frozen=True)
class Outcome:
    """What became of a visit."""

    article_id: int
    what: Literal["new", "updated", "unchanged", "folded"]
    of: int | None = None
    #: For "folded": the article that had the text first (another outlet's, or *article_id* itself).


class Writer:
    """Writes in batches; a batch is whole or not at all.

    A batch is closed before a visit begins (``store``, ``record_fetch``, ``found``), never between the
    parts of one, when it holds *batch_size* of them or is *batch_seconds* old. While a batch is open
    other processes cannot write, so whoever may fall idle calls :meth:`flush` by a timer.
    Every method raises :class:`DatabaseError`, after rolling the open batch back.
    """

    db: Database

    def __init__(self, db: Database, *, batch_size: int = 100, batch_seconds: float = 2.0) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Flush, also after an error: what was stored before it is whole."""

    def start_run(
        self, command: str, sources: Sequence[str], settings: Mapping[str, Any] | None = None
    ) -> int:
        """Begin a run and commit it; its id."""
        raise NotImplementedError

    def finish_run(self, run: int, *, reason: str, stats: Mapping[str, Any]) -> None:
        """Close a run (*reason*: ``finished``, ``shutdown``, ...) and commit."""
        raise NotImplementedError

    def count(
        self, run: int, source: str | None, what: str, amount: int = 1, *, reason: str | None = None
    ) -> None:
        """Add to a run's counts of an outlet.

        ``store`` counts ``stored updated unchanged folded`` and ``found`` counts ``found`` by themselves;
        this is for what else happens: ``fetched``, ``refused``, ``failed``.
        """
        raise NotImplementedError

    def store(self, visit: Visit, run: int | None = None) -> Outcome:
        """Store a visit: article, aliases, versions, fetch; settles its URLs in the frontier as done."""
        raise NotImplementedError

    def record_fetch(self, fetch: Fetch, run: int | None, *, outcome: str, reason: str | None = None) -> None:
        """Keep a fetch that gave no article: ``not-modified``, ``refused``, ``failed``, ``gone``."""
        raise NotImplementedError

    def found(self, candidates: Iterable[Candidate], run: int | None) -> list[Candidate]:
        """Keep the unknown ones as pending and return them, in order.

        Unknown: neither an article's URL nor in the frontier. One that failed in an earlier run is
        pending again.
        """
        raise NotImplementedError

    def settle(self, url: str, state: State, reason: str | None = None) -> None:
        """Take a URL out of what is pending; a URL that the frontier does not know is let be."""
        raise NotImplementedError

    def flush(self) -> None:
        """Commit the open batch, if there is one."""
        raise NotImplementedError

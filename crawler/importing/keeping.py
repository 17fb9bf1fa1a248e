"""Storing visits that no spider made, by the rules that a crawl follows, as a run of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from crawler.configuration import current, scrapy_settings
from crawler.errors import DatabaseError
from crawler.items import Visit
from pipelines.database import Outcome, Writer, open_writer
from pipelines.database.asking import queries
from pipelines.database.pages import read_policy
from pipelines.validate import reason_against


@dataclass(slots=True)
class Kept:
    """What became of the visits of a run."""

    run: int
    counts: Counter[str] = field(default_factory=Counter)
    #: ``stored``, ``updated``, ``unchanged`` and ``folded`` to how many; known when the run has ended,
    #: since only then it is known which articles are copies.

    refused: Counter[str] = field(default_factory=Counter)
    #: Why pages are no articles, and how many.

    without_outlet: int = 0
    #: Pages that were taken and belong to no outlet that is known.

    failed: list[tuple[str, str]] = field(default_factory=list)
    #: Inputs that could not be read, and why.


class Keeper:
    """Takes visits and failures into the open run of a database."""

    def __init__(self, writer: Writer, run: int) -> None:
        self.writer = writer
        self.kept = Kept(run)

    @classmethod
    @contextmanager
    def opened(
        cls, database: Path, command: str, sources: Sequence[str], settings: Mapping[str, Any]
    ) -> Iterator[Self]:
        """A run in the database, made where it is missing; closed with a reason whatever happens.

        Raises DatabaseError when the database, or the file of pages beside it, cannot be used.
        """
        policy = read_policy(scrapy_settings(current()).get)
        with closing(open_writer(database, policy)) as opened, opened as writer:
            keeper = cls(writer, writer.start_run(command, sources, settings))
            try:
                yield keeper
            except BaseException as error:
                with suppress(DatabaseError):  # the first failure is the one to tell
                    keeper._finish("interrupted" if isinstance(error, KeyboardInterrupt) else "failed")
                raise
            keeper._finish("finished")

    def keep(self, visit: Visit) -> Outcome | str:
        """Store the article, or return the reason why the page is none."""
        kept = self.kept
        self.writer.count(kept.run, visit.article.source, "fetched")
        if reason := reason_against(visit.article):
            kept.refused[reason] += 1
            self.writer.refuse(visit, kept.run, reason=reason)
            return reason
        kept.without_outlet += visit.article.source is None
        return self.writer.store(visit, kept.run)

    def fail(self, name: str, error: Exception) -> None:
        """Count an input that could not be read."""
        self.kept.failed.append((name, str(error)))
        self.writer.count(self.kept.run, None, "failed", reason="unreadable")

    def _finish(self, reason: str) -> None:
        self.writer.flush()
        record = queries.run(self.writer.db, self.kept.run) or {"counts": []}
        for count in record["counts"]:
            self.kept.counts[count["what"]] += count["amount"]
        self.writer.finish_run(self.kept.run, reason=reason, stats=self.kept.counts)

"""The database for programs in Python: search it, iterate over it, take it as a data frame. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack

from pipelines import database
from pipelines.database.asking import queries
from pipelines.database.asking.columns import COLUMNS, flat_row
from pipelines.database.asking.filters import Filters
from pipelines.database.asking.search import Answer, Hit, Order
from pipelines.database.asking.sql import MOST_ROWS, SECONDS, SqlAnswer, run_sql
from pipelines.extras import import_extra

if TYPE_CHECKING:
    from pandas import DataFrame

Record = dict[str, Any]
#: The keys of ``Article.to_dict()`` and ``id, first_seen, last_seen, copy_of, versions``.


def open_database(path: Path | str) -> NewsFile:
    """The database at *path*, for asking.

    Raises :class:`crawler.errors.DatabaseError` where there is none, or none that can be used.
    """
    return NewsFile(path)


class NewsFile:
    """A database of articles. A context manager; an instance belongs to one thread.

    Filters, everywhere: ``since``, ``until`` (ISO 8601; a date alone is the day where a story was
    published), ``source`` (an outlet's slug), ``place``, ``author``, ``section``, ``language``.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._db = database.open_database(self.path, readonly=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def search(
        self,
        words: str = "",
        *,
        order: Order = "best",
        limit: int = 20,
        after: str | None = None,
        exact: bool = False,
        fold: bool = True,
        **filters: Unpack[Filters],
    ) -> Answer:
        """A page of hits; ``answer.after`` brings the next one, ``answer.bound`` tells what was left out.

        Words as on the command line (docs/cli.md). Raises :class:`crawler.errors.QuestionError` where
        they do not hold.
        """
        return queries.search(
            self._db, words, order=order, limit=limit, after=after, exact=exact, fold=fold, **filters
        )

    def hits(
        self,
        words: str = "",
        *,
        order: Order = "best",
        exact: bool = False,
        fold: bool = True,
        **filters: Unpack[Filters],
    ) -> Iterator[Hit]:
        """Every hit of a search, page after page."""
        after = None
        while True:
            answer = self.search(
                words, order=order, limit=100, after=after, exact=exact, fold=fold, **filters
            )
            yield from answer
            after = answer.after
            if after is None:
                return

    def article(self, key: int | str) -> Record | None:
        """One article by its id or any of its URLs, with ``copies``; null where there is none."""
        return queries.get_article(self._db, key)

    def articles(
        self, *, after: int = 0, seen_after: str | None = None, **filters: Unpack[Filters]
    ) -> Iterator[Record]:
        """Every article that the filters leave, in order of first sight, in a stream.

        Behind the id *after*, or first seen after the moment *seen_after*.
        """
        return queries.articles(self._db, after=after, seen_after=seen_after, **filters)

    def versions(self, article_id: int) -> list[Record]:
        """Earlier texts of an article, oldest first."""
        return queries.versions(self._db, article_id)

    def query(
        self,
        sql: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        seconds: float = SECONDS,
        most_rows: int = MOST_ROWS,
    ) -> SqlAnswer:
        """The answer to a SELECT, cut at *most_rows* and stopped after *seconds*.

        Raises :class:`crawler.errors.QuestionError` on SQL that does not hold, or would write.
        """
        # Its own connection: what keeps SQL from writing would be in the way of the other methods.
        own = database.open_database(self.path, readonly=True)
        try:
            return run_sql(own, sql, parameters, seconds=seconds, most_rows=most_rows)
        finally:
            own.close()

    def dataframe(self, **filters: Unpack[Filters]) -> DataFrame:
        """The articles that the filters leave as a pandas data frame, indexed by id, in memory.

        Columns as in docs/export.md; moments are of type ``datetime64`` in UTC. Raises
        :class:`crawler.errors.MissingExtraError` without pandas.
        """
        return to_dataframe(self.articles(**filters))


def to_dataframe(records: Iterable[Mapping[str, Any]]) -> DataFrame:
    """Records as :meth:`NewsFile.articles` gives them as a pandas data frame."""
    pandas = import_extra("pandas", "pandas")
    frame = pandas.DataFrame.from_records([flat_row(record) for record in records], columns=list(COLUMNS))
    for name, column in COLUMNS.items():
        if column.kind == "moment":
            frame[name] = pandas.to_datetime(frame[name], utc=True)
        elif column.kind == "integer":
            frame[name] = frame[name].astype("Int64")
    made: DataFrame = frame.set_index("id")
    return made

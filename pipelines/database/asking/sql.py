"""SQL of a person's own, answered from a connection that can only read, within bounds.

What may run is decided by SQLite's authorizer, not by looking at the text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from time import monotonic
from typing import Any, NoReturn

from sqlite_utils import Database

from crawler.errors import QuestionError
from pipelines.database.connection import database_errors

SECONDS = 30.0
MOST_ROWS = 1_000
MOST_BYTES = 64 << 20
#: Characters and bytes of all cells of an answer.

_LARGEST_CELL = 16 << 20
_LONGEST_SQL = 100_000
_OPERATIONS = 10_000
#: Of SQLite's virtual machine, between two looks at the clock.

_READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
_PRAGMAS = {
    *("table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo"),
    *("foreign_key_list", "database_list", "function_list", "user_version", "application_id", "data_version"),
}
_TOLD_ONLY = {"user_version", "application_id"}
#: Pragmas that write where they are given a value.

_FORBIDDEN = {"load_extension", "fts3_tokenizer", "fts5", "writefile", "readfile", "edit"}

LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: _LARGEST_CELL,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: _LONGEST_SQL,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 500,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 500,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 100,
    sqlite3.SQLITE_LIMIT_COLUMN: 500,
}

Cell = str | int | float | bytes | None


@dataclass(slots=True, frozen=True)
class SqlAnswer:
    """The rows of a SELECT."""

    columns: tuple[str, ...]
    #: Names as SQLite gives them; a name that comes again has a number behind it.

    rows: list[tuple[Cell, ...]]
    bound: str | None = None
    #: In a sentence, where the answer was cut; null where it is whole.

    def dicts(self) -> Iterator[dict[str, Cell]]:
        """Row by row, column name to cell."""
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))


def run_sql(
    db: Database,
    sql: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    seconds: float = SECONDS,
    most_rows: int = MOST_ROWS,
    most_bytes: int = MOST_BYTES,
) -> SqlAnswer:
    """The answer to one SELECT (or EXPLAIN, or a PRAGMA that only tells), cut at the bounds.

    *db* must be the caller's own, opened with ``readonly``: it is set so that it can do nothing but this.
    *parameters* are those of ``:name`` in the statement. Raises :class:`QuestionError` where the statement
    does not hold, would write, or takes longer than *seconds*.
    """
    if "\x00" in sql or len(sql) > _LONGEST_SQL:
        raise QuestionError("the SQL is too long or holds a NUL character")
    with database_errors(db):
        _narrow(db.conn)
    end = monotonic() + seconds
    db.conn.set_progress_handler(lambda: monotonic() > end, _OPERATIONS)
    try:
        with database_errors(db):
            return _read(db.conn, sql, parameters or {}, most_rows, most_bytes)
    finally:
        db.conn.set_progress_handler(None, 0)


def _narrow(connection: sqlite3.Connection) -> None:
    connection.set_authorizer(None)
    connection.execute("PRAGMA query_only = ON")
    # A virtual table is made known to a connection by statements that the authorizer would refuse.
    connection.execute("SELECT rowid FROM articles_fts LIMIT 0")
    connection.execute("PRAGMA trusted_schema = OFF")
    for limit, value in LIMITS.items():
        connection.setlimit(limit, value)
    connection.set_authorizer(_permit)


def _permit(
    action: int, first: str | None, second: str | None, database: str | None, view: str | None
) -> int:
    allowed = action in _READS
    if action == sqlite3.SQLITE_FUNCTION:
        allowed = (second or "").lower() not in _FORBIDDEN
    elif action == sqlite3.SQLITE_PRAGMA:
        name = (first or "").lower()
        allowed = name in _PRAGMAS and not (name in _TOLD_ONLY and second is not None)
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _read(
    connection: sqlite3.Connection, sql: str, parameters: Mapping[str, Any], most_rows: int, most_bytes: int
) -> SqlAnswer:
    try:
        with closing(connection.execute(sql, dict(parameters))) as cursor:
            if cursor.description is None:
                raise QuestionError("that is no question: give a SELECT")
            columns = _distinct([column[0] for column in cursor.description])
            rows: list[tuple[Cell, ...]] = []
            size = 0
            for row in cursor:
                size += sum(len(cell) if isinstance(cell, str | bytes) else 8 for cell in row)
                if len(rows) == most_rows:
                    return SqlAnswer(columns, rows, f"the answer was cut after {most_rows:,} rows")
                if size > most_bytes:
                    return SqlAnswer(columns, rows, f"the answer was cut after {most_bytes:,} bytes")
                rows.append(row)
            return SqlAnswer(columns, rows)
    except (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeError, MemoryError) as error:
        _raise_told(error)


def _raise_told(error: Exception) -> NoReturn:
    """The error as a sentence, where the question is its cause; else as it is."""
    code = getattr(error, "sqlite_errorcode", None)
    text = str(error)
    match error:
        case sqlite3.OperationalError() if code == sqlite3.SQLITE_INTERRUPT:
            told = "the query took too long and was stopped; narrow it down, or give it more seconds"
        case sqlite3.DatabaseError() if code == sqlite3.SQLITE_AUTH or "not authorized" in text:
            told = "that is not allowed here: a query can only read"
        case sqlite3.DatabaseError() if "prohibited" in text:
            told = f"that is not allowed here: {text}"
        case sqlite3.DataError() | MemoryError() | OverflowError():
            told = "a value in the query or its answer is too large"
        case sqlite3.ProgrammingError() | sqlite3.Warning() if "one statement" in text:
            told = "give one statement at a time"
        case sqlite3.ProgrammingError():
            told = text[:1].lower() + text[1:].rstrip(".")
        case sqlite3.OperationalError() if code in {sqlite3.SQLITE_ERROR, None}:
            told = f"SQL: {text}"
        case UnicodeError():
            told = "the SQL or a cell holds characters that are no Unicode text"
        case _:
            raise error
    raise QuestionError(told) from error


def _distinct(names: list[str]) -> tuple[str, ...]:
    """Names of columns, each once: ``n, n`` gives ``n, n_2``."""
    seen: dict[str, None] = {}
    for name in names:
        number, tried = 1, name
        while tried in seen:
            number += 1
            tried = f"{name}_{number}"
        seen[tried] = None
    return tuple(seen)

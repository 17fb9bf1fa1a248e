"""``warta query``: SQL of one's own over the stored articles, read-only and within bounds."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from crawler.cli.options import database_option, json_option
from crawler.cli.terminal import SafeOutput, at_terminal, complain, print_array, show, table
from crawler.errors import QuestionError
from pipelines.database import open_database
from pipelines.database.asking.sql import MOST_ROWS, SECONDS, Cell, SqlAnswer, run_sql
from pipelines.formats import spreadsheet_cell

#: Characters of a cell that a table in a terminal shows.
_SHOWN = 300

#: Bytes of memory that a query may take, sorting included.
_MEMORY = 1 << 30


@click.command()
@click.argument("sql", metavar="SQL|-")
@database_option
@click.option(
    "-p",
    "--param",
    "parameters",
    type=(str, str),
    multiple=True,
    metavar="NAME VALUE",
    help="A value for :NAME.",
)
@click.option(
    "--limit", type=click.IntRange(1), default=MOST_ROWS, show_default=True, help="At most so many rows."
)
@click.option(
    "--seconds",
    type=click.FloatRange(0.001, 86_400),
    default=SECONDS,
    show_default=True,
    help="At most so long.",
)
@click.option("--csv", "as_csv", is_flag=True, help="CSV with a header line.")
@json_option
def query(
    sql: str,
    *,
    database: Path,
    parameters: tuple[tuple[str, str], ...],
    limit: int,
    seconds: float,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Answer a SELECT over the tables and views; - reads it from standard input.

    The views stories, outlet_daily, bylines, copies and revisions are made for this: docs/querying.md has
    their columns, and twenty questions with their SQL.
    """
    if as_csv and as_json:
        raise click.UsageError("--csv and --json exclude each other.")
    db = open_database(database, readonly=True)
    db.execute(f"PRAGMA hard_heap_limit = {_MEMORY}")
    text = _standard_input() if sql == "-" else sql
    answer = run_sql(db, text, dict(parameters), seconds=seconds, most_rows=limit)
    if as_csv:
        _print_csv(answer)
    elif as_json or not at_terminal():
        print_array({name: _plain(cell) for name, cell in row.items()} for row in answer.dicts())
    elif answer.rows:
        show(_table(answer))
    else:
        show("No row was found.")
    if answer.bound:
        complain(answer.bound)


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise QuestionError("the SQL on standard input is no UTF-8 text") from None


def _table(answer: SqlAnswer) -> Any:
    numbers = [
        name
        for name, cells in zip(answer.columns, zip(*answer.rows, strict=True), strict=True)
        if all(isinstance(cell, int | float | None) for cell in cells)
    ]
    return table(answer.columns, map(_shown, answer.rows), right=numbers)


def _shown(row: Iterable[Cell]) -> list[object]:
    cells = map(_plain, row)
    return [f"{cell[:_SHOWN]}…" if isinstance(cell, str) and len(cell) > _SHOWN else cell for cell in cells]


def _print_csv(answer: SqlAnswer) -> None:
    writer = csv.writer(SafeOutput())
    writer.writerow(map(spreadsheet_cell, answer.columns))
    for row in answer.rows:
        writer.writerow([spreadsheet_cell(_plain(cell)) for cell in row])


def _plain(cell: Cell) -> str | int | float | None:
    """The cell as JSON can say it: bytes in hexadecimal, and no number that is infinite."""
    if isinstance(cell, bytes):
        return cell.hex()
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    return cell

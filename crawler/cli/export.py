"""``warta export``: the stored articles as a stream for other programs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import click
from rich.progress import Progress, SpinnerColumn, TextColumn

from crawler.cli.options import Moment, database_option, filter_options
from crawler.cli.outlets import check_source
from crawler.cli.terminal import SafeOutput, complain, error_console
from crawler.sources import load_catalogue
from pipelines.database import open_database
from pipelines.database.asking.columns import Record
from pipelines.database.asking.queries import articles
from pipelines.database.records import MAX_INTEGER
from pipelines.extras import import_extra
from pipelines.formats import write_csv, write_jsonl, write_schema_org
from pipelines.parquet import write_parquet

_CACHE_KIB = 8_192


class After(click.ParamType[tuple[str, Any]]):
    """An article's id, or a moment as in ``--since``."""

    name = "id|moment"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Any]:
        text = str(value).strip()
        if text.isascii() and text.isdigit():
            return "after", min(int(text[: len(str(MAX_INTEGER)) + 1]), MAX_INTEGER)
        return "seen_after", Moment().convert(text, param, ctx)


@click.command()
@database_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "parquet", "schema.org"]),
    default="jsonl",
    show_default=True,
    help="JSON lines, CSV, Parquet, or schema.org NewsArticle as JSON-LD lines.",
)
@filter_options
@click.option("--after", type=After(), help="Only those behind this id, or first seen after this moment.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A file instead of standard output.")
def export(
    database: Path, form: str, output: Path | None, after: tuple[str, Any] | None, **filters: Any
) -> None:
    """Write the stored articles, in order of first sight. The columns and terms: docs/export.md."""
    if form == "parquet":
        import_extra("pyarrow", "parquet")
        if output is None and sys.stdout.isatty():
            raise click.UsageError("Parquet is no text for a terminal; give a file with -o.")
    db = open_database(database, readonly=True)
    # Each page of the file is read once: a large cache would only fill memory.
    db.execute(f"PRAGMA cache_size = {-_CACHE_KIB}")
    check_source(db, filters["source"])
    start: dict[str, Any] = dict([after]) if after else {}
    records = articles(db, **start, **filters)
    if output is None:
        _write(form, records, sys.stdout)
        return
    written = _Written()
    with replacing(output) as part, part.open("w", encoding="utf-8", newline="") as out:
        _write(form, written.count(records), out)
    complain(f"{written.amount:,} articles are in {output}.")
    if written.last:
        complain(f"Those that are stored from now on: --after {written.last}")


class _Written:
    """How many records went by, told on a terminal meanwhile, and the id of the last."""

    amount = 0
    last = 0

    def count(self, records: Iterable[Record]) -> Iterator[Record]:
        columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} articles written"))
        with Progress(
            *columns, console=error_console(), transient=True, disable=not sys.stderr.isatty()
        ) as bar:
            task = bar.add_task("", total=None)
            for record in records:
                yield record
                self.amount, self.last = self.amount + 1, record["id"]
                bar.advance(task)


def _write(form: str, records: Iterable[Record], out: TextIO) -> None:
    if form == "parquet":
        write_parquet(records, out.buffer)
        return
    if form == "csv" and out is sys.stdout:
        write_csv(records, SafeOutput())
        return
    writers: dict[str, Callable[[Iterable[Record], TextIO], None]] = {"csv": write_csv, "jsonl": write_jsonl}
    write = writers.get(form) or partial(write_schema_org, catalogue=load_catalogue())
    write(records, out)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of ``path`` when it is whole: a failure leaves that be."""
    if path.is_dir():
        raise click.UsageError(f"{path} is a directory; name a file.")
    if not path.absolute().parent.is_dir():
        raise click.UsageError(f"The directory of {path} does not exist; make it first.")
    if path.exists() and not path.is_file():  # a device or a pipe
        yield path
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)

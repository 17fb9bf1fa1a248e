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

from crawler.cli.formats import Record, write_csv, write_jsonl, write_schema_org
from crawler.cli.options import database_option, filter_options
from crawler.cli.outlets import check_source
from crawler.cli.terminal import complain
from crawler.sources import load_catalogue
from pipelines.database import open_database
from pipelines.database.queries import articles


@click.command()
@database_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "schema.org"]),
    default="jsonl",
    show_default=True,
    help="JSON lines, CSV, or schema.org NewsArticle as JSON-LD lines.",
)
@filter_options
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A file instead of standard output.")
def export(database: Path, form: str, output: Path | None, **filters: Any) -> None:
    """Write the stored articles, in order of first sight. The columns and terms: docs/export.md."""
    db = open_database(database, readonly=True)
    check_source(db, filters["source"])
    records = articles(db, **filters)
    write = _writer(form)
    if output is None:
        write(records, sys.stdout)
        return
    with replacing(output) as out:
        write(records, out)
    complain(f"The articles are in {output}.")


def _writer(form: str) -> Callable[[Iterable[Record], TextIO], None]:
    if form == "schema.org":
        return partial(write_schema_org, catalogue=load_catalogue())
    return write_csv if form == "csv" else write_jsonl


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """A file to write that takes the place of ``path`` when it is whole: a failure leaves the old one be."""
    if path.exists() and not path.is_file():  # a device or a pipe
        with path.open("w", encoding="utf-8", newline="") as out:
            yield out
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as out:
            yield out
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)

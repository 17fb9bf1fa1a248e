"""``warta page``: a stored page as it came."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from crawler.cli.options import Moment, database_option, json_option
from crawler.cli.terminal import at_terminal, complain, print_array, safe, show, table
from crawler.errors import PageError
from pipelines.database import open_database
from pipelines.database.asking import queries
from pipelines.database.kept import fetched_pages
from pipelines.database.pages import PageStore, open_pages
from pipelines.database.records import to_utc

_LONGEST_TOLD = 200


@dataclass(slots=True, frozen=True)
class _Shown:
    """A time at which an address showed a page, in parts or whole."""

    at: str
    pages: Sequence[int]


@click.command()
@click.argument("page", metavar="ID|URL")
@database_option
@click.option("--at", type=Moment(), help="As it was then: 7d, 12h, 2026-01-31. Without: the last one kept.")
@click.option("--part", type=click.IntRange(1), default=1, help="Of a story that is split over pages.")
@click.option("--list", "listed", is_flag=True, help="Tell which pages are kept.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file to write.")
@json_option
def page(
    page: str,
    *,
    database: Path,
    at: str | None,
    part: int,
    listed: bool,
    output: Path | None,
    as_json: bool,
) -> None:
    """Write the kept page of an article, by its number or any URL, as it came.

    In a terminal without what a terminal would obey.
    """
    with closing(open_database(database, readonly=True)) as db, closing(open_pages(database)) as store:
        article = queries.get_article(db, page)
        until = _until(at)
        if article is not None:
            fetches = fetched_pages(db, article["id"], until)
            found = [_Shown(fetch["fetched_at"], fetch["pages"]) for fetch in fetches]
        else:  # one that was no article
            entries = store.under(page)
            found = [_Shown(e.fetched_at, [e.id]) for e in entries if until is None or e.fetched_at <= until]
        if not found:
            raise PageError(f"{store.path} has no page of {_told(page)}{' from before then' if at else ''}.")
        if listed:
            _list(store, found, as_json=as_json)
            return
        shown = found[0]
        if part > len(shown.pages):
            raise PageError(f"the story of {_told(page)} has {len(shown.pages)} part(s) in {store.path}.")
        _write(store.read(shown.pages[part - 1]).body, output)


def _list(store: PageStore, found: Sequence[_Shown], *, as_json: bool) -> None:
    """A row for each time and part; the same page at another time stands there again."""
    rows = [
        {"at": one.at, "part": number, **asdict(store.read(page_id).entry)}
        for one in found
        for number, page_id in enumerate(one.pages, 1)
    ]
    if as_json or not at_terminal():
        print_array(rows)
        return
    columns = ("at", "part", "id", "size", "packed", "url")
    show(table(columns, [[row[name] for name in columns] for row in rows], right=columns[1:5]))


def _write(body: bytes, output: Path | None) -> None:
    if output is not None:
        _replace(output, body)
        complain(f"The page is in {output}.")
    elif at_terminal():
        print(safe(body.decode("utf-8", "replace")))
    else:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()


def _replace(path: Path, body: bytes) -> None:
    """Write a file that takes the place of an old one when it is whole."""
    if path.exists() and not path.is_file():  # a device or a pipe
        path.write_bytes(body)
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(body)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _until(at: str | None) -> str | None:
    if at is None:
        return None
    return to_utc(f"{at}T23:59:59" if len(at) == len("2026-01-31") else at)


def _told(page: str) -> str:
    return page if len(page) <= _LONGEST_TOLD else f"{page[:_LONGEST_TOLD]}…"

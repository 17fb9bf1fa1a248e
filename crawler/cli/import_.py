"""``warta import``: saved pages into the database, by the road that crawled pages take."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from rich.progress import track
from rich.text import Text

from crawler.cli.documents import find_documents, read_document
from crawler.cli.exits import SOME_FAILED
from crawler.cli.keeping import Keeper, Kept
from crawler.cli.options import database_option, json_option
from crawler.cli.reading import read_saved
from crawler.cli.terminal import at_terminal, complain, error_console, print_object, show, table
from crawler.errors import PageError
from crawler.sources import load_catalogue

_KEPT = ("stored", "updated", "unchanged", "folded")


@click.command("import", no_args_is_help=True)
@click.argument("files", nargs=-1, required=True, metavar="{FILE|DIRECTORY}...")
@database_option
@click.option(
    "--source", metavar="SLUG", help="The outlet of all the pages, where their own addresses do not tell."
)
@json_option
def import_(files: tuple[str, ...], database: Path, source: str | None, as_json: bool) -> int:
    """Store saved pages, or directories of them.

    Files may be packed by gzip. A page's address is the canonical one it states.
    """
    catalogue = load_catalogue()
    outlet = catalogue.get(source) if source else None
    failures: list[tuple[str, PageError]] = []
    names = list(_found(files, failures))
    with Keeper.opened(database, "import", [source] if source else [], {"files": len(names)}) as keeper:
        for name, error in failures:
            keeper.fail(name, error)
        for name in _with_progress(names):
            try:
                document = read_document(name)
            except PageError as error:
                keeper.fail(name, error)
                continue
            keeper.keep(read_saved(document, catalogue, source=outlet))
    kept = keeper.kept
    for _, complaint in kept.failed:
        complain(complaint)
    _summarise(kept, as_json)
    if kept.without_outlet:
        pages = "1 page belongs" if kept.without_outlet == 1 else f"{kept.without_outlet} pages belong"
        complain(f"{pages} to no outlet of `warta sources` by the address; --source SLUG names it")
    if kept.failed and not kept.counts["fetched"]:
        return PageError.exit_code
    return SOME_FAILED if kept.failed else 0


def _found(names: Iterable[str], failures: list[tuple[str, PageError]]) -> Iterator[str]:
    for name in names:
        try:
            yield from find_documents(name)
        except PageError as error:
            failures.append((name, error))


def _with_progress(names: list[str]) -> Iterable[str]:
    if not sys.stderr.isatty():
        return names
    return track(names, "Importing", console=error_console(), transient=True)


def _summarise(kept: Kept, as_json: bool) -> None:
    if as_json or not at_terminal():
        print_object(_as_json(kept))
        return
    rows: list[list[Any]] = [[what, kept.counts[what], ""] for what in _KEPT]
    rows += [["refused", count, reason] for reason, count in kept.refused.most_common()]
    rows += [["failed", len(kept.failed), "see above"]] if kept.failed else []
    show(table(["pages", "number", "why"], rows, right=["number"]))
    show(Text(f"Run {kept.run}", style="dim"))


def _as_json(kept: Kept) -> dict[str, Any]:
    return {
        "run": kept.run,
        **{what: kept.counts[what] for what in _KEPT},
        "without_outlet": kept.without_outlet,
        "refused": dict(kept.refused),
        "failed": [{"file": name, "reason": reason} for name, reason in kept.failed],
    }

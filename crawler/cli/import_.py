"""``warta import``: pages from elsewhere into the database, by the road that crawled pages take."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections import Counter
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from crawler.archives.admission import Admission
from crawler.archives.opening import find_inputs, kind_of_input, size_of
from crawler.archives.reading import SECONDS
from crawler.cli.exits import SOME_FAILED
from crawler.cli.options import database_option, json_option
from crawler.cli.terminal import at_terminal, complain, error_console, print_object, show, table
from crawler.errors import PageError
from crawler.importing.archive import Choice, import_warc
from crawler.importing.keeping import Keeper, Kept
from crawler.importing.saved import import_bundle, import_pages
from crawler.importing.shards import import_shard
from crawler.readers import Readers
from crawler.sources import Catalogue, Source, load_catalogue
from pipelines.database.archives import ArchiveState

_FEW = 20
#: Saved pages that are read in this process: starting others takes longer.

_KEPT = ("stored", "updated", "unchanged", "folded")


@click.command("import", no_args_is_help=True)
@click.argument("files", nargs=-1, required=True, metavar="{FILE|DIRECTORY|URL}...")
@database_option
@click.option(
    "--source", metavar="SLUG", help="The outlet of all the pages, where their own addresses do not tell."
)
@click.option("--every-address", is_flag=True, help="Of WARC files also pages without an article's address.")
@click.option("--again", is_flag=True, help="Read archives that were imported before from the beginning.")
@json_option
def import_(
    files: tuple[str, ...],
    *,
    database: Path,
    source: str | None,
    every_address: bool,
    again: bool,
    as_json: bool,
) -> int:
    """Store pages: WARC files, saved pages, zip and tar archives of them, directories, Parquet shards.

    What an earlier run was stopped in goes on where it was. A saved page's address is the canonical one that
    it states.
    """
    catalogue = load_catalogue()
    outlet = catalogue.get(source) if source else None
    told = _Told()
    names = list(_found(files, told))
    settings = {"files": len(names)}
    with Keeper.opened(database, "import", [source] if source else [], settings) as keeper:
        for name, error in told.missing:
            keeper.fail(name, error)
        outlets = partial(_outlet, catalogue, outlet)
        choice = Choice(Admission(catalogue, every_address=every_address), outlets, again)
        _run(_import_all(names, keeper, choice, told))
    kept = keeper.kept
    for _, complaint in kept.failed:
        complain(complaint)
    _summarise(kept, told, as_json)
    if kept.without_outlet:
        pages = "1 page belongs" if kept.without_outlet == 1 else f"{kept.without_outlet} pages belong"
        complain(f"{pages} to no outlet of `warta sources` by the address; --source SLUG names it")
    return _exit_code(kept, told)


def _run(work: Coroutine[Any, Any, None]) -> None:
    """As asyncio.run, but that Ctrl-C also ends a read that waits for its data, as of a pipe."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(work)
    except KeyboardInterrupt:
        # It was raised in one of the tasks; what the others say to that is no news.
        loop.set_exception_handler(lambda *_: None)
        raise
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left))
        gc.collect()
        loop.close()


@dataclass(slots=True)
class _Told:
    """What there is to tell beside what became of the pages."""

    missing: list[tuple[str, PageError]] = field(default_factory=list)
    archives: list[ArchiveState] = field(default_factory=list)

    def left_out(self) -> Counter[str]:
        return sum((archive.left_out for archive in self.archives), Counter())


def _outlet(catalogue: Catalogue, named: Source | None, url: str) -> Source | None:
    return named or catalogue.match(url)


async def _import_all(names: list[str], keeper: Keeper, choice: Choice, told: _Told) -> None:
    pages = [name for name in names if kind_of_input(name) == "page"]
    few = len(names) <= _FEW and len(pages) == len(names)
    readers = Readers(0 if few else -1, seconds=SECONDS)
    try:
        with _progress(names) as bar:
            await import_pages(
                pages, keeper, readers, choice, noted=not few, tell=complain, finish=bar.finish
            )
            for name in names:
                if kind_of_input(name) == "page":
                    continue
                if (state := await _import_one(name, keeper, readers, choice, bar)) is not None:
                    told.archives.append(state)
    finally:
        await readers.close()


async def _import_one(
    name: str, keeper: Keeper, readers: Readers, choice: Choice, bar: _Bar
) -> ArchiveState | None:
    """A shard, a bundle of pages or a WARC file; what is known of the latter two then."""
    try:
        match kind_of_input(name):
            case "shard":
                import_shard(name, keeper)
            case "bundle":
                return await import_bundle(name, keeper, readers, choice, tell=complain)
            case _:
                return await import_warc(name, keeper, readers, choice, tell=complain, advance=bar.advance)
    except PageError as error:
        keeper.fail(name, error)
    finally:
        bar.finish(name)
    return None


def _found(names: Iterable[str], told: _Told) -> Iterator[str]:
    for name in names:
        try:
            yield from find_inputs(name)
        except PageError as error:
            told.missing.append((name, error))


class _Bar:
    """Progress over the bytes of all inputs, told on a terminal."""

    def __init__(self, progress: Progress, sizes: dict[str, int]) -> None:
        self._progress, self._sizes = progress, sizes
        self._task = progress.add_task("Importing", total=sum(sizes.values()) or None)
        self._finished = 0

    def advance(self, reached: int) -> None:
        self._progress.update(self._task, completed=self._finished + reached)

    def finish(self, name: str) -> None:
        self._finished += self._sizes.get(name, 0)
        self.advance(0)


@contextmanager
def _progress(names: list[str]) -> Iterator[_Bar]:
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(show_speed=False)),
        TimeRemainingColumn(),
    )
    quiet = not sys.stderr.isatty()
    sizes: dict[str, int] = {}
    for name in () if quiet else names:
        try:
            sizes[name] = size_of(name)
        except PageError:  # told when it is its turn
            sizes[name] = 0
    with Progress(*columns, console=error_console(), transient=True, disable=quiet) as progress:
        yield _Bar(progress, sizes)


def _exit_code(kept: Kept, told: _Told) -> int:
    damaged = any(archive.left_out["damaged"] for archive in told.archives)
    if kept.failed and not kept.counts["fetched"] and not told.archives:
        return PageError.exit_code
    return SOME_FAILED if kept.failed or damaged else 0


def _summarise(kept: Kept, told: _Told, as_json: bool) -> None:
    if as_json or not at_terminal():
        print_object(_as_json(kept, told))
        return
    rows: list[list[Any]] = [[what, kept.counts[what], ""] for what in _KEPT]
    rows += [["refused", count, reason] for reason, count in kept.refused.most_common()]
    rows += [["left out", count, reason] for reason, count in told.left_out().most_common()]
    rows += [["failed", len(kept.failed), "see above"]] if kept.failed else []
    show(table(["pages", "number", "why"], rows, right=["number"]))
    show(Text(f"Run {kept.run}", style="dim"))


def _as_json(kept: Kept, told: _Told) -> dict[str, Any]:
    archives = [
        {
            "file": state.name,
            "records": state.records,
            "pages": state.pages,
            "left_out": dict(state.left_out.most_common()),
        }
        for state in told.archives
    ]
    return {
        "run": kept.run,
        **{what: kept.counts[what] for what in _KEPT},
        "without_outlet": kept.without_outlet,
        "refused": dict(kept.refused),
        "failed": [{"file": name, "reason": reason} for name, reason in kept.failed],
        "archives": archives,
    }

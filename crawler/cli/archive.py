"""``warta archive``: the kept pages as WARC files that other tools read."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, takewhile
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.text import Text

from crawler.archives.records import ArchivedPage
from crawler.archives.writing import write_info, write_page
from crawler.cli.exits import SOME_FAILED
from crawler.cli.options import Moment, database_option, json_option
from crawler.cli.outlets import check_source
from crawler.cli.terminal import at_terminal, complain, error_console, print_object, show, table
from crawler.errors import PageError
from pipelines.database import open_database
from pipelines.database.pages import PageStore, open_pages
from pipelines.database.pages.listing import Listed, list_pages
from pipelines.database.records import to_utc
from pipelines.extras import import_extra

_MEGABYTE = 1024 * 1024


@dataclass(slots=True, frozen=True)
class _Asked:
    """A bound of the period: as it was typed, and the moment that it means now."""

    text: str
    moment: str
    moves: bool
    #: Whether it means another moment tomorrow.


class _Bound(click.ParamType[_Asked]):
    name = Moment.name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> _Asked:
        typed = re.sub(r"[^\w+-]", "", str(value)).lower()
        return _Asked(typed, Moment().convert(value, param, ctx), Moment.is_age(str(value)))


@click.command()
@click.option(
    "--to", required=True, type=click.Path(path_type=Path, file_okay=False), help="Where the files go."
)
@database_option
@click.option("--source", metavar="SLUG", help="Pages of this outlet alone.")
@click.option("--since", type=_Bound(), help="First met at or after: 7d, 12h, 2026-01-31.")
@click.option("--until", type=_Bound(), help="First met at or before; a date includes its day, in UTC.")
@click.option(
    "--size",
    "megabytes",
    type=click.IntRange(1, 1_000_000),
    default=1_000,
    show_default=True,
    help="MB that a file has at most, but for its last page.",
)
@json_option
def archive(
    *,
    to: Path,
    database: Path,
    source: str | None,
    since: _Asked | None,
    until: _Asked | None,
    megabytes: int,
    as_json: bool,
) -> int:
    """Write the kept pages as WARC 1.1 files, a gzip member a record.

    Given again it goes on behind the last page of the files that are whole: after a stop, or as pages come.
    The files are named by what was asked for and by the numbers of their pages.

    Exit codes: 0 done, 1 some pages are damaged, 3 unusable database, 130 interrupted.
    """
    import_extra("fastwarc.warc", "warc")
    with closing(open_database(database, readonly=True)) as db, closing(open_pages(database)) as store:
        check_source(db, source)
        to.mkdir(parents=True, exist_ok=True)
        out = _Files(to, _prefix(database, source, since, until), megabytes * _MEGABYTE)
        first = to_utc(since.moment) if since else None
        last = _end(until.moment) if until else None
        pages = list_pages(db, store, after=out.last, since=first, until=last, source=source)
        if until and until.moves:
            pages = _before_younger(pages, store, out.last, until)
        _write(out, store, _with_progress(pages))
    _tell(out, as_json)
    return SOME_FAILED if out.failed else 0


@dataclass(slots=True)
class _Files:
    """The files of an archive. A name says which pages are in: from which number, to which."""

    directory: Path
    prefix: str
    most: int
    last: int = 0
    #: Number of the last page that is in a whole file.

    written: list[str] = field(default_factory=list)
    pages: int = 0
    failed: int = 0

    def __post_init__(self) -> None:
        whole = re.compile(rf"{re.escape(self.prefix)}-(\d+)-(\d+)\.warc\.gz")
        for path in self.directory.iterdir():
            if match := whole.fullmatch(path.name):
                self.last = max(self.last, int(match[2]))
            elif path.name == self._part.name:
                path.unlink()

    @property
    def _part(self) -> Path:
        return self.directory / f".{self.prefix}.warc.gz.part"

    def write(self, answers: Iterator[tuple[int, ArchivedPage]]) -> bool:
        """Fill one file; whether there was a page left for it."""
        first = next(answers, None)
        if first is None:
            return False
        # Its own name holds the last page's number, which is not known yet: the record has the first one's.
        info = f"{self.prefix}-{first[0]:09}.warc.gz"
        last = first[0]
        with self._part.open("wb") as out:
            out.write(write_info(info))
            for number, answer in chain([first], answers):
                out.write(write_page(answer, info))
                self.pages, last = self.pages + 1, number
                if out.tell() >= self.most:
                    break
            out.flush()
            os.fsync(out.fileno())
        name = f"{self.prefix}-{first[0]:09}-{last:09}.warc.gz"
        self._part.replace(self.directory / name)
        self.written.append(name)
        return True


def _write(out: _Files, store: PageStore, pages: Iterable[Listed]) -> None:
    answers = _answers(out, store, pages)
    while out.write(answers):
        pass


def _answers(out: _Files, store: PageStore, pages: Iterable[Listed]) -> Iterator[tuple[int, ArchivedPage]]:
    for page in pages:
        entry = page.entry
        try:
            body = store.read(entry.id).body
        except PageError as error:
            out.failed += 1
            complain(error)
            continue
        yield (
            entry.id,
            ArchivedPage(entry.url, entry.fetched_at, body, page.status, entry.content_type, entry.headers),
        )


def _prefix(database: Path, source: str | None, since: _Asked | None, until: _Asked | None) -> str:
    """What the names of files begin with: the same for the same question, whenever it is asked."""
    parts = [re.sub(r"[^\w-]", "-", database.stem)]
    parts += [f"of-{source}"] if source else []
    parts += [f"since-{since.text}"] if since else []
    parts += [f"until-{until.text}"] if until else []
    return "-".join(parts)


def _before_younger(pages: Iterable[Listed], store: PageStore, after: int, until: _Asked) -> Iterator[Listed]:
    """Up to the first page that is too young today: it is old enough one day, and is not to be passed by."""
    younger = store.following(after, f"{_end(until.moment)}~", "~", 1)
    return takewhile(lambda page: not younger or page.entry.id < younger[0].id, pages)


def _end(moment: str) -> str | None:
    """A moment in UTC, a date with its whole day."""
    return to_utc(f"{moment}T23:59:59" if len(moment) == len("2026-01-31") else moment)


def _with_progress(pages: Iterable[Listed]) -> Iterator[Listed]:
    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} pages written"))
    quiet = not sys.stderr.isatty()
    with Progress(*columns, console=error_console(), transient=True, disable=quiet) as bar:
        task = bar.add_task("", total=None)
        for page in pages:
            yield page
            bar.advance(task)


def _tell(out: _Files, as_json: bool) -> None:
    if as_json or not at_terminal():
        print_object({"files": out.written, "pages": out.pages, "failed": out.failed})
        return
    show(table(["file"], [[name] for name in out.written]) if out.written else Text("Nothing new."))
    show(Text(f"{out.pages} pages", style="dim"))

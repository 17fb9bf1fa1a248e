"""``warta reextract``: kept pages read again by today's rules, and what they change."""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.progress import track
from rich.text import Text

from crawler.cli.exits import SOME_FAILED
from crawler.cli.options import Moment, database_option, json_option, sources_option
from crawler.cli.outlets import check_source
from crawler.cli.terminal import at_terminal, complain, error_console, print_object, show, table
from crawler.errors import PageError, SourceError
from crawler.reextraction import Report, Reread, read_all
from crawler.reextraction.workers import Setup
from crawler.sources import Catalogue, load_catalogue
from pipelines.database import Writer, open_database
from pipelines.database.asking.queries import outlets
from pipelines.database.pages import open_pages
from pipelines.database.records import to_utc
from pipelines.database.rereading import kept_fetches


@dataclass(slots=True)
class _Written:
    """What became of the articles that say something else."""

    rewritten: int = 0
    admitted: int = 0
    passed_over: int = 0
    #: Visited by a crawl meanwhile.

    as_before: int = 0
    #: Nothing changed that is stored.

    failed: int = 0


@click.command()
@database_option
@click.option("--source", metavar="SLUG", help="Pages of this outlet alone.")
@click.option("--since", type=Moment(), help="Fetched at or after: 7d, 12h, 2026-01-31.")
@click.option("--until", type=Moment(), help="Fetched at or before; a date includes its day, in UTC.")
@click.option(
    "--jobs", type=click.IntRange(1, 256), default=None, help="Processes that read; as many as processors."
)
@click.option("--dry-run", is_flag=True, help="Only report.")
@sources_option
@json_option
def reextract(
    *,
    database: Path,
    source: str | None,
    since: str | None,
    until: str | None,
    jobs: int | None,
    dry_run: bool,
    directories: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Read the kept pages again by today's rules, report what changes, and write it.

    No earlier versions come of it: those are what an outlet changed. Given again after a stop, it reads
    all pages and writes what is left.

    Exit codes: 0 done, 1 some pages could not be read, 3 unusable database, 4 no kept pages, 130
    interrupted.
    """
    catalogue = load_catalogue(*directories)  # what a worker would stumble over is told here
    jobs = jobs or os.cpu_count() or 1
    with closing(open_database(database)) as db:
        check_source(db, source)
        open_pages(database).close()
        fetches = kept_fetches(db, _moment(since), _moment(until, end=True), source)
        if not fetches:
            raise PageError(f"{database} has no kept pages of that outlet and time to read again.")
        _check_outlets([source] if source else outlets(db), catalogue, dry_run=dry_run)
        report, changed = _compare(fetches, Setup(database, directories), jobs)
        _print(report, dry_run=dry_run, as_json=as_json)
        if changed and not dry_run:
            written = _write(Writer(db), changed, Setup(database, directories, whole=True), jobs, report)
            _tell(written)
            report.failed += written.failed
    return SOME_FAILED if report.failed else 0


def _check_outlets(slugs: Iterable[str], catalogue: Catalogue, *, dry_run: bool) -> None:
    """Outlets without a source file would be read without their names and rules: that is not written."""
    unknown = [slug for slug in slugs if slug not in catalogue.sources]
    if not unknown:
        return
    named = ", ".join(unknown)
    said = f"no source file is here for {named}: read without their rules; --sources names a directory"
    if not dry_run:
        raise SourceError(f"{said}.")
    complain(said)


def _compare(fetches: array[int], setup: Setup, jobs: int) -> tuple[Report, array[int]]:
    """The report, and the fetches of which there is something to write."""
    report, changed = Report(), array("q")
    for again in _with_progress(read_all(fetches, setup, jobs), len(fetches), "Reading"):
        if report.add(again):
            changed.append(again.fetch_id)
    return report, changed


def _write(writer: Writer, changed: array[int], setup: Setup, jobs: int, report: Report) -> _Written:
    """Read once more what changed, and write it, as a run that is closed whatever happens."""
    written = _Written()
    run = writer.start_run("reextract", sorted({*report.changed, *report.admitted} - {""}), {})
    reason = "interrupted"
    try:
        for again in _with_progress(read_all(changed, setup, jobs), len(changed), "Writing"):
            _write_one(writer, again, run, written)
        reason = "finished"
    finally:
        stats = {name: getattr(written, name) for name in _Written.__slots__}
        writer.finish_run(run, reason=reason, stats={"pages": report.pages, **stats})
    return written


def _write_one(writer: Writer, again: Reread, run: int, written: _Written) -> None:
    if again.visit is None:
        written.failed += 1
        complain(f"{again.url or again.fetch_id}: {again.failure}")
    elif again.reason is not None:  # a crawl stored another page meanwhile
        written.passed_over += 1
    elif again.article_id is None:
        admitted = writer.admit(again.fetch_id, again.visit, run) is not None
        written.admitted += admitted
        written.passed_over += not admitted
    else:
        rewritten = writer.rewrite(again.fetch_id, again.visit, run)
        written.passed_over += rewritten is None
        written.rewritten += rewritten is True
        written.as_before += rewritten is False


def _with_progress(done: Iterator[Reread], total: int, what: str) -> Iterable[Reread]:
    if not sys.stderr.isatty():
        return done
    return track(done, what, total=total, console=error_console(), transient=True)


def _print(report: Report, *, dry_run: bool, as_json: bool) -> None:
    for url, reason in report.failures:
        complain(f"{url}: {reason}")
    if more := report.failed - len(report.failures):
        complain(f"{more} more pages could not be read")
    if as_json or not at_terminal():
        print_object(report.to_dict() | {"dry_run": dry_run})
        return
    show(*_summary(report))
    told = report.to_dict()
    if told["fields"]:
        rows = [
            [
                *(one["source"] or "(no outlet)", one["field"], one["articles"]),
                *(one["examples"][0][name] for name in ("article", "old", "new")),
            ]
            for one in told["fields"]
        ]
        show("", table(("outlet", "field", "articles", "article", "was", "is"), rows, right=["articles"]))
    if dry_run:
        show("", Text("Nothing was written.", style="dim"))


def _summary(report: Report) -> list[Any]:
    rows: list[list[Any]] = [
        ["unchanged", report.unchanged, ""],
        ["changed", sum(report.changed.values()), ""],
        ["new articles", sum(report.admitted.values()), "refused before"],
        *(["no article now", count, reason] for reason, count in sorted(report.no_longer.items())),
        ["refused as before", report.refused, ""],
        ["failed", report.failed, ""],
    ]
    shown = [row for row in rows if row[1]]
    return [table(("pages", "number", ""), [["read again", report.pages, ""], *shown], right=["number"])]


def _tell(written: _Written) -> None:
    said = f"{written.rewritten} articles rewritten, {written.admitted} added"
    if written.passed_over:
        said += f", {written.passed_over} left to the crawl that visited them meanwhile"
    complain(said)


def _moment(moment: str | None, *, end: bool = False) -> str | None:
    """A bound of the time of fetches, in UTC; a date that ends a period includes its day."""
    if moment is None:
        return None
    if end and len(moment) == len("2026-01-31"):
        moment += "T23:59:59"
    return to_utc(moment)

"""``warta crawl``: outlets into the database, and what came of it per outlet."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from crawler import run
from crawler.cli.exits import INTERRUPTED, SOME_FAILED
from crawler.cli.options import Moment, database_option, json_option, setting_option, sources_option
from crawler.cli.terminal import at_terminal, complain, print_object, show, table
from crawler.errors import PageError

_NUMBERS = ("found", "stored", "updated", "unchanged", "folded", "refused", "failed")
_REASONS_SHOWN = 4


@click.command()
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@database_option
@click.option("--since", type=Moment(), help="Only what is dated from then on: 7d, 12h, 2026-01-31.")
@click.option("--until", type=Moment(), help="Only what is dated until then.")
@click.option("--limit", type=click.IntRange(min=1), default=None, help="Articles per outlet at most.")
@click.option(
    "--revisit",
    type=Moment(),
    is_flag=False,
    flag_value="2d",
    help="Ask again for stored articles published since then, to see updates; alone: 2d.",
)
@click.option("--even-if-off", is_flag=True, help="Crawl named outlets that are switched off, too.")
@sources_option
@json_option
@click.option("--verbose", "-v", is_flag=True, help="Log what happens to standard error.")
@setting_option("--log-format", "log.format")
def crawl(
    *,
    sources: tuple[str, ...],
    database: Path,
    since: str | None,
    until: str | None,
    limit: int | None,
    revisit: str | None,
    even_if_off: bool,
    directories: tuple[Path, ...],
    as_json: bool,
    verbose: bool,
    log_format: str,
) -> int:
    """Crawl outlets into a database: those named by slug, or all that are on.

    Obeys robots.txt, crawl delays and requests for pauses. A crawl that was stopped or killed goes on
    where it was when the same command is given again.

    Exit codes: 0 done, 1 some outlets gave nothing, 2 an outlet that is unknown or off, 3 unusable
    database, 4 no outlet gave anything, 130 interrupted.
    """
    logs = verbose or log_format == "json"
    progress = "log" if logs else ("live" if sys.stderr.isatty() else "off")
    report = run.crawl(
        sources,
        database,
        since=since,
        until=until,
        limit=limit or 0,
        revisit=revisit,
        even_if_off=even_if_off,
        directories=directories,
        settings={"WARTA_PROGRESS": progress, "LOG_LEVEL": "INFO" if logs else "ERROR"},
        notify=None if logs else complain,  # the log tells it
        log_format=log_format,
    )
    if as_json or not at_terminal():
        print_object(_as_dict(report))
    else:
        _show(report)
    return _exit_code(report)


def _exit_code(report: run.CrawlReport) -> int:
    if report.interrupted:
        complain(f"interrupted; {sum(report.left.values())} URLs are left for the next crawl")
        return INTERRUPTED
    for slug, reason in report.failed.items():
        complain(f"{slug}: gave nothing: {reason}")
    if not report.failed:
        return 0
    return PageError.exit_code if len(report.failed) == len(report.tallies) else SOME_FAILED


def _as_dict(report: run.CrawlReport) -> dict[str, object]:
    return {
        "run": report.run,
        "reason": report.reason,
        "outlets": [
            {**tally.to_dict(), "left": report.left.get(tally.source, 0)} for tally in report.tallies
        ],
        "failed": report.failed,
        "hosts": {
            name: {
                "answers": host.answers,
                "pauses": host.pauses,
                "faults": dict(host.faults.most_common()),
                "left_alone": host.left_alone,
            }
            for name, host in report.hosts.items()
        },
    }


def _show(report: run.CrawlReport) -> None:
    numbers = (*_NUMBERS, "left") if report.left else _NUMBERS
    rows = [
        [tally.source, *(tally.amounts[what] for what in _NUMBERS), report.left.get(tally.source)]
        for tally in report.tallies
    ]
    counted = table(("outlet", *numbers), [row[: 1 + len(numbers)] for row in rows], right=numbers)
    why = [
        [tally.source, what, _reasons(reasons)]
        for tally in report.tallies
        for what, reasons in tally.reasons.items()
    ]
    show(counted)
    if why:
        show("", table(("outlet", "what", "why"), why))
    hosts = [
        [name, host.answers, host.pauses, _reasons(host.faults), host.left_alone or ""]
        for name, host in report.hosts.items()
    ]
    if hosts:
        show("", table(("host", "answers", "pauses", "faults", "left alone"), hosts))


def _reasons(reasons: Counter[str]) -> str:
    most = reasons.most_common()
    named = [f"{reason} ({amount})" for reason, amount in most[:_REASONS_SHOWN]]
    more = sum(amount for _, amount in most[_REASONS_SHOWN:])
    return ", ".join([*named, f"others ({more})"] if more else named)

"""``warta doctor``: whether database, machine and outlets are as they should be, and what to do where not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import click
from rich.text import Text
from sqlite_utils import Database

from crawler.cli.exits import SOME_FAILED
from crawler.cli.options import database_option, json_option, sources_option
from crawler.cli.terminal import at_terminal, complain, error_console, one_line, print_object, show
from crawler.configuration import current, scrapy_settings
from crawler.sources import load_catalogue
from crawler.surroundings import (
    check_clock,
    check_clock_with_others,
    check_disk,
    check_outlets,
    check_versions,
)
from pipelines.database import open_database
from pipelines.database.checks import CHECKS, Check, Finding, run_check

_FRESH = timedelta(days=7)
#: What names nothing since then is stale.

Examination = Callable[[], Iterator[Finding]]


@click.command()
@database_option
@click.option("--network", is_flag=True, help="Also ask the outlets: the clock, and each of their lists.")
@sources_option
@json_option
def doctor(database: Path, *, network: bool, directories: tuple[Path, ...], as_json: bool) -> int:
    """Check versions, disk, clock and all rules of the database; the exit code is 1 where one does not hold.

    Mends nothing. Asks nobody over the network unless told to.
    """
    db = _opened(database)
    examinations = _examinations(db, database)
    if network:
        examinations |= _over_the_network(directories)
    findings: list[Finding] = []
    console = error_console()
    for name, examine in examinations.items():
        if console.is_terminal:
            with console.status(f"Checking: {name}"):
                findings += examine()
        else:
            findings += examine()
    db.close()
    if as_json or not at_terminal():
        print_object(
            {
                "database": str(database),
                "checked": list(examinations),
                "findings": [asdict(finding) for finding in findings],
            }
        )
    else:
        _show(list(examinations), findings)
    return SOME_FAILED if findings else 0


def _opened(database: Path) -> Database:
    """The database for writing, since its own check of the index counts as that; else for reading."""
    if not database.exists() or _may_write(database):
        return open_database(database)
    db = open_database(database, readonly=True)
    complain(f"{database} cannot be written: what needs that is not checked")
    return db


def _may_write(database: Path) -> bool:
    return all(os.access(place, os.W_OK) for place in (database, database.absolute().parent))


def _examinations(db: Database, database: Path) -> dict[str, Examination]:
    may_write = _may_write(database)

    def rule(check: Check) -> Iterator[Finding]:
        if (finding := run_check(db, check)) is not None:
            yield finding

    return {
        "versions": check_versions,
        "disk": partial(check_disk, database),
        "clock": partial(check_clock, db, datetime.now(UTC)),
        **{check.name: partial(rule, check) for check in CHECKS if may_write or not check.writes},
    }


def _over_the_network(directories: Sequence[Path]) -> dict[str, Examination]:
    on = [source for source in load_catalogue(*directories) if source.enabled]
    agent = scrapy_settings(current())["USER_AGENT"]
    since = (datetime.now(UTC) - _FRESH).isoformat(timespec="seconds")
    return {
        "clock of others": lambda: check_clock_with_others(on, agent, datetime.now(UTC)),
        "outlets": partial(check_outlets, directories, since),
    }


def _show(checked: Sequence[str], findings: Sequence[Finding]) -> None:
    broken = {finding.check for finding in findings}
    for name in checked:
        show(Text(f"{'✗' if name in broken else '✓'} {name}"))
    for finding in findings:
        cases = f" ({finding.count} cases)" if finding.count > 1 else ""
        show(Text(), Text(f"{finding.check}: {one_line(finding.problem)}{cases}", style="bold"))
        show(Text(f"What to do: {one_line(finding.advice)}"))

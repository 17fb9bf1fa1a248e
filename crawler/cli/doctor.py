"""``warta doctor``: whether the database keeps its rules, and what to do where it does not."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
from rich.text import Text

from crawler.cli.exits import SOME_FAILED
from crawler.cli.options import database_option, json_option
from crawler.cli.terminal import at_terminal, error_console, one_line, print_object, show
from pipelines.database import open_database
from pipelines.database.checks import CHECKS, run_check


@click.command()
@database_option
@json_option
def doctor(database: Path, *, as_json: bool) -> int:
    """Check all rules of the database; the exit code is 1 where one does not hold."""
    db = open_database(database)
    findings = []
    console = error_console()
    for check in CHECKS:
        if console.is_terminal:
            with console.status(f"Checking: {check.name}"):
                finding = run_check(db, check)
        else:
            finding = run_check(db, check)
        if finding:
            findings.append(finding)
    db.close()
    if as_json or not at_terminal():
        checked = [check.name for check in CHECKS]
        print_object(
            {"database": str(database), "checked": checked, "findings": [asdict(f) for f in findings]}
        )
    else:
        broken = {finding.check for finding in findings}
        for check in CHECKS:
            show(Text(f"{'✗' if check.name in broken else '✓'} {check.name}"))
        for finding in findings:
            cases = f" ({finding.count} cases)" if finding.count > 1 else ""
            show(Text(), Text(f"{finding.check}: {one_line(finding.problem)}{cases}", style="bold"))
            show(Text(f"What to do: {one_line(finding.advice.replace('FILE', str(database)))}"))
    return SOME_FAILED if findings else 0

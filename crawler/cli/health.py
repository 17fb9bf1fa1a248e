"""``warta health``: which outlets are no longer read as they were in the last month."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.text import Text

from crawler.cli.exits import SOME_FAILED
from crawler.cli.options import database_option, json_option
from crawler.cli.outlets import check_source
from crawler.cli.terminal import address, at_terminal, one_line, print_object, show
from pipelines.database import open_database
from pipelines.database.asking.queries import source_counts
from pipelines.database.outlets.health import Finding
from pipelines.database.outlets.health import health as examine


@click.command()
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@database_option
@json_option
def health(*, sources: tuple[str, ...], database: Path, as_json: bool) -> int:
    """Hold each outlet's stories and runs against its own last month; the exit code is 1 where one changed.

    Tells what changed, since when, with two examples.
    """
    db = open_database(database, readonly=True)
    for slug in sources:
        check_source(db, slug)
    outlets = list(sources) or [row["source"] for row in source_counts(db) if row["source"]]
    findings = examine(db, outlets, datetime.now(UTC))
    if as_json or not at_terminal():
        print_object({"outlets": outlets, "findings": [asdict(finding) for finding in findings]})
    else:
        _show(outlets, findings)
    return SOME_FAILED if findings else 0


def _show(outlets: list[str], findings: list[Finding]) -> None:
    for finding in findings:
        since = finding.since.replace("T", " ")
        show(Text(one_line(f"{finding.source}: {finding.what}, since {since}"), style="bold"))
        show(Text(f"  {one_line(finding.told)}"))
        for url in finding.examples:
            show(address(url, indent=2))
    changed = {finding.source for finding in findings}
    show(Text(f"{len(changed)} of {len(outlets)} outlets changed"))

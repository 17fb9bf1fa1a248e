"""``warta runs``: what each crawl, import or saved page brought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from crawler.cli.options import database_option, json_option
from crawler.cli.terminal import at_terminal, print_array, print_object, table
from crawler.cli.terminal import show as show_on_screen
from crawler.errors import PageError
from pipelines.database import open_database, queries

#: What a run counts, in the order of a page's way.
COUNTED = ("found", "fetched", "stored", "updated", "unchanged", "folded", "refused", "failed")


@click.group(invoke_without_command=True)
@database_option
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many.")
@json_option
@click.pass_context
def runs(ctx: click.Context, database: Path, limit: int, as_json: bool) -> None:
    """List the last runs, newest first."""
    if ctx.invoked_subcommand is not None:
        return
    db = open_database(database, readonly=True)
    listed = [queries.run(db, row["id"]) or row for row in queries.runs(db, limit)]
    if as_json or not at_terminal():
        print_array(listed)
        return
    rows = [
        [
            run["id"],
            run["command"],
            run["started_at"],
            run["reason"] or "not finished",
            *_totals(run["counts"]),
        ]
        for run in listed
    ]
    show_on_screen(table(["run", "command", "started", "ended", *COUNTED], rows, right=["run", *COUNTED]))


@runs.command("show")
@click.argument("number", type=click.IntRange(1))
@database_option
@json_option
def show(number: int, database: Path, as_json: bool) -> None:
    """Show one run by outlet, with the reasons of what was refused or failed."""
    record = queries.run(open_database(database, readonly=True), number)
    if record is None:
        raise PageError(f"{database} has no run {number}; `warta runs` lists them.")
    if as_json or not at_terminal():
        print_object(record)
        return
    show_on_screen(
        Text(f"Run {number}: {record['command']}, {record['started_at']}", style="bold"),
        Text(
            f"Ended {record['finished_at']}: {record['reason']}" if record["finished_at"] else "Not finished"
        ),
        Text(),
        outlet_table(record["counts"]),
        Text(),
        reason_table(record["counts"]),
    )


def outlet_table(counts: Iterable[Mapping[str, Any]]) -> Table:
    """What a run counted, an outlet a line."""
    by_source: dict[str, list[Mapping[str, Any]]] = {}
    for count in counts:
        by_source.setdefault(count["source"] or "", []).append(count)
    rows = [[source or "(no outlet)", *_totals(own)] for source, own in by_source.items()]
    return table(["outlet", *COUNTED], rows, right=COUNTED)


def reason_table(counts: Iterable[Mapping[str, Any]]) -> Table:
    """Why pages were refused or failed."""
    totals: Counter[tuple[str, str]] = Counter()
    for count in counts:
        if count["reason"]:
            totals[count["what"], count["reason"]] += count["amount"]
    rows = [[what, reason, amount] for (what, reason), amount in totals.most_common()]
    return table(["what", "reason", "pages"], rows, right=["pages"])


def _totals(counts: Iterable[Mapping[str, Any]]) -> list[int]:
    totals: Counter[str] = Counter()
    for count in counts:
        totals[count["what"]] += count["amount"]
    return [totals[what] for what in COUNTED]

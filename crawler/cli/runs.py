"""``warta runs``: what each crawl, import or saved page brought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from crawler.cli.options import database_option, json_option
from crawler.cli.terminal import at_terminal, print_array, print_object, table
from crawler.cli.terminal import show as show_on_screen
from crawler.errors import PageError
from crawler.extensions.tally import COLUMNS, Tally, sum_up
from pipelines.database import open_database
from pipelines.database.asking import queries
from pipelines.database.outlets.freshness import Freshness, freshness


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
    show_on_screen(table(["run", "command", "started", "ended", "pages"], map(_row, listed), right=["run"]))


@runs.command("show", short_help="One run, by outlet and with its reasons.")
@click.argument("number", type=click.IntRange(1))
@database_option
@json_option
def show(number: int, database: Path, as_json: bool) -> None:
    """Show one run by outlet, with the reasons of what was refused or failed."""
    db = open_database(database, readonly=True)
    record = queries.run(db, number)
    if record is None:
        raise PageError(f"{database} has no run {number}; `warta runs` lists them.")
    tallies = sum_up(record["counts"])
    fresh = freshness(db, number)
    if as_json or not at_terminal():
        print_object(record | {"outlets": [_outlet(tally, fresh.get(tally.source)) for tally in tallies]})
        return
    show_on_screen(
        Text(f"Run {number}: {record['command']}, {record['started_at']}", style="bold"),
        Text(
            f"Ended {record['finished_at']}: {record['reason']}" if record["finished_at"] else "Not finished"
        ),
        Text(),
        outlet_table(tallies),
        Text(),
        traffic_table(tallies, fresh),
        Text(),
        reason_table(tallies),
    )


def outlet_table(tallies: Iterable[Tally]) -> Table:
    """What a run counted, an outlet a line."""
    rows = [[tally.source or "(no outlet)", *_amounts(tally.amounts)] for tally in tallies]
    return table(["outlet", *COLUMNS], rows, right=COLUMNS)


def traffic_table(tallies: Iterable[Tally], fresh: Mapping[str, Freshness]) -> Table:
    """What the outlets' servers sent, and how long after their publication stories were stored."""
    rows = [
        [
            tally.source or "(no outlet)",
            *(tally.amounts[what] for what in ("requests", "not modified")),
            f"{tally.amounts['bytes'] / 1e6:.1f}",
            tally.amounts["seconds"],
            *(_age(seconds) for seconds in _ages(fresh.get(tally.source))),
        ]
        for tally in tallies
    ]
    columns = ["outlet", "requests", "not modified", "MB", "seconds", "median age", "p95 age"]
    return table(columns, rows, right=columns[1:])


def reason_table(tallies: Iterable[Tally]) -> Table:
    """Why pages were refused or failed."""
    totals: Counter[tuple[str, str]] = Counter()
    for tally in tallies:
        for what, reasons in tally.reasons.items():
            totals.update({(what, reason): amount for reason, amount in reasons.items()})
    rows = [[what, reason, amount] for (what, reason), amount in totals.most_common()]
    return table(["what", "reason", "pages"], rows, right=["pages"])


def _amounts(amounts: Mapping[str, int]) -> list[int]:
    return [amounts.get(what, 0) for what in COLUMNS]


def _row(run: Mapping[str, Any]) -> list[object]:
    totals: Counter[str] = Counter()
    for tally in sum_up(run["counts"]):
        totals.update(tally.amounts)
    pages = ", ".join(f"{totals[what]} {what}" for what in COLUMNS if totals[what])
    started = run["started_at"].replace("T", " ")
    return [run["id"], run["command"], started, run["reason"] or "not finished", pages]


def _outlet(tally: Tally, fresh: Freshness | None) -> dict[str, Any]:
    return tally.to_dict() | {"freshness": asdict(fresh) if fresh else None}


def _ages(fresh: Freshness | None) -> tuple[int | None, int | None]:
    return (fresh.median, fresh.p95) if fresh else (None, None)


def _age(seconds: int | None) -> str | None:
    """A span of time to the minute, as a person says it: ``3 min``, ``2 h 05``."""
    if seconds is None:
        return None
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02d}"

"""``warta sources``: the outlets that Warta knows, and what the database has of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from textwrap import shorten
from typing import Any

import click
from click.core import ParameterSource
from rich.table import Table
from rich.text import Text

from crawler.cli.add_source import add
from crawler.cli.check_source import check
from crawler.cli.options import database_option, json_option
from crawler.cli.terminal import at_terminal, one_line, print_array, print_object, table
from crawler.cli.terminal import show as show_on_screen
from crawler.configuration import current
from crawler.sources import Rule, Source, load_catalogue
from pipelines.database import open_database
from pipelines.database.asking.queries import source_counts

#: Kinds of pages that name an outlet's articles.
_DISCOVERY = ("feeds", "sitemaps", "index_pages", "post_pages", "listing_pages")

#: What the database counts of an outlet.
_COUNTED = ("articles", "pending", "newest")

_REASON = 60
#: Characters of the reason why an outlet is off; `warta sources show` has all of it.


@click.group(invoke_without_command=True)
@database_option
@json_option
@click.pass_context
def sources(ctx: click.Context, database: Path, as_json: bool) -> None:
    """List the outlets.

    With counts of their articles where there is a database.
    """
    if ctx.invoked_subcommand is not None:
        return
    named = (
        ctx.get_parameter_source("database") is not ParameterSource.DEFAULT
        or current().origin("database").kind != "default"
    )
    counts = _counts(database) if named or database.exists() else {}
    known = {source.slug: declared(source) for source in load_catalogue()}
    # Articles of outlets that are no longer declared, or were crawled from other declarations.
    rows = known | {slug: {"slug": slug, "enabled": False} for slug in counts if slug not in known}
    if as_json or not at_terminal():
        print_array(row | counts.get(slug, {}) for slug, row in rows.items())
        return
    # A column in which nothing stands says nothing.
    counted = tuple(key for key in _COUNTED if any(row.get(key) for row in counts.values()))
    show_on_screen(
        table(
            ["source", "name", "language", *counted, "found by"],
            [
                _row(row, [_short(counts.get(slug, {}).get(key)) for key in counted])
                for slug, row in rows.items()
            ],
            right=["articles", "pending"],
        )
    )


@sources.command("show")
@click.argument("slug")
@json_option
def show(slug: str, as_json: bool) -> None:
    """Show all that is declared of one outlet."""
    values = declared(load_catalogue().get(slug))
    if as_json or not at_terminal():
        print_object(values)
        return
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim")
    grid.add_column(overflow="fold")
    for key, value in values.items():
        if value not in (None, [], {}):
            lines = [_written(entry) for entry in (value if isinstance(value, list) else [value])]
            grid.add_row(key.replace("_", " "), Text("\n".join(one_line(line) for line in lines)))
    show_on_screen(grid)


def _written(entry: Any) -> Any:
    """A rule as its selectors, anything else as it is."""
    if not isinstance(entry, dict):
        return entry
    return "; ".join(f"{key}: {css}" for key, css in entry.items() if css)


def declared(source: Source) -> dict[str, Any]:
    """A source in plain JSON types; patterns as their text."""
    return {field.name: _plain(getattr(source, field.name)) for field in fields(source)}


def _plain(value: Any) -> Any:
    match value:
        case re.Pattern():
            return value.pattern
        case Rule():
            return {"until": value.until.isoformat() if value.until else None, **value.selectors}
        case tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return dict(value)
    return value


def _counts(database: Path) -> dict[str, dict[str, Any]]:
    rows = source_counts(open_database(database, readonly=True))
    return {
        row["source"]: {key: value for key, value in row.items() if key != "source"}
        for row in rows
        if row["source"]
    }


def _row(row: Mapping[str, Any], numbers: list[object]) -> list[object]:
    if row["enabled"]:
        found_by = ", ".join(_amount(len(row[kind]), kind) for kind in _DISCOVERY if row[kind]) or "homepage"
    else:
        why = f"off: {row['reason']}" if "reason" in row else "not declared"
        found_by = shorten(why, _REASON, placeholder=" …")
    return [row["slug"], row.get("name"), row.get("language"), *numbers, found_by]


def _amount(number: int, kind: str) -> str:
    """As a person says it: ``1 feed``, ``2 index pages``."""
    name = kind.replace("_", " ")
    return f"{number} {name.removesuffix('s') if number == 1 else name}"


def _short(value: object) -> object:
    """A time as its day."""
    return value[:10] if isinstance(value, str) else value


sources.add_command(check)
sources.add_command(add)

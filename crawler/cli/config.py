"""``warta config``: what is set, whether it holds, and a file to begin from."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from crawler.cli.exits import USAGE
from crawler.cli.options import json_option
from crawler.cli.terminal import at_terminal, complain, print_array, print_object, table
from crawler.cli.terminal import show as show_on_screen
from crawler.configuration import NO_CONTACT, SETTINGS, Configuration, Setting, current, examine
from crawler.configuration.example import example as example_file
from crawler.configuration.kinds import written
from crawler.errors import WartaError
from crawler.sources import load_catalogue

_MASK = "(set)"
#: In place of a secret.


@click.group()
def config() -> None:
    """What is set in warta.toml, in the environment or by default."""


@config.command()
@json_option
@click.pass_context
def check(ctx: click.Context, *, as_json: bool) -> int:
    """Check all settings; the exit code is 2 where one does not hold.

    Also warns of what holds, and yet is hardly meant so.
    """
    chosen = ctx.find_root().params["file"]
    configuration, faults = examine(chosen)
    if not faults:
        try:
            load_catalogue()
        except WartaError as error:
            faults = [str(error).rstrip(".")]
    warnings = list(_warnings(configuration))
    if as_json or not at_terminal():
        print_object({"file": _name(configuration), "faults": faults, "warnings": warnings})
    for told in [*faults, *(f"warning: {warning}" for warning in warnings)]:
        complain(told if told.endswith("?") else f"{told}.")
    if not faults and at_terminal() and not as_json:
        click.echo(f"{_name(configuration) or 'No warta.toml, and the environment'}: all settings hold")
    return USAGE if faults else 0


@config.command(short_help="Each setting, its value and where from.")
@json_option
def show(*, as_json: bool) -> None:
    """Show each setting, its value and where that came from; secrets are not shown."""
    configuration = current()
    if as_json or not at_terminal():
        print_array(_row(configuration, each) for each in SETTINGS)
        return
    rows = [[each.key, _shown(configuration, each), str(configuration.origin(each.key))] for each in SETTINGS]
    show_on_screen(table(["setting", "value", "from"], rows))


@config.command(short_help="A warta.toml with all settings and defaults.")
def example() -> None:
    """Print a warta.toml with every setting, its meaning and its default."""
    click.echo(example_file(), nl=False)


def _row(configuration: Configuration, each: Setting) -> dict[str, Any]:
    value = configuration[each.key]
    return {
        "setting": each.key,
        "value": _MASK if each.secret and value else value,
        "from": str(configuration.origin(each.key)),
        "environment": each.environment,
        "meaning": each.meaning,
    }


def _shown(configuration: Configuration, each: Setting) -> str:
    value = configuration[each.key]
    return _MASK if each.secret and value else written(value)


def _name(configuration: Configuration) -> str | None:
    return str(configuration.file) if configuration.file else None


def _warnings(configuration: Configuration) -> Iterator[str]:
    if configuration["contact"] == NO_CONTACT:
        yield f"contact is {NO_CONTACT}, where nobody is: set it to a page or address of yours"
    place = Path(configuration["database"]).absolute().parent
    if not place.is_dir():
        yield f"the directory of database, {place}, does not exist"
    if configuration["alerts.mail.server"] and configuration["alerts.mail.security"] == "none":
        yield 'alerts.mail.security is "none": mail and password go over the line as they are'
    yield from _exposed(configuration)


def _exposed(configuration: Configuration) -> Iterator[str]:
    """Secrets that stand in a file which others may read."""
    file = configuration.file
    if file is None or not file.is_file() or not file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        return
    text = file.read_text("utf-8", errors="replace")
    for each in SETTINGS:
        value = configuration[each.key]
        if each.secret and value and configuration.origin(each.key).kind == "file" and value in text:
            yield f'{each.key} is a secret, and others may read {file}: chmod 600, or write "env:NAME"'

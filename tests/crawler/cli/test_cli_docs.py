"""docs/cli.md and docs/export.md say all that the command line can do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from crawler import errors
from crawler.cli import exits, main
from pipelines.formats import CSV_COLUMNS
from pipelines.parquet import FURTHER

DOCS = Path(__file__).parents[3] / "docs"
CLI = (DOCS / "cli.md").read_text("utf-8")


def named(name: str) -> click.Command:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    return command


COMMANDS = {name: named(name) for name in main.list_commands(click.Context(main))}


def section(name: str) -> str:
    """The text under a command's heading."""
    found = re.search(rf"^## warta {name}\n(.*?)(?=^## |\Z)", CLI, re.MULTILINE | re.DOTALL)
    assert found, f"docs/cli.md has no section on warta {name}"
    return found[1]


def options(command: click.Command) -> Iterator[str]:
    """Every spelling of every option, also of commands under the command."""
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield from parameter.opts
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from options(inner)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    command, text = COMMANDS[name], section(name)
    assert f"warta {name}" in text
    assert [option for option in options(command) if f"`{option}" not in text] == []
    if isinstance(command, click.Group):
        assert [inner for inner in command.commands if f"warta {name} {inner}" not in text] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_no_option_is_documented_that_is_not_there(name: str) -> None:
    documented = set(re.findall(r"`(--[a-z-]+)", section(name)))
    assert documented <= set(options(COMMANDS[name]))


def test_every_exit_code_is_documented() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    codes = {kind.exit_code for kind in kinds if issubclass(kind, errors.WartaError)}
    codes |= {value for value in vars(exits).values() if isinstance(value, int)}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", CLI, re.MULTILINE)} == codes | {0}


def test_every_column_of_the_csv_is_documented() -> None:
    table = (DOCS / "export.md").read_text("utf-8").partition("## csv")[2].partition("\n## ")[0]
    rows = [line.partition(" |")[0] for line in table.splitlines() if line.startswith("| `")]
    assert re.findall(r"`(\w+)`", " ".join(rows)) == list(CSV_COLUMNS)


def test_every_further_column_of_parquet_is_documented() -> None:
    table = (DOCS / "export.md").read_text("utf-8").partition("## parquet")[2].partition("\n## ")[0]
    rows = [line.partition(" |")[0] for line in table.splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == set(FURTHER)

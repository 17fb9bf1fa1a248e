"""Options that several commands share, and the values they take."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from crawler.configuration import current, setting
from crawler.configuration.kinds import Wrong

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_AGE = re.compile(r"(\d{1,5})\s*([hdwmy])", re.IGNORECASE)
_HOURS = {"h": 1, "d": 24, "w": 24 * 7, "m": 24 * 30, "y": 24 * 365}


class Moment(click.ParamType[str]):
    """A moment as people type it: an age (``12h``, ``7d``, ``2w``, ``6m``, ``1y``) or an ISO date or time.

    Gives ISO 8601: a date stays a date, since its zone is the story's own.
    """

    name = "age|date"

    @staticmethod
    def is_age(text: str) -> bool:
        """Whether it is an age: another moment each time it is asked for."""
        return _AGE.fullmatch(text.strip()) is not None

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).strip()
        try:
            if match := _AGE.fullmatch(text):
                age = timedelta(hours=int(match[1]) * _HOURS[match[2].lower()])
                return (datetime.now(UTC) - age).isoformat(timespec="seconds")
            if len(text) <= len("2026-01-31"):
                return date.fromisoformat(text).isoformat()
            return datetime.fromisoformat(text).isoformat()
        except (ValueError, OverflowError):
            self.fail(
                f'"{text}" is neither an age such as 7d or 12h nor a date such as 2026-01-31.', param, ctx
            )


database_option = click.option(
    "--db",
    "database",
    type=click.Path(path_type=Path),
    default=lambda: current()["database"],
    show_default="as set, else news.db",
    help="The SQLite file.",
)

sources_option = click.option(
    "--sources",
    "directories",
    metavar="DIRECTORY",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Source files to use in place of the usual ones; may be given several times.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="JSON, also in a terminal.")


class Value(click.ParamType[Any]):
    """What a setting may be, given for one command."""

    def __init__(self, key: str) -> None:
        self.setting = setting(key)
        self.name = key.rpartition(".")[2]

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        kind = self.setting.kind
        try:
            return kind.read(kind.parse(value) if isinstance(value, str) else value)
        except Wrong as wrong:
            self.fail(f"{wrong}.", param, ctx)


def setting_option(name: str, key: str) -> Callable[[Decorated], Decorated]:
    """An option that takes the place of a setting for one command."""
    declared = setting(key)
    return click.option(
        name,
        key.replace(".", "_"),
        type=Value(key),
        metavar=key.rpartition(".")[2].upper(),
        default=lambda: current()[key],
        help=f"{declared.meaning}.",
    )


def period_options(command: Decorated) -> Decorated:
    """``--since`` and ``--until``, by the moment of publication."""
    since = click.option("--since", type=Moment(), help="Published at or after: 7d, 12h, 2026-01-31.")
    until = click.option("--until", type=Moment(), help="Published at or before; a date includes its day.")
    return since(until(command))


def filter_options(command: Decorated) -> Decorated:
    """What narrows a search or an export down to some articles."""
    options = [
        click.option("--source", metavar="SLUG", help="Of this outlet."),
        click.option("--place", help="With this place in the dateline."),
        click.option("--author", help="By this author."),
        click.option("--section", help="In this section."),
        click.option("--language", metavar="CODE", help="In this language: id, ms, en."),
    ]
    for option in reversed(options):
        command = option(command)
    return period_options(command)

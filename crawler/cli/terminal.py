"""What commands print: tables and cards for a person at a terminal, JSON for a program behind a pipe.

Text from pages is untrusted. Everything that may carry it passes :func:`safe` on its way to a terminal,
and reaches rich as ``Text``, never as markup.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from crawler.logs import speaks_json

_ESCAPE_SEQUENCE = re.compile(
    r"\x1b(?:"
    r"\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor moves
    r"|\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC: window titles, hyperlinks, the clipboard
    r"|[PX^_][^\x1b]*\x1b\\"  # DCS, SOS, PM, APC
    r"|[ -/]*[0-~]"
    r")"
)
# C0 without tab and newline, DEL, C1, line separators, bidirectional overrides, lone surrogates.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

#: Characters a line has where no terminal says how wide it is.
_WIDTH = 110


def safe(text: object) -> str:
    """The text without anything that a terminal would obey.

    >>> safe("\\x1b[31mred\\x1b[0m\\x07 \\x1b]0;title\\x07and\\tplain")
    'red and\\tplain'
    """
    return _UNSAFE.sub("", _ESCAPE_SEQUENCE.sub("", str(text)))


def one_line(text: object) -> str:
    """Safe text with every run of white space folded into one space."""
    return " ".join(safe(text).split())


def at_terminal() -> bool:
    """Whether standard output is a person's screen."""
    return sys.stdout.isatty()


def wants_json(*, as_json: bool, as_card: bool) -> bool:
    """Whether to print JSON: as asked, else behind a pipe. UsageError where both forms are asked for."""
    if as_json and as_card:
        raise click.UsageError("--json and --card exclude each other.")
    return as_json or not (as_card or at_terminal())


def console() -> Console:
    """A console on standard output that takes nothing in a string for markup."""
    width = None if at_terminal() else _WIDTH
    return Console(markup=False, emoji=False, highlight=False, width=width)


def error_console() -> Console:
    """The same on standard error, for progress and notices."""
    return Console(stderr=True, markup=False, emoji=False, highlight=False)


def complain(message: object) -> None:
    """One line on standard error: ``warta: …``, or a line of the log where that is JSON."""
    if speaks_json():
        logging.getLogger("warta").warning("%s", one_line(message))
    else:
        print(f"warta: {one_line(message)}", file=sys.stderr)


def to_json(value: Any, *, indent: int | None = None) -> str:
    """The value as JSON in readable Unicode; only what a terminal might obey is escaped.

    >>> to_json({"a": "Rüşd\\x9b"})
    '{"a": "Rüşd\\\\u009b"}'
    """
    return _UNSAFE.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=indent))


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def print_object(value: Any) -> None:
    """One JSON value: indented on a terminal, on one line behind a pipe."""
    print(to_json(value, indent=2 if at_terminal() else None))


def print_array(values: Iterable[Any]) -> None:
    """A JSON array with one element a line, printed as the elements come."""
    before = "["
    for value in values:
        print(before + to_json(value), end="")
        before = ",\n "
    print("[]" if before == "[" else "]")


def address(url: object, *, indent: int = 0) -> Text:
    """A URL on a line of its own, never broken: people copy it. ``indent`` in characters."""
    return Text(" " * indent + one_line(url), style="cyan", no_wrap=True, overflow="ignore")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> Table:
    """A table of safe cells; the columns named in ``right`` hold numbers. ``None`` gives an empty cell."""
    drawn = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        # The first column names the row: it stays whole, the others share what is left.
        first = column == columns[0]
        drawn.add_column(
            Text(one_line(column)),
            justify="right" if column in right else "left",
            overflow="fold",
            no_wrap=first,
        )
    for row in rows:
        drawn.add_row(*(Text("" if cell is None else one_line(cell)) for cell in row))
    return drawn


class SafeOutput:
    """Standard output for forms that are no JSON: what a terminal would obey is left out there.

    Behind a pipe text goes through as it is.
    """

    def write(self, text: str) -> int:
        return sys.stdout.write(safe(text) if at_terminal() else text)


def show(*parts: RenderableType) -> None:
    """Print parts of a page to the terminal, one under the other."""
    out = console()
    for part in parts:
        out.print(part, crop=False)

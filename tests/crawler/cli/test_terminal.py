"""Page text must never command a terminal, and JSON must stay JSON."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from crawler.cli.terminal import one_line, print_array, safe, table
from crawler.readable_json import to_json

anything = st.text(st.characters(exclude_categories=()))


@given(anything)
def test_safe_text_holds_no_control_characters(text: str) -> None:
    kept = set(safe(text)) - {"\t", "\n"}
    assert not {char for char in kept if unicodedata.category(char) in ("Cc", "Cs")}


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_ordinary_text_is_left_as_it_is(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    "attack",
    [
        "\x1b[2J",
        "\x1b[31;1m",
        "\x1b]0;title\x07",
        "\x1b]8;;http://evil.example\x1b\\",
        "\x1b]52;c;cm0gLXJm\x07",
        "\x1bP1$r\x1b\\",
        "\x1bc",
        "\x9b",
        "\x07",
        "\r",
        "\u202e",
    ],
)
def test_a_terminal_command_vanishes_whole(attack: str) -> None:
    assert safe(f"Banjir {attack}surut") == "Banjir surut"


def test_one_line_folds_white_space() -> None:
    assert one_line("  Banjir\n\tsurut \u00a0 lagi ") == "Banjir surut lagi"


def test_markup_in_a_cell_is_printed_as_it_stands() -> None:
    screen = Console(width=60, force_terminal=True, color_system="truecolor", record=True, file=None)
    with screen.capture() as capture:
        screen.print(table(["headline"], [["[red]Banjir[/red] [link=http://evil.example]x[/link] :fire:"]]))
    assert "[red]Banjir[/red] [link=http://evil.example]x[/link] :fire:" in capture.get()


@given(st.recursive(anything | st.integers() | st.none(), st.lists))
def test_json_comes_back_as_it_was_and_prints_no_control_character(value: Any) -> None:
    for indent in (None, 2):
        printed = to_json(value, indent=indent)
        assert json.loads(printed) == value
        assert safe(printed) == printed


@pytest.mark.parametrize("values", [[], [1], [{"a": "b"}, {"c": None}]])
def test_an_array_is_json_with_one_element_a_line(
    values: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    print_array(iter(values))
    out = capsys.readouterr().out
    assert json.loads(out) == values
    assert out.count("\n") == max(1, len(values))

"""Every failure ends in one line and its exit code."""

from __future__ import annotations

import errno
import re
import sqlite3

import click
import pytest
from click.testing import CliRunner

from crawler import errors
from crawler.cli import Program, exits
from crawler.cli import main as warta
from crawler.errors import DatabaseError, PageError, SourceError, WartaError


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """A program whose one command raises what the test puts into the list."""
    raised: list[BaseException] = []

    @click.command("fail")
    def fail() -> None:
        raise raised[0]

    monkeypatch.setattr(Program, "get_command", lambda self, ctx, name: fail)
    return raised


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (WartaError("Something is wrong."), 1, "warta: Something is wrong."),
        (SourceError("No such source."), 2, "warta: No such source."),
        (DatabaseError("news.db is locked."), 3, "warta: news.db is locked."),
        (PageError("x.pdf: is a PDF."), 4, "warta: x.pdf: is a PDF."),
        (sqlite3.OperationalError("disk I/O error"), 3, "warta: The database failed: disk I/O error."),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "warta: No space left on device."),
        (PermissionError(errno.EACCES, "Permission denied", "x"), 1, "warta: x: Permission denied."),
        (click.BadParameter("is bad"), 2, "warta: Invalid value: is bad. See `warta fail --help`."),
        (KeyboardInterrupt(), 130, "warta: interrupted"),
    ],
)
def test_an_error_is_one_line_and_a_code(
    failing: list[BaseException], error: BaseException, code: int, line: str
) -> None:
    failing.append(error)
    result = CliRunner().invoke(warta, ["fail"])
    assert (result.exit_code, result.stderr.strip(), result.stdout) == (code, line, "")


def test_an_error_prints_no_control_characters(failing: list[BaseException]) -> None:
    failing.append(PageError("\x1b]0;owned\x07page\r\nname: is empty."))
    assert CliRunner().invoke(warta, ["fail"]).stderr == "warta: page name: is empty.\n"


def test_a_fault_of_the_program_keeps_its_traceback(failing: list[BaseException]) -> None:
    failing.append(ZeroDivisionError())
    assert isinstance(CliRunner().invoke(warta, ["fail"]).exception, ZeroDivisionError)


def test_the_version_is_printed() -> None:
    result = CliRunner().invoke(warta, ["--version"])
    assert result.exit_code == 0
    assert result.stdout.startswith("warta 0.")


def test_the_help_lists_the_exit_codes_and_says_where_more_is_said() -> None:
    text = CliRunner().invoke(warta, ["--help"]).stdout
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    codes = {kind.exit_code for kind in kinds if issubclass(kind, WartaError)}
    codes |= {value for value in vars(exits).values() if isinstance(value, int)}
    assert {int(code) for code in re.findall(r"^ +(\d+)  ", text, re.MULTILINE)} == codes | {0}
    assert "cli.md" in text


@pytest.mark.parametrize("arguments", [["--bogus"], ["nonsense"], ["export", "--format", "xls"]])
def test_a_command_line_that_does_not_hold_points_to_help(arguments: list[str]) -> None:
    result = CliRunner().invoke(warta, arguments)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "--help" in result.stderr

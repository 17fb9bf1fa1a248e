"""The command line: ``warta COMMAND``. Every failure ends in one line and a documented exit code here."""

from __future__ import annotations

import io
import os
import sqlite3
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from crawler import __version__
from crawler.cli.exits import INTERRUPTED, READER_GONE, SOME_FAILED, USAGE
from crawler.cli.terminal import complain
from crawler.configuration import chosen
from crawler.errors import DatabaseError, WartaError
from crawler.interruption import interruptible

#: Command name to the module that holds it, in the order of the help page. A module is imported
#: when its command is called: a search must not wait for the import of a crawler.
_COMMANDS = {
    "demo": "demo",
    "extract": "extract",
    "crawl": "crawl",
    "watch": "watch",
    "cluster": "cluster",
    "schedule": "schedule",
    "import": "import_",
    "archive": "archive",
    "extract-many": "extract_many",
    "search": "search",
    "query": "query",
    "show": "show",
    "history": "history",
    "page": "page",
    "export": "export",
    "serve": "serve",
    "reextract": "reextract",
    "sources": "sources",
    "config": "config",
    "runs": "runs",
    "health": "health",
    "doctor": "doctor",
    "backup": "backup",
    "prune": "prune",
    "mcp": "mcp",
}


class Program(click.Group):
    """A group of commands in files of their own, which answers every error with one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        with interruptible():
            module = import_module(f"crawler.cli.{_COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, _COMMANDS[cmd_name])
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _drop_output()
            return READER_GONE
        return code

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run, and leave by SystemExit. A command returns its exit code, or nothing for 0."""
        _readable_output()
        try:
            code = super().main(*args, **kwargs | {"standalone_mode": False})
        except (click.Abort, KeyboardInterrupt):
            complain("interrupted")
            code = INTERRUPTED
        except (click.ClickException, WartaError, sqlite3.Error, OSError) as error:
            code = _answer(error)
        sys.exit(code if isinstance(code, int) else 0)


def _answer(error: Exception) -> int:
    """One line for the error; returns the exit code."""
    match error:
        case click.exceptions.NoArgsIsHelpError():
            error.show()
            return error.exit_code
        case click.UsageError():
            command = error.ctx.command_path if error.ctx else "warta"
            complain(f"{error.format_message().rstrip('.')}. See `{command} --help`.")
            return USAGE
        case click.ClickException():
            complain(error.format_message())
            return error.exit_code
        case WartaError():
            complain(error)
            return error.exit_code
        case sqlite3.Error():
            complain(f"The database failed: {error}.")
            return DatabaseError.exit_code
        case OSError():
            _drop_output()
            where = f"{error.filename}: " if error.filename else ""
            complain(f"{where}{error.strerror or error}.")
    return SOME_FAILED


def _drop_output() -> None:
    """What is still in the buffer cannot be written: the interpreter must not try again when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _readable_output() -> None:
    """UTF-8 behind a pipe whatever the locale; no terminal's character set may stop a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


_EPILOG = """\b
Exit codes:
    0  done
    1  finished, but some inputs or outlets failed
    2  the command line, a question or its SQL does not hold, or names an unknown outlet
    3  the database cannot be used
    4  nothing could be fetched or read
  130  interrupted
  141  whoever read the output stopped

In the project's folder docs: cli.md tells of every command, the others of the database, export, crawling,
sources and reading.
"""


@click.group(
    "warta",
    cls=Program,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="warta", message="%(prog)s %(version)s")
@click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    help="The file of settings; else WARTA_CONFIG, else warta.toml where it lies here.",
)
@click.pass_context
def main(ctx: click.Context, file: Path | None) -> None:
    """Warta turns the news web into clean records in one SQLite file.

    Try it without a network: warta demo
    """
    ctx.with_resource(chosen(file))

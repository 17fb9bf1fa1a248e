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

_SECTIONS = {
    "Get news": {
        "demo": "crawl the small news web that comes along, on this machine",
        "extract": "read one page or more and print the records",
        "crawl": "fetch what is new at outlets, once",
        "watch": "fetch what is new, each outlet at its own pace, for good",
        "schedule": "print what systemd or cron needs for that",
        "cluster": "share outlets among many crawlers",
        "import": "store pages you have: files, zip, tar, WARC, Parquet",
        "extract-many": "read archives of pages into Parquet, with all cores",
    },
    "Ask": {
        "search": "find articles by words, time, place, author, outlet",
        "show": "one article",
        "history": "how an article changed",
        "page": "the page that an article was read from",
        "query": "answer SQL, read-only",
        "serve": "all of this in a browser: the reading room",
        "export": "write articles as JSON, CSV, schema.org and more",
        "mcp": "answer an assistant on standard input and output",
    },
    "Look after it": {
        "sources": "the outlets; check or add one",
        "config": "the settings; check or show them",
        "runs": "what the last crawls did",
        "health": "which outlets are read otherwise than before",
        "doctor": "check versions, disk, clock, database, endpoints",
        "reextract": "read the kept pages again by today's rules",
        "archive": "write the kept pages as WARC files",
        "backup": "copy the database while it is in use",
        "prune": "let go what is older than you want to keep",
    },
}
#: The commands by what one is after, as the help page shows them.

_COMMANDS = [name for section in _SECTIONS.values() for name in section]


def _module(command: str) -> str:
    """The module of this package that holds a command, and the command's name in it."""
    return {"import": "import_"}.get(command, command.replace("-", "_"))


class Program(click.Group):
    """A group of commands in files of their own, which answers every error with one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return _COMMANDS

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported when it is called: a search must not wait for the import of a crawler."""
        if cmd_name not in _COMMANDS:
            return None
        name = _module(cmd_name)
        with interruptible():
            module = import_module(f"crawler.cli.{name}")
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The sections, each with its commands."""
        for title, commands in _SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()), col_spacing=3)

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

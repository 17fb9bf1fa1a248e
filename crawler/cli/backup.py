"""``warta backup``: a copy of the database and its pages, made while others write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from rich.progress import Progress, TaskID

from crawler.cli.options import database_option, json_option
from crawler.cli.terminal import at_terminal, error_console, one_line, print_object
from pipelines.database.backup import back_up


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@database_option
@click.option("--force", is_flag=True, help="Replace an earlier backup.")
@json_option
def backup(*, file: Path, database: Path, force: bool, as_json: bool) -> None:
    """Copy the database to FILE and its pages beside it, both as they were at one moment.

    A crawl may go on meanwhile. The copies are checked before they take their names.
    """
    console = error_console()
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        written = back_up(database, file, replace=force, progress=_telling(bar))
    if as_json or not at_terminal():
        print_object({"files": [{"file": str(path), "bytes": path.stat().st_size} for path in written]})
        return
    for path in written:
        click.echo(f"{one_line(path)}: {path.stat().st_size / 1e6:.1f} MB, checked")


def _telling(bar: Progress) -> Callable[[Path, int, int], None]:
    tasks: dict[Path, TaskID] = {}

    def tell(path: Path, done: int, total: int) -> None:
        if path not in tasks:
            tasks[path] = bar.add_task(one_line(path.name), total=total)
        bar.update(tasks[path], completed=done, total=total)

    return tell

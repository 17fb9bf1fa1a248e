"""``warta prune``: what the retention lets go, and room given back to the disk."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.text import Text

from crawler.cli.options import database_option, json_option
from crawler.cli.terminal import at_terminal, print_object, show
from crawler.configuration import current
from crawler.watching.housekeeping import keep_house
from pipelines.database import open_database
from pipelines.database.housekeeping import due


@click.command()
@database_option
@click.option("--dry-run", is_flag=True, help="Only tell what would go; of pages that is not known before.")
@json_option
def prune(*, database: Path, dry_run: bool, as_json: bool) -> None:
    """Let go what is older than the settings under retention and pages say; never an article.

    Then look after the file: what its plans rest on, and the room of what is gone. The watch does the same
    once a day.
    """
    configuration = current()
    if dry_run:
        db = open_database(database, readonly=True)
        gone = due(
            db,
            fetches_days=configuration["retention.fetches_days"],
            runs_days=configuration["retention.runs_days"],
            now=datetime.now(UTC),
        )
        db.close()
        told = {"visits": gone.fetches, "runs": gone.runs, "dry_run": True}
    else:
        open_database(database).close()  # a missing file is told, and not made
        told = asdict(keep_house(database, configuration, lambda: False)) | {"dry_run": False}
    if as_json or not at_terminal():
        print_object(told)
        return
    verb = "would be let go" if dry_run else "let go"
    show(Text(f"{told['visits']} visits and {told['runs']} runs {verb}"))
    if not dry_run:
        show(Text(f"{told['pages']} pages let go, {told['bytes'] / 1e6:.1f} MB given back"))
        if told["left_undone"]:
            show(Text(f"The file was not written anew: {told['left_undone']}"))

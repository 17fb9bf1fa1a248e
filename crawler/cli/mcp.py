"""``warta mcp``: search, articles, outlets and extraction as tools for assistants."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.cli.options import database_option
from pipelines.extras import import_extra


@click.command()
@database_option
@click.option("--no-fetch", is_flag=True, help="Read given HTML only, fetch no page.")
@click.option("--allow-private", is_flag=True, help="Fetch from private and loopback addresses, too.")
def mcp(*, database: Path, no_fetch: bool, allow_private: bool) -> None:
    """Serve an assistant on standard input and output, until it closes them.

    For the configuration of a program that speaks the Model Context Protocol; docs/assistants.md has
    examples. Nothing is written to the database.
    """
    import_extra("mcp", "mcp")
    from crawler.assistants.server import serve  # noqa: PLC0415 (needs the extra)

    serve(database.absolute(), fetching=not no_fetch, private=allow_private)

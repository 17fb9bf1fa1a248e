"""``warta show``: one stored article, whole."""

from __future__ import annotations

from pathlib import Path

import click
from rich.padding import Padding
from rich.text import Text

from crawler.cli.cards import article_card
from crawler.cli.options import database_option, json_option
from crawler.cli.terminal import at_terminal, one_line, print_object, safe
from crawler.cli.terminal import show as show_on_screen
from crawler.errors import PageError
from pipelines.database import open_database, queries


@click.command()
@click.argument("article", metavar="ID|URL")
@database_option
@click.option("--versions", "with_versions", is_flag=True, help="Also its earlier texts, oldest first.")
@json_option
def show(article: str, database: Path, with_versions: bool, as_json: bool) -> None:
    """Show one stored article, by its number or by any of its URLs."""
    db = open_database(database, readonly=True)
    record = queries.get_article(db, int(article) if article.isdecimal() else article)
    if record is None:
        raise PageError(f"{database} has no article {article}; `warta search` finds what it has.")
    earlier = queries.versions(db, record["id"]) if with_versions else []
    if as_json or not at_terminal():
        print_object(record | {"earlier": earlier} if with_versions else record)
        return
    show_on_screen(article_card(record))
    for version in earlier:
        title = f"Version {version['number']}, seen {version['seen']}, replaced {version['replaced']}"
        show_on_screen(
            Text(),
            Text(one_line(title), style="dim"),
            Text(one_line(version["headline"]), style="bold"),
            Padding(Text(safe(version["body"])), (0, 0, 0, 2)),
        )

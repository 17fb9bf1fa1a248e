"""``warta show``: one stored article, whole."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from crawler.cli.cards import article_card, card_option
from crawler.cli.options import database_option, json_option
from crawler.cli.terminal import one_line, print_object, safe, table, wants_json
from crawler.cli.terminal import show as show_on_screen
from crawler.errors import PageError
from pipelines.database import open_database
from pipelines.database.asking import queries
from pipelines.database.asking.retellings import cluster_of

#: Characters of what was asked for that an error repeats.
_LONGEST_TOLD = 200


@click.command()
@click.argument("article", metavar="ID|URL")
@database_option
@click.option("--versions", "with_versions", is_flag=True, help="Also its earlier texts, oldest first.")
@json_option
@card_option
def show(article: str, *, database: Path, with_versions: bool, as_json: bool, as_card: bool) -> None:
    """Show one stored article, by its number or by any of its URLs."""
    as_json = wants_json(as_json=as_json, as_card=as_card)
    db = open_database(database, readonly=True)
    record = queries.get_article(db, article)
    if record is None:
        asked = article if len(article) <= _LONGEST_TOLD else f"{article[:_LONGEST_TOLD]}…"
        raise PageError(f"{database} has no article {asked}; `warta search` finds what it has.")
    earlier = queries.versions(db, record["id"]) if with_versions else []
    record["cluster"] = cluster_of(db, record["id"])
    if as_json:
        print_object(record | {"earlier": earlier} if with_versions else record)
        return
    show_on_screen(article_card(record))
    if record["cluster"]:
        show_on_screen(Text(), Text("The same story", style="bold"), _retellings(record["cluster"]))
    for version in earlier:
        title = f"Version {version['number']}, seen {version['seen']}, replaced {version['replaced']}"
        show_on_screen(
            Text(),
            Text(one_line(title), style="dim"),
            Text(one_line(version["headline"]), style="bold"),
            Padding(Text(safe(version["body"])), (0, 0, 0, 2)),
        )


def _retellings(cluster: Mapping[str, Any]) -> Table:
    """The articles of a cluster, the original first."""
    rows = [
        [
            member["id"],
            member["source"],
            member["published"],
            member["relation"] or "original",
            f"{member['shared']:.0%}",
        ]
        for member in cluster["members"]
    ]
    return table(["id", "outlet", "published", "what it is", "shared"], rows, right=["id", "shared"])

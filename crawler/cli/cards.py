"""One article as a card a person reads in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import click
from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from crawler.cli.terminal import address, one_line, safe

#: Characters a line of the story may be long: longer ones are hard to read.
LINE_LENGTH = 96

card_option = click.option("--card", "as_card", is_flag=True, help="For reading, also behind a pipe.")


def article_card(record: Mapping[str, Any]) -> RenderableType:
    """The card of a record as :meth:`crawler.items.Article.to_dict` or the database gives it."""
    parts: list[RenderableType] = [Text(one_line(record["headline"]) or "(no headline)", style="bold")]
    if record.get("deck"):
        parts.append(Text(one_line(record["deck"]), style="italic"))
    parts += [address(record["canonical_url"] or record["url"]), Text(), _facts(record), Text()]
    parts.append(Padding(Text(safe(record["body"]) or "(no story)"), (0, 0, 0, 2)))
    if record["related"]:
        parts += [Text(), Text("Related", style="bold")]
        for link in record["related"]:
            parts += [Text(one_line(link["title"])), address(link["url"])]
    return Constrain(Group(*parts), LINE_LENGTH)


def _facts(record: Mapping[str, Any]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim")
    grid.add_column(overflow="fold")
    for label, value in _labelled(record):
        if value:
            grid.add_row(label, Text(one_line(value)))
    return grid


def _labelled(record: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    dateline = record["dateline"] or {"place": None, "outlet": None, "raw": None}
    yield "id", record.get("id")
    yield "outlet", record["source"]
    yield "authors", ", ".join(record["authors"])
    yield "editors", ", ".join(record["editors"])
    yield "published", record["published"]
    yield "modified", record["modified"]
    yield "dateline", ", ".join(filter(None, (dateline["place"], dateline["outlet"]))) or dateline["raw"]
    yield "section", record["section"]
    yield "tags", ", ".join(record["tags"])
    yield "language", record["language"]
    yield "access", record["access"]
    yield "pages", record["pages"] if record["pages"] > 1 else None
    yield "story", None if record["complete"] else "there is more of it than was read"
    yield "copy of", record.get("copy_of")
    kinds = Counter(block["kind"] for block in record["boilerplate"])
    yield "set aside", ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    for warning in record["warnings"]:
        yield "warning", warning

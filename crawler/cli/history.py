"""``warta history``: how the text of one stored article changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.padding import Padding
from rich.text import Text

from crawler.cli.cards import card_option
from crawler.cli.options import database_option, json_option
from crawler.cli.terminal import one_line, print_object, show, wants_json
from crawler.errors import PageError
from pipelines.database import open_database
from pipelines.database.asking import queries
from pipelines.database.asking.history import history as changes_of

#: Words of what stayed that are shown on either side of a change.
_AROUND = 8
#: Characters of what was asked for that an error repeats.
_LONGEST_TOLD = 200

_STYLES = {"=": "", "-": "red strike", "+": "green"}
_SIGNS = {"=": ("", ""), "-": ("[-", "-]"), "+": ("{+", "+}")}


@click.command()
@click.argument("article", metavar="ID|URL")
@database_option
@json_option
@card_option
def history(article: str, *, database: Path, as_json: bool, as_card: bool) -> None:
    """Show how a stored article changed, oldest change first: when, and which words."""
    as_json = wants_json(as_json=as_json, as_card=as_card)
    db = open_database(database, readonly=True)
    record = queries.get_article(db, article)
    if record is None:
        asked = article if len(article) <= _LONGEST_TOLD else f"{article[:_LONGEST_TOLD]}…"
        raise PageError(f"{database} has no article {asked}; `warta search` finds what it has.")
    changes = changes_of(db, record["id"])
    if as_json:
        facts = {
            name: record[name] for name in ("id", "source", "url", "headline", "first_seen", "last_seen")
        }
        print_object(facts | {"changes": changes})
        return
    show(Text(one_line(record["headline"]) or "(no headline)", style="bold"))
    show(Text(f"First seen {one_line(record['first_seen'])}, last seen {one_line(record['last_seen'])}"))
    if not changes:
        show(Text("Its text has not changed since."))
    for change in changes:
        show(Text(), *_change(change))


def _change(change: Mapping[str, Any]) -> Iterator[Text | Padding]:
    """When a text was replaced, and what of each field differs."""
    yield Text(
        f"Changed by {one_line(change['replaced'])}, as it was since {one_line(change['seen'])}", "dim"
    )
    for field, pieces in change["difference"].items():
        yield Text(field, style="italic")
        yield Padding(_marked(pieces), (0, 0, 0, 2))


def _marked(pieces: Sequence[tuple[str, str]]) -> Text:
    """Pieces with what was taken away and put in marked: by signs too, since not all see or print colours."""
    marked = Text()
    for place, (kind, text) in enumerate(pieces):
        shown = one_line(text)
        if kind == "=":
            shown = _shortened(shown, first=place == 0, last=place == len(pieces) - 1)
        before, after = _SIGNS[kind]
        marked.append(f"{' ' if place else ''}{before}{shown}{after}", style=_STYLES[kind])
    return marked


def _shortened(text: str, *, first: bool, last: bool) -> str:
    """What stayed, without the middle of it, or the far end at the text's own ends."""
    words = text.split()
    if first and last:
        return text
    if first or last:
        if len(words) <= _AROUND:
            return text
        near = words[-_AROUND:] if first else words[:_AROUND]
        return f"… {' '.join(near)}" if first else f"{' '.join(near)} …"
    return (
        text if len(words) <= 2 * _AROUND else f"{' '.join(words[:_AROUND])} … {' '.join(words[-_AROUND:])}"
    )

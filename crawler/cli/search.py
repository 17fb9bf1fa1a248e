"""``warta search``: articles by their words, place, author, outlet and date."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Group
from rich.constrain import Constrain
from rich.padding import Padding
from rich.text import Text

from crawler.cli.cards import LINE_LENGTH
from crawler.cli.options import database_option, filter_options, json_option
from crawler.cli.outlets import check_source
from crawler.cli.terminal import address, at_terminal, complain, one_line, print_array, show
from pipelines.database import Hit, open_database
from pipelines.database.asking import queries
from pipelines.database.asking.words import COLUMNS, FILTERS, read_question, unknown_fields

#: Characters that a hit's number takes at the left.
_MARGIN = 6

# The database marks each match in a snippet with these.
_MATCH = re.compile("\x02([^\x03]*)\x03")


@click.command()
@click.argument("words", nargs=-1)
@database_option
@filter_options
@click.option("--newest", is_flag=True, help="Newest first instead of best first.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many.")
@click.option("--after", metavar="TOKEN", help="The next page, by the token that the one before it gave.")
@click.option("--exact", is_flag=True, help="The very words only, not their other forms.")
@click.option("--copies", is_flag=True, help="Each outlet's copy of a story as a row of its own.")
@json_option
def search(
    *,
    words: tuple[str, ...],
    database: Path,
    newest: bool,
    limit: int,
    after: str | None,
    exact: bool,
    copies: bool,
    as_json: bool,
    **filters: Any,
) -> None:
    """Find articles that have all WORDS, or other forms of them, in headline, deck or story.

    Also "a phrase", begin*, one OR other, -without, (groups), headline:word, and filters among the words:
    place:Semarang. No words: whatever the filters leave, newest first. Words that begin with a dash stand
    behind two dashes: warta search -- banjir -Jakarta
    """
    db = open_database(database, readonly=True)
    asked = " ".join(words)
    check_source(db, filters["source"] or read_question(asked).filters.get("source"))
    order: Any = "newest" if newest else "best"
    answer = queries.search(
        db, asked, order=order, limit=limit, after=after, exact=exact, fold=not copies, **filters
    )
    if as_json or not at_terminal():
        print_array(asdict(hit) | {"snippet": _MATCH.sub(r"\1", hit.snippet)} for hit in answer)
    elif not answer:
        show("No article was found.")
    else:
        show(*map(_entry, answer))
    for name in unknown_fields(asked):
        known = ", ".join(f"{field}:" for field in (*COLUMNS, *FILTERS))
        complain(f"{name}: is no field, so it was searched as a word; fields are {known}")
    if answer.bound:
        complain(f"to answer at once, {answer.bound}")
    if answer.after:
        complain(f"there may be more: --after {answer.after}")


def _entry(hit: Hit) -> Group:
    facts = (hit.source, hit.published, hit.place, ", ".join(hit.authors))
    copy = f"copy of {hit.copy_of}" if hit.copy_of else None
    others = f"{hit.copies} {'copy' if hit.copies == 1 else 'copies'}" if hit.copies and not copy else None
    headline = Text(f"{hit.id:>{_MARGIN - 2}}  ", style="dim")
    return Group(
        headline.append(one_line(hit.headline), style="not dim bold"),
        _indented(Text(" · ".join(one_line(fact) for fact in (*facts, copy, others) if fact), style="dim")),
        _indented(_snippet(hit.snippet)),
        address(hit.url, indent=_MARGIN),
        "",
    )


def _indented(text: Text) -> Constrain:
    return Constrain(Padding(text, (0, 0, 0, _MARGIN)), LINE_LENGTH)


def _snippet(marked: str) -> Text:
    """The words around a match, with the matches bold."""
    text = Text()
    end = 0
    for match in _MATCH.finditer(marked):
        text.append(_folded(marked[end : match.start()])).append(_folded(match[1]), style="bold yellow")
        end = match.end()
    return text.append(_folded(marked[end:]))


def _folded(text: str) -> str:
    """Like one_line, but keeping a space at either end."""
    return one_line(f"|{text}|")[1:-1]

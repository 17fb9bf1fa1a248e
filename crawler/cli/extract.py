"""``warta extract``: pages, saved files and texts as records, without a database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from textwrap import shorten

import click
from rich.text import Text

from crawler.archives.documents import Document, read_document
from crawler.archives.saved import explain_saved, read_saved
from crawler.cli.cards import article_card, card_option
from crawler.cli.exits import SOME_FAILED
from crawler.cli.options import json_option
from crawler.cli.terminal import address, complain, print_object, show, table, wants_json
from crawler.discovery import normalise
from crawler.errors import PageError
from crawler.extractors import Explanation
from crawler.importing.keeping import Keeper
from crawler.items import Article, Visit
from crawler.run import Unread, fetch_and_read
from crawler.sources import Catalogue, load_catalogue

_URL = re.compile(r"https?://", re.IGNORECASE)
#: Characters of a block that are shown in a terminal.
_GLIMPSE = 60


@dataclass(slots=True, frozen=True)
class _Reading:
    """An input that was read, and the document it was read from."""

    document: Document
    visit: Visit


@click.command(no_args_is_help=True)
@click.argument("inputs", nargs=-1, required=True, metavar="{URL|FILE|-}...")
@json_option
@card_option
@click.option(
    "--explain",
    "explained",
    is_flag=True,
    help="How it was read: the role of each block, what each field was chosen among, and why.",
)
@click.option("--all", "everything", is_flag=True, help="With --explain: also blocks outside of the article.")
@click.option("--save", type=click.Path(path_type=Path), metavar="DB", help="Also store in this database.")
@click.option("--url", default="", help="The original address of a saved page or text.")
def extract(
    inputs: Sequence[str],
    *,
    as_json: bool,
    as_card: bool,
    explained: bool,
    everything: bool,
    save: Path | None,
    url: str,
) -> int:
    """Read pages and print them as records.

    An input is a URL, a saved page, a page's text as copied from a browser, or - for standard input.
    """
    if url and (len(inputs) > 1 or _URL.match(inputs[0])):
        raise click.UsageError("--url is the address of one saved page or text.")
    if url and normalise(url) is None:
        raise click.UsageError(f"--url {url!r} is no address of a web page.")
    catalogue = load_catalogue()
    as_json = wants_json(as_json=as_json, as_card=as_card)
    failed = 0
    with ExitStack() as stack:
        keeper = None
        if save is not None:  # before anything is fetched: a database that fails must not cost requests
            keeper = stack.enter_context(Keeper.opened(save, "extract", [], {"inputs": len(inputs)}))
        for reading in _read(inputs, url, catalogue):
            if isinstance(reading, PageError):
                complain(reading)
                failed += 1
                continue
            if explained:
                found = explain_saved(reading.document, reading.visit.article, catalogue)
                if as_json:
                    print_object({"url": reading.visit.article.url, **asdict(found)})
                else:
                    _show_explanation(reading.visit.article, found, everything=everything)
            else:
                _print_record(reading, as_json=as_json)
            if keeper is not None:
                failed += not _kept(keeper, reading)
    if failed == len(inputs):
        return PageError.exit_code
    return SOME_FAILED if failed else 0


def _read(inputs: Sequence[str], url: str, catalogue: Catalogue) -> Iterator[_Reading | PageError]:
    """Each input's reading, or why there is none, in their order; all URLs are fetched in one go."""
    fetched = _fetch([name for name in inputs if _URL.match(name)])
    for name in inputs:
        if name in fetched:
            yield fetched[name]
            continue
        try:
            document = read_document(name)
        except PageError as error:
            yield error
            continue
        yield _Reading(document, read_saved(document, catalogue, url=url))


def _fetch(urls: Sequence[str]) -> dict[str, _Reading | PageError]:
    if not urls:
        return {}
    pages: dict[str, bytes] = {}
    fetched: dict[str, _Reading | PageError] = {}
    for url, answer in zip(urls, fetch_and_read(urls, pages=pages), strict=True):
        if isinstance(answer, Unread):
            if answer.reason == "interrupted":
                raise KeyboardInterrupt
            fetched[url] = PageError(f"{url}: could not be read: {answer.reason}.")
        else:
            fetched[url] = _Reading(Document(url, pages[url], "html", datetime.now(UTC)), answer)
    return fetched


def _print_record(reading: _Reading, *, as_json: bool) -> None:
    record = reading.visit.article.to_dict()
    if as_json:
        print_object(record)
    else:
        show(article_card(record), "")


def _show_explanation(article: Article, found: Explanation, *, everything: bool) -> None:
    blocks = [block for block in found.blocks if everything or block.role != "outside"]
    rows = [
        [
            block.role,
            f"{block.score:.2f}",
            block.tag,
            shorten(block.text, _GLIMPSE, placeholder="…"),
            block.reason,
        ]
        for block in blocks
    ]
    show(address(article.url), table(["role", "score", "tag", "text", "why"], rows, right=["score"]))
    if left_out := len(found.blocks) - len(blocks):
        show(Text(f"{left_out} more blocks are outside of the article: --all shows them", style="dim"))
    show("")
    fields = [
        [
            rival.field,
            "*" if rival.chosen else "",
            shorten(rival.value, _GLIMPSE, placeholder="…"),
            rival.evidence,
        ]
        for rival in found.fields
    ]
    show(table(["field", "", "value", "evidence"], fields), "")


def _kept(keeper: Keeper, reading: _Reading) -> bool:
    """Store the article, or tell why it is none."""
    outcome = keeper.keep(reading.visit)
    if isinstance(outcome, str):
        complain(f"{reading.document.name}: is not stored: {outcome}.")
        return False
    complain(f"{reading.document.name}: {outcome.what}, article {outcome.article_id}.")
    return True

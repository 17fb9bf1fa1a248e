"""``warta sources check``: whether outlets still are as they are declared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.exits import SOME_FAILED
from crawler.cli.options import Moment, json_option, sources_option
from crawler.cli.terminal import at_terminal, complain, print_array, show, table

if TYPE_CHECKING:
    from crawler.spiders.check import ArticleCheck, SourceCheck


@click.command("check", short_help="Ask endpoints, and read a story of each.")
@click.argument("slugs", metavar="[SLUG]...", nargs=-1)
@click.option(
    "--fresh",
    type=Moment(),
    default="7d",
    show_default=True,
    help="What names nothing from then on is stale: 2d, 12h, 2026-01-31.",
)
@sources_option
@json_option
def check(slugs: Sequence[str], *, fresh: str, directories: tuple[Path, ...], as_json: bool) -> int:
    """Ask each endpoint of outlets once, and read one of their newest articles.

    Outlets are named by slug; without any, all that are enabled. Tells of feeds, sitemaps and lists
    whether they answer, are fresh and name articles, and of rules whether they fit. Nothing is stored.

    Exit codes: 0 all is well, 1 something is wrong, 2 unknown outlet.
    """
    # Listing outlets must not wait for Scrapy and the readers.
    from crawler.run import check_sources  # noqa: PLC0415

    checks = check_sources(slugs, fresh_since=fresh, directories=directories)
    if any(
        one.status is None and one.problem in (None, "interrupted") for c in checks for one in c.endpoints
    ):
        raise KeyboardInterrupt
    if as_json or not at_terminal():
        print_array({**asdict(found), "sound": found.sound} for found in checks)
    else:
        _show(checks)
    wrong = [found.source for found in checks if not found.sound]
    if not wrong:
        return 0
    complain(f"{len(wrong)} of {len(checks)} outlets need a look: {', '.join(wrong)}")
    return SOME_FAILED


def _show(checks: Sequence[SourceCheck]) -> None:
    rows = [
        [found.source, one.kind, one.url, one.status, _day(one.newest), one.articles, one.problem or "ok"]
        for found in checks
        for one in found.endpoints
    ]
    show(table(["source", "kind", "endpoint", "status", "newest", "articles", ""], rows, right=["articles"]))
    articles = [list(_row(found)) for found in checks]
    show(
        "",
        table(["source", "article read", "date", "authors", "words", "rules", ""], articles, right=["words"]),
    )


def _row(found: SourceCheck) -> Iterator[object]:
    article = found.article
    yield found.source
    if article is None:
        yield from ("", "", "", "", "", "no article to read")
        return
    yield article.headline or article.url
    yield _day(article.published)
    yield ", ".join(article.authors)
    yield article.words
    yield _rules(article)
    yield "; ".join(article.problems) or "ok"


def _rules(article: ArticleCheck) -> str:
    """The selectors that fit nothing."""
    missing = [key for rule in article.rules for key, amount in rule.matches.items() if not amount]
    return f"no {', '.join(dict.fromkeys(missing))}" if missing else ("all fit" if article.rules else "")


def _day(moment: str | None) -> str | None:
    return moment[:10] if moment else None

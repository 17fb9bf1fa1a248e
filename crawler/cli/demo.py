"""``warta demo``: a small news web on this machine, crawled by the crawler as it is."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from click.core import ParameterSource
from rich.table import Table
from rich.text import Text
from sqlite_utils import Database

from crawler.cli.cards import article_card
from crawler.cli.exits import INTERRUPTED
from crawler.cli.terminal import complain, show, table
from crawler.errors import DatabaseError, WartaError
from crawler.extensions.tally import Tally
from crawler.run import CrawlReport, crawl
from fixtures.site.content import load_outlets
from fixtures.site.server import DEFAULT_PORT, Site
from pipelines.database import open_database
from pipelines.database.asking import queries
from pipelines.database.pages import pages_path


@click.command()
@click.option("--serve", is_flag=True, help="Only serve the news web, until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65_535), help="The port to serve at; 0 for a free one.")
@click.option(
    "--visit",
    type=click.IntRange(1, 2),
    default=1,
    show_default=True,
    help="The state to serve; in the second one article is rewritten and one is new.",
)
@click.option(
    "--db",
    "database",
    type=click.Path(path_type=Path),
    default="demo.db",
    show_default=True,
    help="A new SQLite file.",
)
@click.pass_context
def demo(ctx: click.Context, *, serve: bool, port: int | None, visit: int, database: Path) -> int:
    """Crawl the small news web that comes with Warta.

    Shows what came of it, with one article's card. Needs no network.
    """
    if not serve:
        _make_way(database, ours=ctx.get_parameter_source("database") is ParameterSource.DEFAULT)
    if port is None:
        port = DEFAULT_PORT if serve else 0
    with TemporaryDirectory(prefix="warta-demo-") as name, _served(port) as site:
        sources = Path(name)
        site.write_sources(sources)
        for _ in range(1, visit):
            site.advance()
        if serve:
            return _serve(site, sources, database)
        click.echo(f"Crawling a news web of {len(site.urls)} imaginary outlets on this machine …", err=True)
        since, until = _period(visit)
        report = crawl(
            list(site.urls),
            database,
            since=since,
            until=until,
            directories=[sources],
            settings={"WARTA_PROGRESS": "live" if sys.stderr.isatty() else "off"},
        )
    if report.interrupted:
        complain("interrupted")
        return INTERRUPTED
    _tell(report, database)
    return 0


def _make_way(database: Path, *, ours: bool) -> None:
    """The demo's own file is made anew each time; a file that somebody names is never replaced."""
    files = (database, pages_path(database))
    taken = next((file for file in files if file.exists()), None)
    if taken is not None and not ours:
        raise DatabaseError(f"{taken} exists, and the demo wants a new file; name another.")
    for file in files:
        for suffix in ("", "-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)


@contextmanager
def _served(port: int) -> Iterator[Site]:
    with ExitStack() as stack:
        try:
            site = stack.enter_context(Site(port))
        except OSError as error:
            raise WartaError(f"Port {port} cannot be used: {error.strerror}; try --port 0.") from error
        yield site


def _period(visit: int) -> tuple[str, str]:
    """First and last day of the news web's articles, which lie in the past."""
    days = sorted(entry.published.date() for outlet in load_outlets(visit) for entry in outlet.listed)
    return days[0].isoformat(), days[-1].isoformat()


def _serve(site: Site, sources: Path, database: Path) -> int:
    since, until = _period(site.visit)
    for slug, url in site.urls.items():
        click.echo(f"{slug:18} {url}/")
    period = f"--since {since} --until {until}"
    if site.visit > 1:  # the crawl that saw the first state has what is to be asked for again
        period += f" --revisit {since}"
    click.echo("\nCrawl it from another terminal; Ctrl-C here ends it:")
    click.echo(f"  {_program()} crawl --sources {sources} {period} --db {database}")
    sys.stdout.flush()
    told = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: told.set())
    try:
        told.wait()
    finally:
        signal.signal(signal.SIGTERM, before)
    return 0


def _tell(report: CrawlReport, database: Path) -> None:
    db = open_database(database, readonly=True)
    show(_crawled(report.tallies), "")
    article = _showpiece(db)
    if article is None:
        return
    show(article_card(article), "")
    show(
        Text("Try next:", style="bold"),
        *(Text(f"  {_program()} {command} --db {database}") for command in _suggestions(article, report.run)),
    )


def _crawled(tallies: list[Tally]) -> Table:
    columns = ("found", "stored", "unchanged", "copies folded", "refused by robots", "no article", "errors")
    rows: list[list[object]] = [[tally.source, *_numbers(tally)] for tally in tallies]
    sums = [sum(column) for column in zip(*(_numbers(tally) for tally in tallies), strict=True)]
    return table(("outlet", *columns), [*rows, ["all", *sums]], right=columns)


def _numbers(tally: Tally) -> list[int]:
    amounts = tally.amounts
    robots = tally.reasons.get("refused", Counter())["robots.txt"]
    return [
        amounts["found"],
        amounts["stored"],
        amounts["unchanged"],
        amounts["folded"],
        robots,
        amounts["refused"] - robots,
        amounts["failed"],
    ]


def _showpiece(db: Database) -> dict[str, Any] | None:
    """A stored article that shows much of what a record holds, in few words."""

    def riches(article: dict[str, Any]) -> tuple[int, int]:
        fields = ("deck", "authors", "editors", "dateline", "published", "tags", "related", "boilerplate")
        return sum(bool(article[field]) for field in fields), -len(article["body"])

    return max(queries.articles(db), key=riches, default=None)


def _suggestions(article: dict[str, Any], run: int) -> list[str]:
    word = max(article["headline"].split(), key=len).strip(".,:;!?\"'").lower()
    return [
        f"search {word}",
        f"show {article['id']} --json",
        "export --format schema.org",
        f"runs show {run}",
    ]


def _program() -> str:
    """How this program is called from here: a virtual environment need not be on the path."""
    return "warta" if shutil.which("warta") else os.path.relpath(sys.argv[0])

"""``warta sources add``: a site looked at once and declared."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

import click

from crawler.cli.options import json_option
from crawler.cli.terminal import address, at_terminal, print_object, show, table
from crawler.errors import SourceError
from crawler.sources import load_catalogue
from crawler.sources.writing import write_source


@click.command("add")
@click.argument("url")
@click.option(
    "--to",
    "directory",
    metavar="DIRECTORY",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    help="Where the file is written; made where it is missing.  [default: here]",
)
@click.option("--force", is_flag=True, help="Also replace a file, or declare an outlet that is known.")
@json_option
def add(url: str, *, directory: Path, force: bool, as_json: bool) -> None:
    """Look at a site once and write its source file.

    Finds feeds, sitemaps, name, language, time zone and WordPress, and prints what it found. Article
    patterns and rules are left to you; see docs/sources.md.

    Exit codes: 0 written, 2 known already or no site to declare, 4 the site could not be read.
    """
    # Listing outlets must not wait for Scrapy and the readers.
    from crawler.discovery import normalise  # noqa: PLC0415
    from crawler.run import survey_site  # noqa: PLC0415
    from crawler.spiders.site import slug_of  # noqa: PLC0415

    home = normalise(url if "://" in url else f"https://{url}")
    if home is None:
        raise SourceError(f'"{url}" is no http or https URL.')
    if not force:
        _refuse_known(home, directory / f"{slug_of(home)}.toml")
    site = survey_site(home)
    write_source(directory, site.slug, site.declaration(), replace=force)
    path = directory / f"{site.slug}.toml"
    if as_json or not at_terminal():
        found = {key: value for key, value in asdict(site).items() if key not in ("seen", "announced")}
        print_object({"file": str(path), **found})
        return
    lists = [("feed", one) for one in site.feeds] + [("sitemap", one) for one in site.sitemaps]
    rows = [[kind, one.url, one.articles, (one.newest or "")[:10]] for kind, one in lists]
    show(
        address(site.url),
        f"{site.name}: {site.language}, {site.timezone} (by {site.timezone_from})"
        + (f", {site.platform}" if site.platform else ""),
        f"{site.links} links on the home page look like articles",
        table(["", "list", "entries", "newest"], rows, right=["entries"]) if rows else "no feed, no sitemap",
        f"written to {path}",
    )


def _refuse_known(home: str, path: Path) -> None:
    """Refuse before anything is fetched; a redirect may still lead to what is known."""
    if path.exists():
        raise SourceError(f"{path}: is there already; --force replaces it.")
    host = urlsplit(home).netloc.removeprefix("www.")
    known = load_catalogue().match(home)
    if known is not None and host in known.domains:
        raise SourceError(f"{host} is declared already, as {known.slug}; --force declares it again.")

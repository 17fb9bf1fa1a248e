"""The articles of the small news web in a database, without a crawl."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from newsroom import visit

from crawler.extractors import extract
from fixtures.site.content import load_outlets
from fixtures.site.gold import expected
from fixtures.site.web import Resource, build
from pipelines.database import Writer, open_database

FETCHED = datetime(2026, 2, 5, tzinfo=UTC)


def fill_newsstand(path: Path) -> Path:
    """Make the database at *path*: every article of the web, visited in both its states."""
    with Writer(open_database(path, create=True)) as writer:
        for state in (1, 2):
            for slug, url, resource in _articles(state):
                article = extract(resource.body, url, fetched_at=FETCHED)
                article.source = slug
                writer.store(visit(article, at=f"2026-02-0{4 + state}T00:00:00+00:00"))
    writer.db.close()
    return path


def page_named(part: str) -> bytes:
    """The page whose URL holds *part*."""
    return next(resource.body for _, url, resource in _articles(1) if part in url)


def _articles(state: int) -> list[tuple[str, str, Resource]]:
    found = []
    for outlet in load_outlets():
        base = f"https://{outlet.slug}.example"
        resources = build(outlet, base, state)
        found += [(outlet.slug, base + place, resources[place]) for place in expected() if place in resources]
    return found

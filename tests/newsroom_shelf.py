"""The small news web as a room is opened over it: every article in both its states, its pages kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crawler.extractors import extract
from crawler.items import Candidate, Fetch, RawPage, Visit
from fixtures.site.content import load_outlets
from fixtures.site.gold import expected
from fixtures.site.web import build
from pipelines.database import open_database, open_writer
from pipelines.database.pages import PagePolicy

NOW = datetime(2026, 2, 7, 12, tzinfo=UTC)
#: When the room over it is open: the day after the last visit.


def fill_shelf(path: Path) -> Path:
    """Make the database at *path* and the file of pages beside it."""
    writer = open_writer(path, PagePolicy())
    with writer:
        for state, day in ((1, 5), (2, 6)):
            run = writer.start_run("crawl", [outlet.slug for outlet in load_outlets()], {})
            for visit in _visits(state, datetime(2026, 2, day, tzinfo=UTC)):
                writer.store(visit, run)
            writer.finish_run(run, reason="finished", stats={})
    writer.db.close()
    return path


def numbers(path: Path) -> dict[str, int]:
    """Ids to look at: an article whose text ``changed``, one that is ``copied``, and its ``copy``; their
    ``story`` is a cluster."""
    db = open_database(path, readonly=True)
    asked = {
        "changed": "SELECT min(article_id) FROM versions",
        "copied": "SELECT min(original_id) FROM clusters",
        "copy": """
            SELECT min(article_id) FROM cluster_members JOIN clusters ON clusters.id = cluster_id
            WHERE article_id != original_id
        """,
        "story": "SELECT min(id) FROM clusters",
    }
    found = {name: int(db.execute(sql).fetchone()[0]) for name, sql in asked.items()}
    db.close()
    return found


def _visits(state: int, at: datetime) -> list[Visit]:
    visits = []
    for outlet in load_outlets():
        base = f"https://{outlet.slug}.example"
        resources = build(outlet, base, state)
        for place in expected():
            if place not in resources:
                continue
            body, url = resources[place].body, base + place
            article = extract(body, url, fetched_at=at)
            article.source = outlet.slug
            moment = at.isoformat()
            fetch = Fetch(url=url, requested_url=url, fetched_at=moment, status=200, size=len(body))
            page = RawPage(url, moment, body, "text/html; charset=utf-8")
            visits.append(Visit(article, fetch, Candidate(url, outlet.slug), [page]))
    return visits

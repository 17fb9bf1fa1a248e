"""What the file knows of an outlet's last month: stories as they came, runs, lists; reads only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from pipelines.database.connection import database_errors
from pipelines.database.losses import SeenAgain, seen_again

DAYS = 30

_FINDS = 200_000
#: So many of the URLs that were found last are looked at; all of a month at 6,000 a day.

_AGAIN = 300
#: Visits to so many stories that were met last are looked at.


@dataclass(slots=True, frozen=True)
class Story:
    """What of an article tells whether its page was read as ever."""

    id: int
    url: str
    first_seen: str
    published: str | None
    published_utc: str | None
    words: int
    confidence: float
    is_copy: bool
    place: str | None
    section: str | None
    has_author: bool
    aside: int
    #: Characters outside of the story.


@dataclass(slots=True, frozen=True)
class RunOfOutlet:
    """What a run counted of one outlet, by what and reason."""

    started: str
    counts: dict[tuple[str, str], int]


@dataclass(slots=True, frozen=True)
class ListOfOutlet:
    """A feed, sitemap or index page."""

    url: str
    read_at: str
    #: When it last had other bytes than before.

    checked_at: str
    finds: list[str]
    #: When URLs were first found in it.


@dataclass(slots=True)
class History:
    """An outlet's last month, each part in order of time; times are ISO 8601 in UTC."""

    source: str
    stories: list[Story] = field(default_factory=list)
    runs: list[RunOfOutlet] = field(default_factory=list)
    lists: list[ListOfOutlet] = field(default_factory=list)
    again: list[SeenAgain] = field(default_factory=list)
    #: Visits to stories that were stored before.

    folded: tuple[str, ...] = ()
    #: The last two URLs whose text was there before.


def histories(db: Database, sources: Sequence[str], now: datetime) -> list[History]:
    """The last month of each of these outlets."""
    oldest = f"{(now - timedelta(days=DAYS)).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    found = {source: History(source) for source in sources}
    named = json.dumps(list(sources))
    with database_errors(db):
        for history in found.values():
            history.stories = _stories(db, history.source, oldest)
            history.again = seen_again(db, history.source, newest=_AGAIN)
            history.folded = _folded(db, history.source)
        _read_runs(db, found, named, oldest)
        _read_lists(db, found, named, oldest)
    return list(found.values())


def refused_urls(db: Database, source: str, reasons: Sequence[str]) -> list[str]:
    """The two URLs of an outlet that were refused last for one of these reasons."""
    with database_errors(db):
        rows = db.conn.execute(
            """
            SELECT url FROM frontier
            WHERE source = ? AND state = 'refused' AND reason IN (SELECT value FROM json_each(?))
            ORDER BY id DESC LIMIT 2
            """,
            (source, json.dumps(list(reasons))),
        )
        return [url for (url,) in rows]


def _folded(db: Database, source: str) -> tuple[str, ...]:
    rows = db.conn.execute(
        """
        SELECT f.url
        FROM (SELECT id FROM articles WHERE source = ? ORDER BY first_seen DESC LIMIT ?) AS lately
        CROSS JOIN fetches AS f ON f.article_id = lately.id
        WHERE f.outcome = 'folded' ORDER BY f.id DESC LIMIT 2
        """,
        (source, _AGAIN),
    )
    return tuple(url for (url,) in rows)


def _stories(db: Database, source: str, oldest: str) -> list[Story]:
    rows = db.conn.execute(
        """
        SELECT
            a.id, a.url, a.first_seen, a.published, a.published_utc, a.words, a.confidence,
            a.copy_of IS NOT NULL, a.dateline_place, a.section,
            EXISTS (SELECT 1 FROM article_authors WHERE article_id = a.id AND role = 'author'),
            (SELECT coalesce(sum(length(text)), 0) FROM boilerplate WHERE article_id = a.id)
        FROM articles AS a
        WHERE a.source = ? AND a.first_seen >= ?
        AND (a.run_id IS NULL OR (SELECT command FROM runs WHERE id = a.run_id) = 'crawl')
        ORDER BY a.first_seen, a.id
        """,
        (source, oldest),
    )
    return [
        Story(*(*head, bool(copy), place, section, bool(author), aside))
        for *head, copy, place, section, author, aside in rows
    ]


def _read_runs(db: Database, found: dict[str, History], named: str, oldest: str) -> None:
    rows = db.conn.execute(
        """
        SELECT run_id, source, started_at, what, run_sources.reason, amount FROM run_sources
        JOIN runs ON runs.id = run_id AND command = 'crawl'
        WHERE run_id >= (SELECT min(id) FROM runs WHERE started_at >= ?)
        AND source IN (SELECT value FROM json_each(?))
        ORDER BY run_id
        """,
        (oldest, named),
    )
    read: dict[tuple[int, str], RunOfOutlet] = {}
    for run, source, started, what, reason, amount in rows:
        if (run, source) not in read:
            read[run, source] = RunOfOutlet(started, {})
            found[source].runs.append(read[run, source])
        read[run, source].counts[what, reason] = amount


def _read_lists(db: Database, found: dict[str, History], named: str, oldest: str) -> None:
    finds: dict[tuple[str, str], list[str]] = {}
    for source, found_in, found_at in db.conn.execute(
        """
        SELECT source, found_in, found_at FROM frontier
        WHERE id > (SELECT max(id) FROM frontier) - ? AND found_at >= ?
        AND source IN (SELECT value FROM json_each(?)) ORDER BY found_at
        """,
        (_FINDS, oldest, named),
    ):
        finds.setdefault((source, found_in or ""), []).append(found_at)
    for source, url, read_at, checked_at in db.conn.execute(
        """
        SELECT source, url, read_at, checked_at FROM lists
        WHERE source IN (SELECT value FROM json_each(?)) ORDER BY url
        """,
        (named,),
    ):
        found[source].lists.append(ListOfOutlet(url, read_at, checked_at, finds.get((source, url), [])))

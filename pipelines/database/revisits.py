"""Which stored articles are to be asked for again, and with what; reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database

from pipelines.database.asking.filters import conditions
from pipelines.database.fingerprints import url_key

LEAST_HOURS = 1.0
#: After its first visit an article is let be for so long.

MOST = 2_000
#: Articles of one outlet in one run.


@dataclass(slots=True, frozen=True)
class Revisit:
    """A stored article and what its server gave to ask again cheaply."""

    article_id: int
    url: str
    etag: str | None
    last_modified: str | None
    content_hash: str | None
    #: Null where the story has several pages: the first of them says nothing of the others.


def due(db: Database, source: str, days: float) -> list[Revisit]:
    """Articles of an outlet published in the last *days* whose time has come, the newest first.

    An article is asked for again when as much time has passed since its last visit as lay between its
    publication and that visit, and an hour at least: a story that was met at once after 1, 2, 4, 8… hours.
    What has no date, or was gone at the last visit, is let be.
    """
    rows = db.conn.execute(
        """
        SELECT id, url, pages FROM articles
        WHERE source = :source AND published_utc >= strftime('%Y-%m-%dT%H:%M:%SZ', :now, :days)
        AND (julianday(:now) - julianday(last_seen)) * 24
            >= max(:least, (julianday(last_seen) - julianday(published_utc)) * 24)
        ORDER BY published_utc DESC LIMIT :most
        """,
        {"source": source, "now": _now(), "days": f"-{days} days", "least": LEAST_HOURS, "most": MOST},
    ).fetchall()
    found = (_with_validators(db, *row) for row in rows)
    return [revisit for revisit in found if revisit is not None]


def since(db: Database, source: str, moment: str) -> list[Revisit]:
    """All articles of an outlet published since a moment (ISO 8601), in order of first sight."""
    wanted = conditions({"source": source, "since": moment})
    rows = db.conn.execute(
        f"SELECT a.id, a.url, a.pages FROM articles a WHERE {wanted.all_of()} ORDER BY a.id",  # noqa: S608
        wanted.parameters,
    ).fetchall()
    found = (_with_validators(db, *row, even_if_gone=True) for row in rows)
    return [revisit for revisit in found if revisit is not None]


def _with_validators(
    db: Database, article_id: int, url: str, pages: int, *, even_if_gone: bool = False
) -> Revisit | None:
    key = url_key(url)
    last = db.conn.execute(
        """
        SELECT outcome, (julianday(?) - julianday(fetched_at)) * 24 FROM fetches
        WHERE url_key = ? ORDER BY id DESC LIMIT 1
        """,
        (_now(), key),
    ).fetchone()
    # A visit in vain is a visit, too: a server in trouble is not asked with every run.
    if not even_if_gone and last is not None and (last[0] == "gone" or last[1] < LEAST_HOURS):
        return None
    whole = db.conn.execute(
        """
        SELECT etag, last_modified, content_hash FROM fetches
        WHERE url_key = ? AND status = 200 ORDER BY id DESC LIMIT 1
        """,
        (key,),
    ).fetchone()
    etag, last_modified, content_hash = whole or (None, None, None)
    return Revisit(article_id, url, etag, last_modified, content_hash if pages == 1 else None)


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"

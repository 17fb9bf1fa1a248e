"""Which kept pages there are to read again, and what was known of them when they were read first.

An article is read again from the page that it shows: the last whole answer under its URL. A page that was
refused may be an article by today's rules.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from sqlite_utils import Database

from crawler.items import Candidate, Fetch
from pipelines.database.connection import database_errors
from pipelines.database.fingerprints import url_key
from pipelines.database.frontier import evidence, evidence_of
from pipelines.database.kept import parts

_GAVE_ARTICLE = "f.content_hash IS NOT NULL AND f.outcome IN ('new', 'updated', 'unchanged', 'folded')"

_SHOWN = f"""
    SELECT max(f.id) AS id
    FROM articles a JOIN fetches f ON f.article_id = a.id AND f.url = a.url
    WHERE {_GAVE_ARTICLE}
"""  # noqa: S608

_REFUSED = """
    SELECT max(f.id) AS id
    FROM (
        SELECT id, url_key(coalesce(requested_url, url)) AS url_key FROM fetches
        WHERE article_id IS NULL AND outcome = 'refused'
    ) AS f LEFT JOIN frontier USING (url_key)
    WHERE NOT EXISTS (SELECT 1 FROM aliases WHERE aliases.url_key = f.url_key)
"""

_FETCH = """
    url, fetched_at, status, content_type, etag, last_modified, size,
    nullif(lower(hex(content_hash)), '')
"""


@dataclass(slots=True, frozen=True)
class KeptVisit:
    """A fetch whose page is kept."""

    fetch_id: int
    fetch: Fetch
    candidate: Candidate | None
    #: What discovery said of it.

    article_id: int | None
    #: Null where the page was refused.

    source: str | None
    #: The article's outlet.

    pages: list[int]
    #: Numbers of the page and its further parts, in order.


def kept_fetches(db: Database, since: str | None, until: str | None, source: str | None) -> array[int]:
    """Numbers of the fetches whose pages are to be read again, in order of time.

    *since* and *until* bound the time of the fetch, ISO 8601 in UTC, both included; *source* names an
    outlet's articles, and what was refused at its URLs.
    """
    query = f"""
        WITH last AS (
            {_SHOWN} AND (:source IS NULL OR a.source = :source) GROUP BY a.id
            UNION ALL
            {_REFUSED} AND (:source IS NULL OR frontier.source = :source) GROUP BY f.url_key
        )
        SELECT id FROM last JOIN fetches USING (id)
        WHERE page_id IS NOT NULL AND fetched_at BETWEEN :since AND :until ORDER BY id
    """  # noqa: S608
    period = {"since": since or "", "until": until or "~", "source": source}
    db.conn.create_function("url_key", 1, url_key, deterministic=True)
    with database_errors(db):
        return array("q", (row[0] for row in db.conn.execute(query, period)))


def kept_visit(db: Database, fetch_id: int) -> KeptVisit | None:
    """What was known when a fetch's page was read; null where its page was let go meanwhile."""
    with database_errors(db):
        row = db.conn.execute(
            f"SELECT page_id, article_id, coalesce(requested_url, url), {_FETCH} FROM fetches WHERE id = ?",  # noqa: S608
            (fetch_id,),
        ).fetchone()
        if row is None or row[0] is None:
            return None
        page_id, article_id, requested, url, *answer = row
        source = None
        if article_id is not None:
            (source,) = db.conn.execute("SELECT source FROM articles WHERE id = ?", (article_id,)).fetchone()
        said = evidence(db, article_id) if article_id is not None else evidence_of(db, url_key(requested))
        fetch = Fetch(url, requested, *answer)
        return KeptVisit(fetch_id, fetch, said, article_id, source, [page_id, *parts(db, fetch_id)])


def article_shown_by(db: Database, fetch_id: int) -> int | None:
    """The article whose row shows the page of a fetch; null where it is none, or shows another page."""
    row = db.conn.execute("SELECT article_id FROM fetches WHERE id = ?", (fetch_id,)).fetchone()
    if row is None or row[0] is None:
        return None
    shown = db.conn.execute(f"{_SHOWN} AND a.id = ?", row).fetchone()
    return int(row[0]) if shown[0] == fetch_id else None


def is_refused(db: Database, fetch_id: int) -> bool:
    """Whether a fetch's page is refused, and nothing was stored under its URL since."""
    row = db.conn.execute(
        """
        SELECT coalesce(requested_url, url) FROM fetches
        WHERE id = ? AND article_id IS NULL AND outcome = 'refused'
        """,
        (fetch_id,),
    ).fetchone()
    if row is None:
        return False
    stored = "SELECT 1 FROM aliases WHERE url_key = ?"
    return db.conn.execute(stored, (url_key(row[0]),)).fetchone() is None


def settle_refused(db: Database, fetch_id: int, article_id: int, outcome: str) -> None:
    """Let a fetch that was refused have given an article."""
    db.conn.execute(
        "UPDATE fetches SET article_id = ?, outcome = ?, reason = NULL WHERE id = ?",
        (article_id, outcome, fetch_id),
    )

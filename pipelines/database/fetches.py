"""What servers answered when pages were asked for, and what the last answer under an address was.

The functions that write run inside the writer's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from crawler.items import Fetch
from pipelines.database.fingerprints import url_key
from pipelines.database.records import to_utc

_WHOLE = 200
#: Status of an answer with a page.


@dataclass(slots=True, frozen=True)
class Answered:
    """What a server gave with its last whole answer, to be asked again cheaply."""

    etag: str | None = None
    last_modified: str | None = None
    content_hash: str | None = None
    #: Hex SHA-256 of the decoded body.


_INSERT = """
INSERT INTO fetches (
    requested_url, url, article_id, run_id, fetched_at, status, outcome, reason,
    content_type, etag, last_modified, size, content_hash, page_id
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def write_fetch(
    db: Database,
    fetch: Fetch,
    run: int | None,
    *,
    article_id: int | None,
    outcome: str,
    reason: str | None,
    pages: Sequence[int] = (),
) -> None:
    """Keep one answer of a server; *pages* are the numbers of the kept page and its further parts."""
    cursor = db.conn.execute(
        _INSERT, _row(fetch, run, article_id=article_id, outcome=outcome, reason=reason, pages=pages)
    )
    if len(pages) > 1:
        db.conn.executemany(
            "INSERT INTO fetch_parts (fetch_id, number, page_id) VALUES (?, ?, ?)",
            [(cursor.lastrowid, number, page_id) for number, page_id in enumerate(pages[1:], 2)],
        )


def write_fetches(
    db: Database, fetches: Iterable[tuple[int, Fetch, Sequence[int]]], run: int | None, *, outcome: str
) -> None:
    """Keep answers that gave articles, in order: the article's id, the answer, the numbers of its pages."""
    rows: list[tuple[object, ...]] = []
    for article_id, fetch, pages in fetches:
        if len(pages) > 1:
            db.conn.executemany(_INSERT, rows)
            rows = []
            write_fetch(db, fetch, run, article_id=article_id, outcome=outcome, reason=None, pages=pages)
        else:
            rows.append(_row(fetch, run, article_id=article_id, outcome=outcome, reason=None, pages=pages))
    db.conn.executemany(_INSERT, rows)


def last_outcome(db: Database, article_id: int, url: str) -> tuple[str, str] | None:
    """Outcome and time (ISO 8601, UTC) of the last fetch of an article under *url*; null without one."""
    return next(((outcome, at) for outcome, at, *_ in _fetches_under(db, article_id, url)), None)


def last_answer(db: Database, article_id: int, url: str) -> Answered:
    """Validators and hash of the last whole answer for an article under *url*; nothing without one.

    A page that was refused is none: the same again would pass for the article as it was.
    """
    for outcome, _, status, etag, last_modified, content_hash in _fetches_under(db, article_id, url):
        if status == _WHOLE and outcome != "refused":
            return Answered(etag, last_modified, content_hash.hex() if content_hash else None)
    return Answered()


def _row(
    fetch: Fetch,
    run: int | None,
    *,
    article_id: int | None,
    outcome: str,
    reason: str | None,
    pages: Sequence[int],
) -> tuple[object, ...]:
    return (
        fetch.requested_url if fetch.requested_url != fetch.url else None,
        *(fetch.url, article_id, run, to_utc(fetch.fetched_at) or fetch.fetched_at),
        *(fetch.status, outcome, reason, fetch.content_type, fetch.etag, fetch.last_modified, fetch.size),
        bytes.fromhex(fetch.content_hash) if fetch.content_hash else None,
        pages[0] if pages else None,
    )


def _fetches_under(
    db: Database, article_id: int, url: str
) -> Iterator[tuple[str, str, int, str | None, str | None, bytes | None]]:
    """An article's fetches under one of its addresses, the last first."""
    key = url_key(url)
    rows = db.conn.execute(
        """
        SELECT coalesce(requested_url, url), outcome, fetched_at, status, etag, last_modified, content_hash
        FROM fetches WHERE article_id = ? ORDER BY id DESC
        """,
        (article_id,),
    )
    return ((*answer,) for requested, *answer in rows if url_key(requested) == key)

"""What people and programs ask of the file; reads only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Unpack

from sqlite_utils import Database

from pipelines.database.asking.filters import Filters, conditions, moment_in_utc
from pipelines.database.asking.search import Answer, Hit, search
from pipelines.database.connection import database_errors
from pipelines.database.fetches import last_answer
from pipelines.database.fingerprints import url_key
from pipelines.database.frontier import pending
from pipelines.database.records import MAX_INTEGER, read_records, storable

__all__ = [
    "Answer",
    "Hit",
    "Known",
    "articles",
    "articles_by_id",
    "get_article",
    "has_source",
    "known",
    "pending",
    "run",
    "runs",
    "search",
    "source_counts",
    "versions",
]

_LISTED = 100_000
_STREAMED = 200
_JSON_OF_RUN = ("sources", "settings", "stats")


@dataclass(slots=True, frozen=True)
class Known:
    """An article's last visit, to ask its server whether it changed."""

    article_id: int
    etag: str | None
    #: Validators of the last full answer under this very URL; null where there was none.

    last_modified: str | None
    content_hash: str | None
    fetched_at: str | None
    #: Time of the last visit, whichever answer it got. ISO 8601, UTC.

    published: str | None
    modified: str | None


def known(db: Database, url: str) -> Known | None:
    """What the last visits of an article's URL left; null where no article has it."""
    with database_errors(db):
        article = db.conn.execute(
            """
            SELECT a.id, a.last_seen, a.published, a.modified
            FROM aliases JOIN articles a ON a.id = aliases.article_id WHERE aliases.url_key = ?
            """,
            (url_key(url),),
        ).fetchone()
        if article is None:
            return None
        article_id, last_seen, published, modified = article
        last = last_answer(db, article_id, url)
    validators = last.etag, last.last_modified, last.content_hash
    return Known(article_id, *validators, last_seen, published, modified)


def get_article(db: Database, key: int | str) -> dict[str, Any] | None:
    """One article by id, URL or alias; null where there is none.

    The keys of ``Article.to_dict()`` and ``id, first_seen, last_seen, copy_of, versions`` (how many
    earlier texts) and ``copies`` (``[{id, source, url, published}]``: the others of the same text).
    """
    with database_errors(db):
        article_id = _find_id(db, key)
        rows = list(db.query("SELECT * FROM articles WHERE id = ?", (article_id,)))
        if not rows:
            return None
        record = read_records(db, rows)[0]
        record["copies"] = list(
            db.query(
                """
                SELECT id, source, url, published FROM articles
                WHERE (id = :original OR copy_of = :original) AND id != :own ORDER BY id
                """,
                {"original": record["copy_of"] or record["id"], "own": record["id"]},
            )
        )
        return record


def articles(
    db: Database, *, after: int = 0, seen_after: str | None = None, **filters: Unpack[Filters]
) -> Iterator[dict[str, Any]]:
    """Every article that the filters leave, in order of first sight, in a stream.

    *after* leaves out those up to that id, *seen_after* those first seen until that moment (ISO 8601), so
    that a stream goes on where an earlier one ended. Keys as in :func:`get_article`, without ``copies``.

    Ids are listed in stretches and the articles read by them, so that no reading lasts long: the writer's
    log can be moved into the file meanwhile.
    """
    wanted = conditions(filters)
    if seen_after:
        wanted.named["seen"] = "{a}.first_seen > :seen_after"
        wanted.parameters["seen_after"] = moment_in_utc(seen_after)
    listing = f"""
        SELECT a.id FROM articles AS a WHERE a.id > :after AND {wanted.all_of()}
        ORDER BY a.id LIMIT {_LISTED}
    """  # noqa: S608
    with database_errors(db):
        while ids := [row[0] for row in db.conn.execute(listing, wanted.parameters | {"after": after})]:
            for start in range(0, len(ids), _STREAMED):
                yield from articles_by_id(db, ids[start : start + _STREAMED])
            after = ids[-1]


def articles_by_id(db: Database, ids: Sequence[int]) -> list[dict[str, Any]]:
    """The articles of these ids, in their order; keys as in :func:`articles`. A few hundred at a time."""
    with database_errors(db):
        found = db.query(
            """
            SELECT a.* FROM json_each(?) AS listed CROSS JOIN articles AS a ON a.id = listed.value
            ORDER BY listed.key
            """,
            (json.dumps(list(ids)),),
        )
        return read_records(db, found)


def versions(db: Database, article_id: int) -> list[dict[str, Any]]:
    """Earlier texts of an article, oldest first.

    Keys: ``number, headline, deck, body, published, modified, seen, replaced`` (when the text was first
    met and when the next one was) and ``run_id`` (the run that replaced it).
    """
    with database_errors(db):
        return list(
            db.query(
                """
                SELECT number, headline, deck, body, published, modified, seen, replaced, run_id
                FROM versions WHERE article_id = ? ORDER BY number
                """,
                (article_id,),
            )
        )


def runs(db: Database, limit: int = 20) -> list[dict[str, Any]]:
    """The last runs, newest first; keys as in :func:`run`."""
    with database_errors(db):
        rows = list(db.query("SELECT * FROM runs ORDER BY id DESC LIMIT ?", (min(limit, MAX_INTEGER),)))
        return [_run(db, row) for row in rows]


def run(db: Database, run_id: int) -> dict[str, Any] | None:
    """One run: ``id, command, sources, settings, started_at, finished_at, reason, stats`` and ``counts``.

    ``counts``: ``[{source, what, reason, amount}]``. ``finished_at`` is null while it goes on, and for
    ever where it was killed.
    """
    with database_errors(db):
        rows = list(db.query("SELECT * FROM runs WHERE id = ?", (min(run_id, MAX_INTEGER),)))
        return _run(db, rows[0]) if rows else None


def has_source(db: Database, source: str) -> bool:
    """Whether any article is of that outlet, also of one that is no longer declared."""
    with database_errors(db):
        found = db.conn.execute("SELECT 1 FROM articles WHERE source = ? LIMIT 1", (storable(source),))
        return found.fetchone() is not None


def outlets(db: Database) -> list[str]:
    """The slugs of the outlets that articles are from."""
    with database_errors(db):
        return [slug for (slug,) in db.execute("SELECT slug FROM outlets ORDER BY slug")]


def source_counts(db: Database) -> list[dict[str, Any]]:
    """Per outlet: ``source, articles, newest`` (published, UTC), ``pending`` (URLs), ``last_run`` (UTC).

    An outlet is here when an article, a waiting URL or a run names it; ``source`` is null for stories
    that no outlet claims.
    """
    counts: dict[str | None, dict[str, Any]] = {}

    def row(source: str | None) -> dict[str, Any]:
        empty = {"source": source, "articles": 0, "newest": None, "pending": 0, "last_run": None}
        return counts.setdefault(source, empty)

    with database_errors(db):
        for source, amount, newest in db.conn.execute(
            "SELECT source, count(*), max(published_utc) FROM articles GROUP BY source"
        ):
            row(source).update(articles=amount, newest=newest)
        for source, amount in db.conn.execute(
            "SELECT source, count(*) FROM frontier WHERE state = 'pending' GROUP BY source"
        ):
            row(source or None)["pending"] = amount
        for source, started in db.conn.execute(
            "SELECT source, max(started_at) FROM run_sources JOIN runs ON runs.id = run_id GROUP BY source"
        ):
            row(source or None)["last_run"] = started
    return sorted(counts.values(), key=lambda count: count["source"] or "")


def _find_id(db: Database, key: int | str) -> int | None:
    if isinstance(key, str) and key.isascii() and key.isdigit():
        # A number of more digits is nobody's id, and Python reads none of thousands.
        key = int(key[: len(str(MAX_INTEGER)) + 1])
    if isinstance(key, int):
        return key if key <= MAX_INTEGER else None
    row = db.conn.execute("SELECT article_id FROM aliases WHERE url_key = ?", (url_key(key),)).fetchone()
    return row[0] if row else None


def _run(db: Database, row: dict[str, Any]) -> dict[str, Any]:
    read = row | {name: json.loads(row[name]) if row[name] else None for name in _JSON_OF_RUN}
    read["counts"] = [
        count | {"source": count["source"] or None, "reason": count["reason"] or None}
        for count in db.query(
            "SELECT source, what, reason, amount FROM run_sources WHERE run_id = ? ORDER BY 1, 2, 3",
            (row["id"],),
        )
    ]
    return read

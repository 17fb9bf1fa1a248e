"""Writing a recognised visit: article, earlier version, addresses and the fetch itself.

Runs inside the writer's transaction.
"""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from crawler.items import Fetch
from pipelines.database import runs
from pipelines.database.addresses import add_addresses, displace
from pipelines.database.copies import clusters
from pipelines.database.copies.originals import Turned, point_copies
from pipelines.database.fingerprints import url_key, words_of
from pipelines.database.recognition import Page, Recognition
from pipelines.database.records import article_columns, drop_parts, to_utc, write_parts


def write_story(db: Database, recognition: Recognition, seen: str, run: int | None) -> int:
    """Do what *recognition* says; the article's id. *seen* is the time of the visit, ISO 8601 in UTC."""
    article_id = recognition.article_id
    if article_id is None:
        article_id = _insert(db, recognition, seen, run)
    elif recognition.leads:
        _refresh(db, article_id, recognition, seen, run)
    else:
        db.conn.execute("UPDATE articles SET last_seen = max(last_seen, ?) WHERE id = ?", (seen, article_id))
    if recognition.displaces:
        displace(db, article_id)
    add_addresses(db, article_id, url_key(recognition.page.record["url"]), recognition.addresses)
    return article_id


def rewrite_story(db: Database, article_id: int, recognition: Recognition, run: int | None) -> bool:
    """Let the row say what its kept page says by today's rules; addresses and times of visits stay.

    False where it says so already.
    """
    (last_seen,) = db.conn.execute("SELECT last_seen FROM articles WHERE id = ?", (article_id,)).fetchone()
    return _refresh(db, article_id, recognition, last_seen, run)


def see_again(db: Database, fetch: Fetch, *, unchanged: bool) -> int | None:
    """Note that the story under a fetch's URL is still there where it is *unchanged*.

    Its id, or null where none is stored.
    """
    row = db.conn.execute(
        "SELECT article_id FROM aliases WHERE url_key = ?", (url_key(fetch.requested_url),)
    ).fetchone()
    if row and unchanged:
        seen = to_utc(fetch.fetched_at) or fetch.fetched_at
        db.conn.execute("UPDATE articles SET last_seen = max(last_seen, ?) WHERE id = ?", (seen, row[0]))
    return row[0] if row else None


def index_pending(db: Database) -> None:
    """Bring the search index up to the articles written since it was last brought up."""
    if db.conn.execute("SELECT 1 FROM unindexed LIMIT 1").fetchone():
        db.conn.execute(
            """
            INSERT INTO articles_fts (rowid, headline, deck, body)
            SELECT id, headline, deck, body FROM unindexed JOIN articles ON id = article_id ORDER BY id
            """
        )
        db.conn.execute("DELETE FROM unindexed")


def columns_of(page: Page) -> dict[str, Any]:
    """The columns of ``articles`` that a page decides."""
    return article_columns(page.record) | {
        "text_hash": page.fingerprint,
        "words": len(page.words),
        "record_hash": page.record_hash,
    }


def _insert(db: Database, recognition: Recognition, seen: str, run: int | None) -> int:
    columns = columns_of(recognition.page) | {"first_seen": seen, "last_seen": seen, "run_id": run}
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    insert = f"INSERT INTO articles ({names}) VALUES ({marks})"  # noqa: S608
    cursor = db.conn.execute(insert, tuple(columns.values()))
    article_id = int(cursor.lastrowid or 0)
    write_parts(db, {article_id: recognition.page.record})
    if columns["source"]:
        db.conn.execute(
            "INSERT INTO outlets (slug, site, first_seen) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (columns["source"], columns["site"], seen),
        )
    if recognition.unheard:
        clusters.add_unheard(db, article_id, recognition.page.text)
        return article_id
    for turned in point_copies(db, article_id, recognition.page.fingerprint):
        if turned.article_id != article_id:
            _recount(db, turned, run)
    clusters.add_article(db, article_id, recognition.page.text)
    return article_id


def _refresh(db: Database, article_id: int, recognition: Recognition, seen: str, run: int | None) -> bool:
    """Let the row say what the page says now; the text it had becomes a version where it changed.

    False where it says so already.
    """
    columns = columns_of(recognition.page)
    text, stored_hash, body = db.conn.execute(
        "SELECT text_hash, record_hash, body FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    if stored_hash == columns["record_hash"]:
        db.conn.execute("UPDATE articles SET last_seen = max(last_seen, ?) WHERE id = ?", (seen, article_id))
        return False
    if recognition.what == "updated":
        _keep_version(db, article_id, seen, run)
    if columns["source"] is None:
        del columns["source"]
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    db.conn.execute(
        f"UPDATE articles SET {assignments}, last_seen = max(last_seen, :seen) WHERE id = :id",  # noqa: S608
        columns | {"seen": seen, "id": article_id},
    )
    drop_parts(db, article_id)
    write_parts(db, {article_id: recognition.page.record})
    texts = _texts_of(db, article_id, text, recognition.page.fingerprint)
    for turned in point_copies(db, article_id, *texts):
        _recount(db, turned, run)
    clusters.change_article(db, article_id, clusters.Text(text, words_of(body)), recognition.page.text)
    return True


def _texts_of(db: Database, article_id: int, *texts: bytes | None) -> set[bytes | None]:
    """These and the article's earlier ones: its address counts among the copies of those, too."""
    earlier = db.conn.execute("SELECT text_hash FROM versions WHERE article_id = ?", (article_id,))
    return {*texts, *(text for (text,) in earlier)}


def _recount(db: Database, turned: Turned, run: int | None) -> None:
    """What a run counts as stored and folded is what its articles are when it ends."""
    if run is not None and turned.run_id == run:
        ways = ("stored", "folded") if turned.is_copy else ("folded", "stored")
        runs.move_count(db, run, turned.source, *ways)


def _keep_version(db: Database, article_id: int, seen: str, run: int | None) -> None:
    db.conn.execute(
        """
        INSERT INTO versions (
            article_id, number, seen, replaced, run_id, text_hash, headline, deck, published, modified, body
        )
        SELECT
            a.id,
            (SELECT count(*) + 1 FROM versions WHERE article_id = a.id),
            coalesce((SELECT max(replaced) FROM versions WHERE article_id = a.id), a.first_seen),
            :seen, :run, a.text_hash, a.headline, a.deck, a.published, a.modified, a.body
        FROM articles a WHERE a.id = :id
        """,
        {"id": article_id, "seen": seen, "run": run},
    )

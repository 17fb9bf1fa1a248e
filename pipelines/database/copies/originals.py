"""Which of the articles with one text is the original: the one published first, whichever was met first.

The rule knows nothing of the order of visits, so that a crawl that was killed and repeated ends like one
that was not. The functions that write run inside the writer's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from pipelines.database.records import to_utc

Precedence = tuple[bool, str, str, bool, str]
#: Sorts pages of one text; the smallest is the original.


@dataclass(slots=True, frozen=True)
class Turned:
    """An article that became a copy, or stopped being one."""

    article_id: int
    source: str | None
    run_id: int | None
    #: The run that met it first.

    is_copy: bool


def precedence(published: str | None, canonical_url: str, url: str) -> Precedence:
    """Earlier times first (a date alone is its first second), pages without one last, then by address.

    Of several addresses of one story the one that the page calls canonical comes first.
    """
    utc = to_utc(published)
    return utc is None, utc or "", canonical_url, url != canonical_url, url


def is_known(db: Database, text: bytes | None) -> bool:
    """Whether any article has a text, or had it."""
    if text is None:
        return False
    for table in ("articles", "versions"):
        having = f"SELECT 1 FROM {table} WHERE text_hash = ? LIMIT 1"  # noqa: S608
        if db.conn.execute(having, (text,)).fetchone():
            return True
    return False


def original_of(db: Database, text: bytes | None, own: Precedence, article_id: int | None) -> int | None:
    """The stored article that goes before a page with this text; null where the page goes first.

    *article_id* is the article that the page shows; null where it is not stored.
    """
    having = _having(db, text)
    if not having:
        return None
    first, original = min(having)
    return original if first < own and original != article_id else None


def point_copies(db: Database, article_id: int, *texts: bytes | None) -> list[Turned]:
    """Let every article with one of *texts* name its original; those that turned.

    To be called when *article_id* was written: with its text, and with the one it had before.
    """
    originals: dict[int, int | None] = {article_id: None}
    for text in texts:
        originals |= copies_of_text(db, text)
    return [turned for member, original in originals.items() if (turned := _point(db, member, original))]


def copies_of_text(db: Database, text: bytes | None) -> dict[int, int | None]:
    """The articles that have a text now, each with its original; null for the original itself."""
    having = _having(db, text)
    if not having:
        return {}
    _, original = min(having)
    current = db.conn.execute("SELECT id FROM articles WHERE text_hash = ?", (text,))
    return {member: original if member != original else None for (member,) in current}


def _having(db: Database, text: bytes | None) -> list[tuple[Precedence, int]]:
    """Articles that have this text, or had it under the date of then."""
    if text is None:
        return []
    rows = db.conn.execute(
        """
        SELECT id, published, canonical_url, url FROM articles WHERE text_hash = :text
        UNION ALL
        SELECT a.id, v.published, a.canonical_url, a.url
        FROM versions v JOIN articles a ON a.id = v.article_id WHERE v.text_hash = :text
        """,
        {"text": text},
    )
    return [(precedence(*stated), article_id) for article_id, *stated in rows]


def _point(db: Database, article_id: int, original: int | None) -> Turned | None:
    find = "SELECT copy_of FROM articles WHERE id = ?"
    (before,) = db.conn.execute(find, (article_id,)).fetchone()
    if before == original:
        return None
    db.conn.execute("UPDATE articles SET copy_of = ? WHERE id = ?", (original, article_id))
    if (before is None) == (original is None):
        return None
    source, run = db.conn.execute(
        "SELECT source, run_id FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    return Turned(article_id, source, run, original is not None)

"""The addresses that lead to a story; the functions that write run inside the writer's transaction."""

from __future__ import annotations

from collections.abc import Mapping

from sqlite_utils import Database

from pipelines.database.fingerprints import url_key


def addresses_of(db: Database, article_id: int) -> list[str]:
    """URL keys that lead to an article, in order.

    The final URLs among them are those of its fetches: an index of all would hold each address once more.
    """
    others = db.conn.execute(
        "SELECT url_key FROM aliases WHERE article_id = ? AND evidence != 'address'", (article_id,)
    )
    keys = {key for (key,) in others}
    fetched = db.conn.execute(
        "SELECT url FROM fetches WHERE article_id = ? UNION SELECT url FROM articles WHERE id = ?",
        (article_id, article_id),
    )
    for key in {url_key(url) for (url,) in fetched.fetchall()} - keys:
        leads_to = db.conn.execute("SELECT article_id FROM aliases WHERE url_key = ?", (key,)).fetchone()
        if leads_to == (article_id,):
            keys.add(key)
    return sorted(keys)


def add_addresses(db: Database, article_id: int, final: str, evidence: Mapping[str, str]) -> None:
    """Let URL keys lead to an article, each with its *evidence*.

    The final URL leads there now, wherever it led before; weaker evidence takes no address away.
    """
    for key, why in evidence.items():
        insert = "INSERT INTO aliases (url_key, article_id, evidence) VALUES (?, ?, ?) ON CONFLICT DO "
        insert += _MOVE if key == final else "NOTHING"
        db.conn.execute(insert, (key, article_id, why))


def displace(db: Database, article_id: int) -> None:
    """Let the addresses that lead to an article do so for its text alone."""
    db.conn.executemany(
        "UPDATE aliases SET evidence = 'text' WHERE url_key = ?",
        [(key,) for key in addresses_of(db, article_id)],
    )


_MOVE = "UPDATE SET article_id = excluded.article_id, evidence = excluded.evidence"

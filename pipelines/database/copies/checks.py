"""The rules that copies keep: originals, keys, pairs and clusters are what the texts say. Reads only."""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database

from pipelines.database.copies.clusters import neighbours
from pipelines.database.copies.near import text_words
from pipelines.database.copies.originals import copies_of_text
from pipelines.database.copies.passages import copy_keys
from pipelines.database.copies.shingles import compare

Faults = Iterator[str]


def copies_hold(db: Database) -> Faults:
    """``copy_of`` names the article that had the text first."""
    shared = """
        SELECT text_hash FROM (
            SELECT text_hash, id FROM articles UNION SELECT text_hash, article_id FROM versions
        ) WHERE text_hash IS NOT NULL GROUP BY text_hash HAVING count(*) > 1
    """
    expected: dict[int, int | None] = {}
    for (text,) in db.conn.execute(shared).fetchall():
        expected |= copies_of_text(db, text)
    for article_id, original in db.conn.execute("SELECT id, copy_of FROM articles WHERE copy_of IS NOT NULL"):
        if expected.pop(article_id, None) != original:
            yield f"article {article_id} is not a copy of article {original}"
    for article_id, missing in expected.items():
        if missing is not None:
            yield f"article {article_id} is a copy of article {missing} and does not say so"


def keys_hold(db: Database) -> Faults:
    """Every text that an article has is kept, with its keys and no other, and no text beside."""
    for (article_id,) in db.conn.execute(
        """
        SELECT id FROM articles
        WHERE text_hash IS NOT NULL AND text_hash NOT IN (SELECT text_hash FROM texts)
        """
    ):
        yield f"the text of article {article_id} has no keys"
    total = 0
    for text_id, text_hash in db.conn.execute("SELECT id, text_hash FROM texts"):
        if not db.conn.execute("SELECT 1 FROM articles WHERE text_hash = ?", (text_hash,)).fetchone():
            yield f"text {text_id} is of no article"
            continue
        keys = copy_keys(text_words(db, text_id))
        total += len(keys)
        find = "SELECT count(*) FROM text_keys WHERE text_id = ? AND key = ?"
        if not all(db.conn.execute(find, (text_id, key)).fetchone()[0] for key in keys):
            yield f"text {text_id} lacks keys"
    stored = db.conn.execute("SELECT count(*) FROM text_keys").fetchone()[0]
    if stored > total:
        yield f"{stored - total} keys are of no text"


def pairs_hold(db: Database) -> Faults:
    """A pair of texts shares what its row says."""
    for text_id, other_id, relation, joins in db.conn.execute(
        "SELECT text_id, other_id, relation, joins FROM text_pairs"
    ):
        shared = compare(text_words(db, text_id), text_words(db, other_id))
        if shared is None or (shared.relation, shared.joins) != (relation, bool(joins)):
            yield f"texts {text_id} and {other_id} are not {relation}"


def clusters_hold(db: Database) -> Faults:
    """A cluster is all articles of one story and no other; its row says how many and names two of them."""
    members: dict[int, set[int]] = {}
    cluster_of: dict[int, int] = {}
    for article_id, cluster_id in db.conn.execute("SELECT article_id, cluster_id FROM cluster_members"):
        members.setdefault(cluster_id, set()).add(article_id)
        cluster_of[article_id] = cluster_id
    for cluster_id, articles, first, original in db.conn.execute(
        "SELECT id, articles, first_id, original_id FROM clusters"
    ):
        own = members.pop(cluster_id, set())
        if len(own) != articles or len(own) < 2 or cluster_id != min(own) or not {first, original} <= own:
            yield f"the row of cluster {cluster_id} does not fit its articles"
    for cluster_id in members:
        yield f"cluster {cluster_id} has articles but no row"
    yield from _stories_hold(db, cluster_of)


def _stories_hold(db: Database, cluster_of: dict[int, int]) -> Faults:
    """Articles joined directly are in one cluster, and every cluster hangs together."""
    leads_to: dict[int, int] = {}

    def end(article_id: int) -> int:
        while (ahead := leads_to.setdefault(article_id, article_id)) != article_id:
            leads_to[article_id] = article_id = leads_to.setdefault(ahead, ahead)
        return article_id

    for article_id, text_hash in db.conn.execute("SELECT id, text_hash FROM articles ORDER BY id"):
        for other in neighbours(db, article_id, text_hash):
            first, second = sorted((end(article_id), end(other)))
            leads_to[second] = first
    together = frozenset(leads_to)
    for article_id in sorted({*together, *cluster_of}):
        expected = end(article_id) if article_id in together else None
        if cluster_of.get(article_id) != expected:
            yield f"article {article_id} is in cluster {cluster_of.get(article_id)} and not in {expected}"

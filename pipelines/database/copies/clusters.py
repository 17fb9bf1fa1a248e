"""Clusters: the articles that tell one story, who had it first, and whose it is.

A cluster is what the texts say, whatever order they came in: two articles are in one where they have, or
had, the same text, or where their texts share much (:mod:`pipelines.database.copies.near`), directly or
through others. The functions here run inside the writer's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from pipelines.database.copies.attribution import Told, attribute
from pipelines.database.copies.near import (
    Text,
    add_new_text,
    add_new_texts,
    add_text,
    drop_text,
    pair_of,
    text_id_of,
    text_words,
)
from pipelines.database.copies.originals import precedence
from pipelines.database.copies.shingles import SHINGLE_WORDS, measure
from pipelines.database.records import to_json

__all__ = ["Text", "add_article", "change_article", "neighbours", "regroup"]

Row = tuple[Any, ...]


def add_article(db: Database, article_id: int, text: Text) -> None:
    """Find the cluster of an article that was just stored."""
    add_text(db, text)
    near = neighbours(db, article_id, text.hash)
    if near:
        _write(db, _with_clusters(db, near) | {article_id}, changed={article_id})


def add_unheard(db: Database, article_id: int, text: Text) -> None:
    """The same of an article whose text no other has or had."""
    if text.hash is not None and any(match.shared.joins for match in add_new_text(db, text)):
        near = neighbours(db, article_id, text.hash)
        _write(db, _with_clusters(db, near) | {article_id}, changed={article_id})


def add_all_unheard(db: Database, articles: Mapping[int, tuple[Text, Sequence[int]]]) -> None:
    """The same of several, by id, with the keys of their texts."""
    keyed = {article_id: one for article_id, one in articles.items() if one[0].hash is not None}
    for (article_id, (text, _)), matches in zip(
        keyed.items(), add_new_texts(db, [*keyed.values()]), strict=True
    ):
        if any(match.shared.joins for match in matches):
            near = neighbours(db, article_id, text.hash)
            _write(db, _with_clusters(db, near) | {article_id}, changed={article_id})


def change_article(db: Database, article_id: int, before: Text, now: Text) -> None:
    """Find the clusters anew of an article that changed, and of those that it was with."""
    was_with = _with_clusters(db, [article_id])
    if before.hash != now.hash:
        add_text(db, now)
        drop_text(db, before)
    regroup(db, was_with | neighbours(db, article_id, now.hash), changed={article_id})


def regroup(db: Database, articles: Iterable[int], changed: set[int]) -> None:
    """Make the clusters of some articles as their texts say. *changed* are those with another text."""
    left = set(articles)
    while left:
        found: set[int] = set()
        ahead = [min(left)]
        while ahead:
            one = ahead.pop()
            if one not in found:
                found.add(one)
                ahead += neighbours(db, one, _text_of(db, one)) - found
        _write(db, found, changed)
        left -= found


def neighbours(db: Database, article_id: int, text_hash: bytes | None) -> set[int]:
    """Articles that an article is joined with directly."""
    texts = [] if text_hash is None else [text_hash]
    earlier = db.conn.execute(
        "SELECT DISTINCT text_hash FROM versions WHERE article_id = ? AND text_hash IS NOT NULL",
        (article_id,),
    ).fetchall()
    near = set()
    for text in {*texts, *(row[0] for row in earlier)}:
        near |= _having(db, text)
    for text in texts:
        near |= {
            row[0] for row in db.conn.execute("SELECT article_id FROM versions WHERE text_hash = ?", (text,))
        }
        near |= _joined(db, text_id_of(db, text))
    return near - {article_id}


def _having(db: Database, text_hash: bytes) -> set[int]:
    return {row[0] for row in db.conn.execute("SELECT id FROM articles WHERE text_hash = ?", (text_hash,))}


def _joined(db: Database, text_id: int | None) -> set[int]:
    rows = db.conn.execute(
        """
        SELECT a.id
        FROM (
            SELECT other_id AS id FROM text_pairs WHERE text_id = :text AND joins
            UNION ALL
            SELECT text_id FROM text_pairs WHERE other_id = :text AND joins
        ) AS pair
        JOIN texts ON texts.id = pair.id
        JOIN articles a ON a.text_hash = texts.text_hash
        """,
        {"text": text_id},
    )
    return {row[0] for row in rows}


def _text_of(db: Database, article_id: int) -> bytes | None:
    text: bytes | None = db.conn.execute(
        "SELECT text_hash FROM articles WHERE id = ?", (article_id,)
    ).fetchone()[0]
    return text


def _with_clusters(db: Database, articles: Iterable[int]) -> set[int]:
    """The articles and all that stand in a cluster with them."""
    alone = set(articles)
    clusters = {row[0] for row in _rows(db, alone, "cluster_members", "cluster_id")}
    return alone | {row[0] for row in _rows(db, clusters, "cluster_members", "article_id", key="cluster_id")}


def _write(db: Database, members: set[int], changed: set[int]) -> None:
    """Let these articles, and no other, be a cluster; one alone is none."""
    before = _rows(db, members, "cluster_members JOIN clusters ON clusters.id = cluster_id", _MEMBER)
    if len(members) == 1:
        db.conn.executemany("DELETE FROM cluster_members WHERE article_id = ?", [(one,) for one in members])
    else:
        _write_members(db, _told(db, members), {row[0]: row for row in before}, changed)
    for cluster_id in {row[1] for row in before} - {min(members)}:
        _drop_if_empty(db, cluster_id)
    if len(members) == 1:
        _drop_if_empty(db, min(members))


def _write_members(db: Database, told: list[Told], before: dict[int, Row], changed: set[int]) -> None:
    """A cluster's row and its members'. *before*: as they are stored, with the original at the end."""
    cluster_id = min(member.article_id for member in told)
    attribution = attribute(told)
    original = next(member for member in told if member.article_id == attribution.original_id)
    db.conn.execute(
        """
        INSERT INTO clusters VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
        articles = excluded.articles, first_id = excluded.first_id, original_id = excluded.original_id,
        evidence = excluded.evidence
        """,
        (cluster_id, len(told), attribution.first_id, original.article_id, to_json(attribution.evidence)),
    )
    rows = []
    for member in told:
        *stored, compared_with = before.get(member.article_id, (None,))
        shares = stored[3:]
        if compared_with != original.article_id or changed & {member.article_id, original.article_id}:
            shares = list(_shares(db, member, original))
        row = [member.article_id, cluster_id, member.published_utc, *shares]
        if row != stored:
            rows.append(row)
    db.conn.executemany(
        """
        INSERT INTO cluster_members VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (article_id) DO UPDATE SET
        cluster_id = excluded.cluster_id, published_utc = excluded.published_utc,
        relation = excluded.relation, shared = excluded.shared, of_original = excluded.of_original
        """,
        rows,
    )


def _drop_if_empty(db: Database, cluster_id: int) -> None:
    db.conn.execute(
        """
        DELETE FROM clusters WHERE id = ?
        AND NOT EXISTS (SELECT 1 FROM cluster_members WHERE cluster_id = clusters.id)
        """,
        (cluster_id,),
    )


_MEMBER = "article_id, cluster_id, published_utc, relation, shared, of_original, original_id"
_TOLD = "id, source, site, published, published_utc, canonical_url, url, text_hash, dateline_outlet, byline"


def _told(db: Database, members: set[int]) -> list[Told]:
    """What the members say of where they are from."""
    said: dict[int, list[str]] = {article_id: [] for article_id in members}
    writers = "article_authors JOIN authors ON authors.id = author_id"
    for article_id, name in _rows(db, members, writers, "article_id, name"):
        said[article_id].append(name)
    for article_id, kind, text in _rows(db, members, "boilerplate", "article_id, kind, text"):
        if kind == "credit":
            said[article_id].append(text)
    told = []
    for row in _rows(db, members, "articles", _TOLD, key="id"):
        article_id, source, site, published, utc, canonical_url, url, text_hash, dateline, byline = row
        credits = [byline] if byline else []
        first = precedence(published, canonical_url, url)
        told.append(
            Told(
                article_id,
                source,
                site,
                utc,
                first,
                text_hash,
                dateline,
                (*credits, *sorted(said[article_id])),
            )
        )
    return told


def _rows(
    db: Database, members: set[int], tables: str, columns: str, *, key: str = "article_id"
) -> list[Row]:
    """Rows of some articles."""
    query = f"SELECT {columns} FROM {tables} WHERE {key} IN (SELECT value FROM json_each(?))"  # noqa: S608
    return db.conn.execute(query, (to_json(sorted(members)),)).fetchall()


def _shares(db: Database, member: Told, original: Told) -> tuple[str | None, float, float]:
    """What a member is to the original, how much of it stands in the original, and of the original in it."""
    if member.article_id == original.article_id:
        return None, 1.0, 1.0
    if member.text_hash == original.text_hash:
        return "exact", 1.0, 1.0
    ids = text_id_of(db, member.text_hash), text_id_of(db, original.text_hash)
    if ids[0] is not None and ids[1] is not None and (pair := pair_of(db, ids[0], ids[1])):
        return pair
    words = [text_words(db, text_id) if text_id is not None else [] for text_id in ids]
    if min(map(len, words)) < SHINGLE_WORDS:
        return "partial", 0.0, 0.0
    shared = measure(words[0], words[1])
    return shared.relation, round(shared.of_first, 4), round(shared.of_second, 4)

"""Texts and their near copies: which stored texts share much with a new one.

Keys find them, comparing names what they share.
A text stands here once however many articles have it, as long as one of them has it now. The functions that
write run inside the writer's transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from sqlite_utils import Database

from pipelines.database.copies.passages import ALGORITHM, copy_keys
from pipelines.database.copies.shingles import Relation, Shared, compare, shingles
from pipelines.database.fingerprints import words_of
from pipelines.database.records import to_json

HITS = 64
#: Texts looked at under one key. A passage that more have is everyone's boilerplate, or one story's at many
#: outlets, whose other passages find it too.

COMPARED = 20
#: Texts compared with a new one: those that share the most keys.

_ANY = (1 << 63) - 1
#: Above every text's number.


@dataclass(slots=True, frozen=True)
class Text:
    """A body's words, and what stands for them in ``articles.text_hash``; null where there are none."""

    hash: bytes | None
    words: Sequence[str]


@dataclass(slots=True, frozen=True)
class Match:
    """A stored text that shares much with another one."""

    text_id: int
    shared: Shared
    #: The first is the text that was asked about.


def candidates(db: Database, keys: Sequence[int], before: int = _ANY) -> list[int]:
    """Ids, under *before*, of texts that share keys, with the most first, the newest first among equals."""
    hits = db.conn.execute(_hits_of(len(keys)), (before, *keys)).fetchall() if keys else []
    if not hits:
        return []
    of_key = Counter(key for key, _ in hits)
    votes = Counter(text_id for _, text_id in hits)
    # One shared passage that dozens have says nothing.
    votes.update(text_id for key, text_id in hits if of_key[key] < HITS)
    ranked = sorted(((amount, text_id) for text_id, amount in votes.items() if amount > 1), reverse=True)
    return [text_id for _, text_id in ranked[:COMPARED]]


@cache
def _hits_of(keys: int) -> str:
    """The newest texts under each of so many keys, first of the parameters their upper bound."""
    hits = """
        SELECT * FROM (
            SELECT key, text_id FROM text_keys WHERE key = ?{} AND text_id < ?1 ORDER BY text_id DESC LIMIT {}
        )
    """
    return " UNION ALL ".join(hits.format(place, HITS) for place in range(2, keys + 2))


def find_matches(
    db: Database, words: Sequence[str], keys: Sequence[int] | None = None, before: int = _ANY
) -> list[Match]:
    """Stored texts, with ids under *before*, that share much with a text; reads only."""
    found = candidates(db, copy_keys(words) if keys is None else keys, before)
    if not found:
        return []
    ours = shingles(words)
    matches = []
    for text_id in found:
        theirs = text_words(db, text_id)
        if theirs and (shared := compare(words, theirs, ours)):
            matches.append(Match(text_id, shared))
    return matches


def add_text(db: Database, text: Text) -> None:
    """Keep a text, with its keys and what it shares with others, where it is not kept."""
    if text.hash is not None and text_id_of(db, text.hash) is None:
        add_new_text(db, text)


def add_new_text(db: Database, text: Text) -> list[Match]:
    """Keep a text that no article had before; the texts that it shares much with."""
    keys = copy_keys(text.words)
    matches = find_matches(db, text.words, keys)
    cursor = db.conn.execute(
        "INSERT INTO texts (text_hash, algorithm) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (text.hash, ALGORITHM),
    )
    if not cursor.rowcount:  # left of an article that somebody else took away
        return matches
    text_id = int(cursor.lastrowid or 0)
    db.conn.executemany("INSERT INTO text_keys VALUES (?, ?)", [(key, text_id) for key in keys])
    if matches:
        pairs = [_pair(text_id, match) for match in matches]
        db.conn.executemany("INSERT INTO text_pairs VALUES (?, ?, ?, ?, ?, ?, ?)", pairs)
    return matches


def add_new_texts(db: Database, texts: Sequence[tuple[Text, Sequence[int]]]) -> list[list[Match]]:
    """Keep texts with their keys that no article had before, those with articles stored by now.

    Of each the texts that were kept before it and that it shares much with.
    """
    (last,) = db.conn.execute("SELECT coalesce(max(id), 0) FROM texts").fetchone()
    numbered = [(text_id, *keyed) for text_id, keyed in enumerate(texts, last + 1)]
    placed = sorted((key, text_id) for text_id, _, keys in numbered for key in keys)
    shared = _keys_of_others(db, [key for key, _ in placed])
    db.conn.executemany(
        "INSERT INTO texts VALUES (?, ?, ?)",
        [(text_id, text.hash, ALGORITHM) for text_id, text, _ in numbered],
    )
    db.conn.executemany("INSERT INTO text_keys VALUES (?, ?)", placed)
    matches = [
        find_matches(db, text.words, [key for key in keys if key in shared], text_id)
        for text_id, text, keys in numbered
    ]
    pairs = [
        _pair(text_id, match)
        for (text_id, *_), found in zip(numbered, matches, strict=True)
        for match in found
    ]
    db.conn.executemany("INSERT INTO text_pairs VALUES (?, ?, ?, ?, ?, ?, ?)", pairs)
    return matches


def _keys_of_others(db: Database, keys: Sequence[int]) -> set[int]:
    """Keys, of a sorted list, that stored texts have, or several in the list."""
    stored = "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM text_keys WHERE key = value)"
    found = {key for (key,) in db.conn.execute(stored, (to_json(keys),))}
    return found | {key for key, after in pairwise(keys) if key == after}


def drop_text(db: Database, text: Text) -> None:
    """Take a text away that no article has any more."""
    text_id = text_id_of(db, text.hash)
    had = "SELECT 1 FROM articles WHERE text_hash = ?"
    if text_id is None or db.conn.execute(had, (text.hash,)).fetchone():
        return
    db.conn.executemany(
        "DELETE FROM text_keys WHERE key = ? AND text_id = ?",
        [(key, text_id) for key in copy_keys(text.words)],
    )
    db.conn.execute("DELETE FROM text_pairs WHERE text_id = ?", (text_id,))
    db.conn.execute("DELETE FROM text_pairs WHERE other_id = ?", (text_id,))
    db.conn.execute("DELETE FROM texts WHERE id = ?", (text_id,))


def text_id_of(db: Database, text_hash: bytes | None) -> int | None:
    """The id under which a text is kept; null where it is not."""
    row = db.conn.execute("SELECT id FROM texts WHERE text_hash = ?", (text_hash,)).fetchone()
    return row[0] if row else None


def pair_of(db: Database, text_id: int, other_id: int) -> tuple[Relation, float, float] | None:
    """What two texts were found to share: the relation, and the shares of the first and of the other.

    Null where they were not compared, or are two stories.
    """
    pair = "SELECT relation, of_text, of_other FROM text_pairs WHERE text_id = ? AND other_id = ?"
    if text_id < other_id:
        row = db.conn.execute(pair, (text_id, other_id)).fetchone()
        return row and (row[0], row[1], row[2])
    row = db.conn.execute(pair, (other_id, text_id)).fetchone()
    return row and (row[0], row[2], row[1])


def text_words(db: Database, text_id: int) -> list[str]:
    """The words of a text, from an article that has it."""
    row = db.conn.execute(
        """
        SELECT body FROM texts JOIN articles USING (text_hash) WHERE texts.id = ? LIMIT 1
        """,
        (text_id,),
    ).fetchone()
    return words_of(row[0]) if row else []


def _pair(text_id: int, match: Match) -> tuple[object, ...]:
    """A row of ``text_pairs``: the one that was kept first, first."""
    shared = match.shared
    return (
        *(match.text_id, text_id, shared.relation, int(shared.joins)),
        *(round(share, 4) for share in (shared.jaccard, shared.of_second, shared.of_first)),
    )

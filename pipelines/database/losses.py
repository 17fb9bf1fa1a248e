"""What a story's page lacks that it had at an earlier visit: noted with the fetch, and read from there.

One story against itself says more of a changed layout than many new ones against those before them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Any

from sqlite_utils import Database

from pipelines.database.recognition import Recognition

NO_ARTICLE = ("no headline", "error page", "front page", "list of articles", "no story")
#: Reasons of a page that was fetched and read, and was no article.

LOW_CONFIDENCE = 0.5

_LOST, _GAINED = "lost ", "gained "
_FIELDS = ("date", "dateline", "section", "confidence", "authors")
_ARTICLE = frozenset({"no article"})
_WHOLE = _ARTICLE | {"story length"}
HAS = (
    "a.published IS NOT NULL",
    "a.dateline_place IS NOT NULL",
    "a.section IS NOT NULL",
    f"a.confidence >= {LOW_CONFIDENCE}",
    "EXISTS (SELECT 1 FROM article_authors WHERE article_id = a.id AND role = 'author')",
)
#: SQL that tells whether an article ``a`` has each of the fields.

_HAS = ", ".join(HAS)


@dataclass(slots=True, frozen=True)
class SeenAgain:
    """A visit to a story that was stored before."""

    article_id: int
    url: str
    at: str
    #: ISO 8601, UTC.

    lost: frozenset[str]
    #: What the page lacks that it had: ``authors``, ``dateline``, ``section``, ``date``, ``confidence``,
    #: ``story length`` (it is less than half as long) or ``no article`` (it is none any more).

    has: frozenset[str]
    #: What it has as before, or again; of fields what the story has today.


def changes(db: Database, recognition: Recognition) -> str | None:
    """What the page of a story has no more or has again, as it stands as the reason of its fetch.

    To be asked before the story is written: ``lost authors, story length; gained section``.
    """
    if recognition.article_id is None or not recognition.leads:
        return None
    record_hash, words, *had = db.conn.execute(
        f"SELECT a.record_hash, a.words, {_HAS} FROM articles a WHERE a.id = ?",  # noqa: S608
        (recognition.article_id,),
    ).fetchone()
    page = recognition.page
    if record_hash == page.record_hash:
        return None
    has = _fields_of(page.record)
    lost = [name for name, before in zip(_FIELDS, had, strict=True) if before and name not in has]
    gained = [name for name, before in zip(_FIELDS, had, strict=True) if not before and name in has]
    if 2 * len(page.words) < words:
        lost.append("story length")
    elif len(page.words) > 2 * words:
        gained.append("story length")
    told = [sign + ", ".join(names) for sign, names in ((_LOST, lost), (_GAINED, gained)) if names]
    return "; ".join(told) or None


def seen_again(db: Database, source: str, *, newest: int) -> list[SeenAgain]:
    """What crawls saw of an outlet's stories after the first time, in order; of those met last only."""
    rows = db.conn.execute(
        f"""
        SELECT a.id, f.url, f.fetched_at, f.outcome, coalesce(f.reason, ''), a.words, {_HAS}
        FROM (SELECT id FROM articles WHERE source = ? ORDER BY first_seen DESC LIMIT ?) AS lately
        CROSS JOIN articles AS a ON a.id = lately.id
        CROSS JOIN fetches AS f ON f.article_id = a.id
        WHERE f.outcome IN ('unchanged', 'updated', 'refused')
        AND (f.run_id IS NULL OR (SELECT command FROM runs WHERE id = f.run_id) = 'crawl')
        ORDER BY f.id
        """,  # noqa: S608
        (source, newest),
    ).fetchall()
    usual = median(row[5] for row in rows) if rows else 0
    cut: set[int] = set()
    seen = []
    for article_id, url, at, outcome, reason, words, *fields in rows:
        if outcome == "refused":
            if reason in NO_ARTICLE:  # and not what robots.txt or a server kept away
                seen.append(SeenAgain(article_id, url, at, _ARTICLE, frozenset()))
            continue
        lost, gained = _read(reason, _LOST), _read(reason, _GAINED)
        if "story length" in lost:
            cut.add(article_id)
        elif "story length" in gained:
            cut.discard(article_id)
        # What stays short has not kept its length, and what was met short had none.
        kept = _ARTICLE if article_id in cut or 2 * words < usual else _WHOLE
        seen.append(SeenAgain(article_id, url, at, lost, (_of_fields(*fields) | gained | kept) - lost))
    return seen


@cache
def _read(reason: str, sign: str) -> frozenset[str]:
    told = next((part for part in reason.split("; ") if part.startswith(sign)), "")
    return frozenset(told.removeprefix(sign).split(", ")) - {""}


@cache
def _of_fields(*there: int) -> frozenset[str]:
    return frozenset(name for name, is_there in zip(_FIELDS, there, strict=True) if is_there)


def _fields_of(record: dict[str, Any]) -> set[str]:
    there = {
        "date": record["published"] is not None,
        "dateline": (record["dateline"] or {}).get("place") is not None,
        "section": record["section"] is not None,
        "confidence": record["confidence"] >= LOW_CONFIDENCE,
        "authors": bool(record["authors"]),
    }
    return {name for name, is_there in there.items() if is_there}

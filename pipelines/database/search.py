"""Search: words in the full-text index, filters on the articles, and a plan by how common the words are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Unpack

from sqlite_utils import Database

from pipelines.database.connection import database_errors
from pipelines.database.filters import Conditions, Filters, conditions
from pipelines.database.records import MAX_INTEGER
from pipelines.database.words import parse_words

Order = Literal["best", "newest"]

MARK_START, MARK_END = "\x02", "\x03"
#: Stand around a match in a snippet; no stored text contains them.

_FEW = 5_000
#: So many matches are looked up one by one and sorted; with more, the articles are walked by date and
#: each asked whether it matches, which stops when the page is full.

_SNIPPET_WORDS = 28
_NEWEST = "a.published_utc DESC, a.id DESC"


@dataclass(slots=True, frozen=True)
class Hit:
    """One row of a search's answer."""

    id: int
    url: str
    source: str | None
    headline: str
    published: str | None
    place: str | None
    section: str | None
    authors: tuple[str, ...]
    copy_of: int | None
    snippet: str
    #: Words of the story around the match, matches between ``\\x02`` and ``\\x03``.

    score: float | None
    #: bm25, higher is better; null where the order is by date.


def search(
    db: Database,
    words: str,
    *,
    order: Order = "best",
    limit: int = 20,
    offset: int = 0,
    **filters: Unpack[Filters],
) -> list[Hit]:
    """Articles with *words*: plain words (all of them), ``"phrases"``, ``prefix*``, ``OR``, ``-word``.

    Without words the answer is what the filters leave, newest first; a story without a date comes last in
    that order. Raises :class:`WartaError` on what is no date.
    """
    wanted = conditions(filters)
    asked = parse_words(words)
    wanted.parameters |= {"limit": min(limit, MAX_INTEGER), "offset": min(offset, MAX_INTEGER)}
    if asked.unwanted:
        wanted.parts.append("a.id NOT IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :unwanted)")
        wanted.parameters["unwanted"] = asked.unwanted
    with database_errors(db):
        if asked.wanted is None:
            found = _list_newest(db, wanted)
        else:
            wanted.parameters["words"] = asked.wanted
            found = _find(db, wanted, order)
        return [_hit(db, article_id, score, asked.wanted) for article_id, score in found]


def _find(db: Database, wanted: Conditions, order: Order) -> list[tuple[int, float | None]]:
    if order == "best":
        return _list_best(db, wanted)
    if _are_few(db, str(wanted.parameters["words"])):
        matching = "a.id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :words)"
    else:
        matching = "EXISTS (SELECT 1 FROM articles_fts WHERE articles_fts MATCH :words AND rowid = a.id)"
    return _list_newest(db, wanted, matching)


def _list_best(db: Database, wanted: Conditions) -> list[tuple[int, float | None]]:
    """Ranks what matches without reading an article; ids settle what ranks equal, later ones first.

    The plus keeps SQLite from asking the index for each id that the filters leave.
    """
    among = f"AND +f.rowid IN (SELECT a.id FROM articles a {wanted.where()})" if wanted.parts else ""  # noqa: S608
    return db.conn.execute(
        f"""
        SELECT f.rowid, -f.rank FROM articles_fts f WHERE articles_fts MATCH :words {among}
        ORDER BY f.rank, f.rowid DESC LIMIT :limit OFFSET :offset
        """,  # noqa: S608
        wanted.parameters,
    ).fetchall()


def _list_newest(db: Database, wanted: Conditions, *more: str) -> list[tuple[int, float | None]]:
    return db.conn.execute(
        f"SELECT a.id, NULL FROM articles a {wanted.where(*more)} "  # noqa: S608
        f"ORDER BY {_NEWEST} LIMIT :limit OFFSET :offset",
        wanted.parameters,
    ).fetchall()


def _are_few(db: Database, words: str) -> bool:
    matches = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?"
    counted = db.conn.execute(f"SELECT count(*) FROM ({matches})", (words, _FEW + 1)).fetchone()  # noqa: S608
    return bool(counted[0] <= _FEW)


def _hit(db: Database, article_id: int, score: float | None, words: str | None) -> Hit:
    """The columns of one answer; snippets are made for these alone, not for all that matched."""
    row = db.conn.execute(
        """
        SELECT id, url, source, headline, published, dateline_place, section, copy_of, substr(body, 1, 200)
        FROM articles WHERE id = ?
        """,
        (article_id,),
    ).fetchone()
    authors = db.conn.execute(
        """
        SELECT name FROM article_authors JOIN authors ON authors.id = author_id
        WHERE article_id = ? AND role = 'author' ORDER BY position
        """,
        (article_id,),
    )
    found_id, url, source, headline, published, place, section, copy_of, snippet = row
    if words is not None:
        snippet = _snippet(db, article_id, words)
    names = tuple(name for (name,) in authors)
    snippet = " ".join(snippet.split())
    return Hit(found_id, url, source, headline, published, place, section, names, copy_of, snippet, score)


def _snippet(db: Database, article_id: int, words: str) -> str:
    row = db.conn.execute(
        """
        SELECT snippet(articles_fts, 2, :start, :end, '…', :length)
        FROM articles_fts WHERE articles_fts MATCH :words AND rowid = :id
        """,
        {
            "start": MARK_START,
            "end": MARK_END,
            "length": _SNIPPET_WORDS,
            "words": words,
            "id": article_id,
        },
    ).fetchone()
    return str(row[0]) if row else ""

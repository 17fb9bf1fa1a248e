"""What a search shows of an article it found; made for the articles of one page alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

MARK_START, MARK_END = "\x02", "\x03"
#: Stand around a match in a snippet; no stored text contains them.

_SNIPPET_WORDS = 28


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
    language: str | None
    #: ISO 639-1.

    authors: tuple[str, ...]
    copy_of: int | None
    copies: int
    #: Other articles of the same story, whether they fit the filters or not.

    snippet: str
    #: Words of the story around the match, matches between ``\\x02`` and ``\\x03``.

    score: float | None
    #: bm25, higher is better; null where the order is by date.


def read_hit(db: Database, article_id: int, score: float | None, words: str | None) -> Hit:
    """The columns of one answer. *words* is the FTS5 expression that found it."""
    row = db.conn.execute(
        """
        SELECT a.id, url, source, headline, published, dateline_place, section, language, copy_of,
        (
            SELECT articles - 1 FROM cluster_members AS m JOIN clusters ON clusters.id = m.cluster_id
            WHERE m.article_id = a.id
        ),
        substr(body, 1, 200)
        FROM articles AS a WHERE a.id = ?
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
    found_id, url, source, headline, published, place, section, language, copy_of, copies, snippet = row
    if words is not None:
        snippet = _snippet(db, article_id, words)
    names = tuple(name for (name,) in authors)
    snippet = " ".join(snippet.split())
    return Hit(
        found_id,
        url,
        source,
        headline,
        published,
        place,
        section,
        language,
        names,
        copy_of,
        copies or 0,
        snippet,
        score,
    )


def _snippet(db: Database, article_id: int, words: str) -> str:
    row = db.conn.execute(
        """
        SELECT snippet(articles_fts, 0, :start, :end, '…', :length)
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

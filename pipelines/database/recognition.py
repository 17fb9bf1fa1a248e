"""Which story a visit shows: one that is stored under its address, one with its text, or a new one.

Reads only. The writer does what the recognition says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlite_utils import Database

from crawler.items import Visit
from pipelines.database.fingerprints import is_front_page, site_of, text_fingerprint, url_key, words_of
from pipelines.database.records import plain_record

What = Literal["new", "updated", "unchanged", "folded"]
Evidence = Literal["address", "canonical", "redirect", "text"]


@dataclass(slots=True, frozen=True)
class Recognition:
    """What a visit is to the database."""

    what: What
    article_id: int | None
    #: The stored article that it shows; null where it gets a row of its own.

    original: int | None
    #: The article that had this text first, where that is another one.

    addresses: dict[str, Evidence]
    #: URL keys that lead to the story, the final URL's first.

    record: dict[str, Any]
    fingerprint: bytes | None
    words: int


def recognise(db: Database, visit: Visit) -> Recognition:
    """Decide which story *visit* shows. Rules:

    - A final URL that is stored is that story, whatever its text says now.
    - A canonical URL, a redirect, or an URL that was folded for its text leads to a story only where
      headline or text agree: pages name wrong canonical URLs, and dead ones redirect anywhere.
    - The same text at the same outlet is the same story under one more URL; at another outlet a copy.
    """
    record = plain_record(visit.article)
    headline, body = words_of(record["headline"]), words_of(record["body"])
    fingerprint = text_fingerprint(headline, body)
    addresses = _addresses(visit, record)

    def recognition(what: What, article_id: int | None, original: int | None) -> Recognition:
        return Recognition(what, article_id, original, addresses, record, fingerprint, len(body))

    for key, evidence in addresses.items():
        stored = _stored_under(db, key)
        if not stored:
            continue
        article_id, known_by, stored_headline, stored_fingerprint = stored
        same_headline = words_of(stored_headline) == headline
        same_text = stored_fingerprint == fingerprint
        believed = evidence == "address" and known_by in {"address", "canonical"}
        if not believed and not (same_headline and headline) and not (same_text and fingerprint):
            continue
        if evidence == "address" and known_by == "text":
            addresses[key] = "text"
        if same_headline and same_text:
            return recognition("unchanged", article_id, None)
        return recognition("updated", article_id, _original(db, fingerprint, article_id))

    for article_id, source, site in _with_text(db, fingerprint):
        if _same_outlet(record, source, site):
            addresses.update(dict.fromkeys(addresses, "text"))
            return recognition("folded", article_id, article_id)
    original = _original(db, fingerprint, None)
    return recognition("new" if original is None else "folded", None, original)


def _addresses(visit: Visit, record: dict[str, Any]) -> dict[str, Evidence]:
    final, canonical, candidate = url_key(record["url"]), url_key(record["canonical_url"]), visit.candidate
    addresses: dict[str, Evidence] = {final: "address"}
    if _may_be_canonical(canonical, final):
        addresses.setdefault(canonical, "canonical")
    for url in (visit.fetch.requested_url, candidate.url if candidate else ""):
        addresses.setdefault(url_key(url), "redirect")
    addresses.pop("", None)
    return addresses


def _may_be_canonical(canonical: str, final: str) -> bool:
    """A front page is no story's address, and another site's URL says where a copy came from."""
    if is_front_page(canonical):
        return False
    return not final.startswith("https:") or site_of(canonical) == site_of(final)


def _stored_under(db: Database, key: str) -> tuple[int, Evidence, str, bytes | None] | None:
    row: tuple[int, Evidence, str, bytes | None] | None = db.conn.execute(
        """
        SELECT a.id, aliases.evidence, a.headline, a.text_hash
        FROM aliases JOIN articles a ON a.id = aliases.article_id
        WHERE aliases.url_key = ?
        """,
        (key,),
    ).fetchone()
    return row


def _with_text(db: Database, fingerprint: bytes | None) -> list[tuple[int, str | None, str]]:
    """Articles that have or had this text, first seen first: id, source, site."""
    if fingerprint is None:
        return []
    return db.conn.execute(
        """
        SELECT id, source, site FROM articles WHERE text_hash = :text
        UNION
        SELECT a.id, a.source, a.site FROM versions v JOIN articles a ON a.id = v.article_id
        WHERE v.text_hash = :text
        ORDER BY id
        """,
        {"text": fingerprint},
    ).fetchall()


def _original(db: Database, fingerprint: bytes | None, article_id: int | None) -> int | None:
    """The article other than *article_id* that had this text first."""
    if fingerprint is None:
        return None
    row = db.conn.execute(
        """
        SELECT id, coalesce(copy_of, id) FROM articles WHERE text_hash = :text AND id IS NOT :own
        UNION
        SELECT article_id, article_id FROM versions WHERE text_hash = :text AND article_id IS NOT :own
        ORDER BY 1, 2
        """,
        {"text": fingerprint, "own": article_id},
    ).fetchone()
    return row[1] if row and row[1] != article_id else None


def _same_outlet(record: dict[str, Any], source: str | None, site: str) -> bool:
    if record["source"] and source:
        return bool(record["source"] == source)
    return (site_of(record["url"]) or site_of(record["canonical_url"])) == site

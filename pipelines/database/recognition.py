"""Which story a visit shows: one that is stored under its address, one with its text, or a new one.

Reads only. The writer does what the recognition says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlite_utils import Database

from crawler.items import Visit
from pipelines.database.copies.near import Text
from pipelines.database.copies.originals import Precedence, is_known, original_of, precedence
from pipelines.database.fingerprints import (
    digest,
    is_front_page,
    site_of,
    text_fingerprint,
    url_key,
    words_of,
)
from pipelines.database.records import record_and_json

What = Literal["new", "updated", "unchanged", "folded"]
Evidence = Literal["address", "canonical", "redirect", "text"]


@dataclass(slots=True, frozen=True)
class Page:
    """What a visit shows, as it is compared with what is stored."""

    record: dict[str, Any]
    record_hash: bytes
    headline: list[str]
    words: list[str]
    #: The body's.

    fingerprint: bytes | None
    addresses: dict[str, Evidence]
    #: URL keys that lead to it, the final URL's first.

    precedence: Precedence

    @property
    def text(self) -> Text:
        """What near copies are found by."""
        return Text(self.fingerprint, self.words)


@dataclass(slots=True, frozen=True)
class Recognition:
    """What a visit is to the database."""

    page: Page
    what: What
    article_id: int | None
    #: The stored article that it shows; null where it gets a row of its own.

    original: int | None = None
    #: The article that goes before this one among those of its text, where that is another one.

    leads: bool = True
    #: Whether the row is to say what this page says. Not where the row has the same text from an address
    #: that goes before this one: which of the two was visited last must not matter.

    by_text: bool = False
    #: Whether it is the story for its text alone.

    unheard: bool = False
    #: Whether no article has or had its text.

    @property
    def displaces(self) -> bool:
        """Whether the row had another address, which now leads to the story for its text alone."""
        return self.by_text and self.leads and self.what != "updated"

    @property
    def addresses(self) -> dict[str, Evidence]:
        """URL keys that lead to the story, the final URL's first."""
        if self.by_text and not self.displaces:
            return dict.fromkeys(self.page.addresses, "text")
        return self.page.addresses


def recognise(db: Database, visit: Visit) -> Recognition:
    """Decide which story *visit* shows. Rules:

    - A final URL that is stored is that story, whatever its text says now.
    - A canonical URL, a redirect, or an URL that was folded for its text leads to a story only where
      headline or text agree: pages name wrong canonical URLs, and dead ones redirect anywhere.
    - The same text at the same outlet is the same story under one more URL; at another outlet a copy of
      whichever was published first.
    """
    return recognise_page(db, read_page(visit))


def recognise_page(db: Database, page: Page) -> Recognition:
    """The same of a visit that was read already."""
    if recognised := _by_address(db, page):
        return recognised
    if not is_known(db, page.fingerprint):
        return Recognition(page, "new", None, unheard=True)
    return _by_text(db, page) or _as_new(db, page)


def read_again(visit: Visit, article_id: int) -> Recognition:
    """A kept page of a story that was read by other rules: the row is to say what it says by these.

    It makes no version, whatever changed: the outlet changed nothing. It leads nowhere but before.
    """
    return Recognition(read_page(visit), "unchanged", article_id)


def read_page(visit: Visit) -> Page:
    """What a visit shows; uses no database."""
    record, written = record_and_json(visit.article)
    headline, body = words_of(record["headline"]), words_of(record["body"])
    return Page(
        record,
        digest(written),
        headline,
        body,
        text_fingerprint(headline, body),
        _addresses(visit, record),
        precedence(record["published"], record["canonical_url"], record["url"]),
    )


def _by_address(db: Database, page: Page) -> Recognition | None:
    for key, evidence in page.addresses.items():
        stored = _stored_under(db, key)
        if stored is None:
            continue
        same_headline = words_of(stored.headline) == page.headline
        same_text = stored.fingerprint == page.fingerprint
        by_text = stored.known_by == "text"
        believed = evidence == "address" and stored.known_by in {"address", "canonical"}
        if not believed and not (same_headline and page.headline) and not (same_text and page.fingerprint):
            continue
        elsewhere = (by_text or evidence != "redirect") and url_key(stored.url) != url_key(page.record["url"])
        if same_text and (same_headline or (elsewhere and page.fingerprint)):
            leads = not elsewhere or page.precedence < stored.precedence
            return Recognition(page, "unchanged", stored.id, leads=leads, by_text=by_text)
        original = original_of(db, page.fingerprint, page.precedence, stored.id)
        return Recognition(page, "updated", stored.id, original, by_text=by_text)
    return None


def _by_text(db: Database, page: Page) -> Recognition | None:
    for stored in _with_text(db, page.fingerprint):
        if _same_outlet(page.record, stored.source, stored.site):
            leads = stored.fingerprint == page.fingerprint and page.precedence < stored.precedence
            return Recognition(page, "folded", stored.id, stored.id, leads, by_text=True)
    return None


def _as_new(db: Database, page: Page) -> Recognition:
    original = original_of(db, page.fingerprint, page.precedence, None)
    return Recognition(page, "new" if original is None else "folded", None, original)


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


_STORED = "a.id, a.source, a.site, a.url, a.canonical_url, a.published, a.headline, a.text_hash"


@dataclass(slots=True, frozen=True)
class _Stored:
    """A story that a visit may show."""

    id: int
    source: str | None
    site: str
    url: str
    canonical_url: str
    published: str | None
    headline: str
    fingerprint: bytes | None
    known_by: Evidence = "text"

    @property
    def precedence(self) -> Precedence:
        return precedence(self.published, self.canonical_url, self.url)


def _stored_under(db: Database, key: str) -> _Stored | None:
    row = db.conn.execute(
        f"""
        SELECT {_STORED}, aliases.evidence
        FROM aliases JOIN articles a ON a.id = aliases.article_id
        WHERE aliases.url_key = ?
        """,  # noqa: S608
        (key,),
    ).fetchone()
    return _Stored(*row) if row else None


def _with_text(db: Database, fingerprint: bytes | None) -> list[_Stored]:
    """Articles that have or had this text, first seen first."""
    if fingerprint is None:
        return []
    rows = db.conn.execute(
        f"""
        SELECT {_STORED} FROM articles a WHERE a.text_hash = :text
        UNION
        SELECT {_STORED} FROM versions v JOIN articles a ON a.id = v.article_id WHERE v.text_hash = :text
        ORDER BY id
        """,  # noqa: S608
        {"text": fingerprint},
    )
    return [_Stored(*row) for row in rows]


def _same_outlet(record: dict[str, Any], source: str | None, site: str) -> bool:
    if record["source"] and source:
        return bool(record["source"] == source)
    return (site_of(record["url"]) or site_of(record["canonical_url"])) == site

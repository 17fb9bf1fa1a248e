"""From a saved page to the visit that the pipelines take, as if it had just been fetched."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from urllib.parse import urlsplit

from crawler.archives.documents import Document
from crawler.discovery.urls import normalise
from crawler.extractors import Explanation, explain, explain_text, extract, extract_text
from crawler.extractors.page import parse
from crawler.items import Article, Fetch, RawPage, Visit
from crawler.reextraction import PLAIN_TEXT
from crawler.sources import Catalogue, Source


def read_saved(
    document: Document, catalogue: Catalogue, *, source: Source | None = None, url: str = ""
) -> Visit:
    """Read a saved page.

    Its address is ``url``, else the one the page states itself, else where the file lies; its outlet is
    ``source``, else the one that claims the address. The moment of the visit is the file's own, but that is
    no base for "two hours ago", nor a bound on its dates: copying and unpacking change it. They are only not
    in the future.
    """
    address = url or stated_url(document)
    return read_as(document, address, source or catalogue.match(address))


def read_as(document: Document, address: str, source: Source | None) -> Visit:
    """Read a saved page of that address (empty where none is known) and outlet."""
    now = datetime.now(UTC)
    if document.kind == "html":
        article = extract(document.data, address, source=source, not_after=now)
    else:
        article = extract_text(document.text(), address, source=source, not_after=now)
    _place(article, address or document.uri)
    fetch = Fetch(
        url=article.url,
        requested_url=document.uri,
        fetched_at=document.saved_at.isoformat(timespec="seconds"),
        status=0,
        size=len(document.data),
        content_hash=hashlib.sha256(document.data).hexdigest(),
    )
    kind = None if document.kind == "html" else PLAIN_TEXT
    return Visit(article, fetch, pages=[RawPage(article.url, fetch.fetched_at, document.data, kind)])


def explain_saved(document: Document, article: Article, catalogue: Catalogue) -> Explanation:
    """How the document was read that gave the article: its blocks, their roles, its fields and why."""
    source = catalogue.get(article.source) if article.source else None
    if document.kind == "html":
        return explain(document.data, article.url, source=source)
    return explain_text(document.text(), article.url, source=source)


def stated_url(document: Document) -> str:
    """The address a page gives as its own: its canonical link or og:url; empty where it gives none.

    The address of a whole site is not taken: some sites state it on every page.
    """
    if document.kind != "html":
        return ""
    page = parse(document.data, "")
    for stated in (page.canonical, page.first_meta("og:url")):
        url = normalise(stated) if stated else None
        if url and (urlsplit(url).path.strip("/") or urlsplit(url).query):
            return url
    return ""


def _place(article: Article, address: str) -> None:
    """Every article needs an address: it is how the database knows it again."""
    article.url = article.url or address
    article.canonical_url = article.canonical_url or article.url

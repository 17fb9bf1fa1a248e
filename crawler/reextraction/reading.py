"""One kept page read again, as it was read when it was fetched, and compared with what is stored of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database
from w3lib.encoding import read_bom

from crawler.errors import PageError
from crawler.extractors import extract, extract_text, join_parts
from crawler.items import Article, Visit
from crawler.sources import Catalogue, Source
from pipelines.database.asking.queries import get_article
from pipelines.database.pages import KeptPage, PageStore
from pipelines.database.records import plain_record
from pipelines.database.rereading import KeptVisit, kept_visit
from pipelines.validate import reason_against

PLAIN_TEXT = "text/plain"
#: Content type of a kept page that is the text of one, as a person copied it.

FIELDS = tuple(name for name in Article.__dataclass_fields__ if name != "extractor")
#: What is compared. A newer reader that says the same changes nothing.


@dataclass(slots=True)
class Reread:
    """What a kept page says today."""

    fetch_id: int
    url: str = ""
    source: str | None = None
    article_id: int | None = None
    #: The article that shows it; null where it was refused.

    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    #: Field to what is stored and what the page says now.

    reason: str | None = None
    #: Why it is no article by today's rules.

    failure: str | None = None
    #: Why it could not be read again.

    visit: Visit | None = None
    #: To be written; only where asked for.


def read_again(
    db: Database, store: PageStore, catalogue: Catalogue, fetch_id: int, *, whole: bool = False
) -> Reread:
    """Read the page of a fetch again; *whole* gives the visit too.

    Raises PageError where the page is damaged or was let go, and whatever the reader stumbles over.
    """
    kept, visit = read_kept(db, store, catalogue, fetch_id)
    again = Reread(fetch_id, kept.fetch.url, visit.article.source, kept.article_id)
    again.reason = reason_against(visit.article)
    if kept.article_id is not None:
        stored = get_article(db, kept.article_id) or {}
        again.source = again.source or stored.get("source")
        if again.reason is None:
            again.changes = compare(stored, plain_record(visit.article))
    if whole:
        again.visit = visit
    return again


def read_kept(db: Database, store: PageStore, catalogue: Catalogue, fetch_id: int) -> tuple[KeptVisit, Visit]:
    """The page of a fetch, and the visit that it is by today's rules. Raises as :func:`read_again`."""
    kept = kept_visit(db, fetch_id)
    if kept is None:
        raise PageError(f"the page of fetch {fetch_id} was let go meanwhile")
    return kept, _visit(kept, [store.read(page_id) for page_id in kept.pages], catalogue)


def compare(stored: dict[str, Any], now: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Fields that say something else now. An outlet that is no longer known is no change: it is kept."""
    changes = {name: (stored[name], now[name]) for name in FIELDS if stored[name] != now[name]}
    if now["source"] is None:
        changes.pop("source", None)
    return changes


def text_of(data: bytes) -> str:
    """The characters of a text: by byte order mark, as UTF-8, else as windows-1252, which takes most."""
    encoding, mark = read_bom(data)
    if encoding and mark:
        return data[len(mark) :].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _visit(kept: KeptVisit, pages: Sequence[KeptPage], catalogue: Catalogue) -> Visit:
    source = catalogue.sources.get(kept.source or "") or catalogue.match(kept.fetch.url)
    if kept.fetch.status:
        parts = [_read_fetched(kept, page, source) for page in pages]
    else:
        parts = [_read_saved(kept, page, source) for page in pages]
    article = join_parts(parts)
    article.policy.noarchive = any(part.policy.noarchive for part in parts)
    return Visit(article, kept.fetch, kept.candidate)


def _read_fetched(kept: KeptVisit, page: KeptPage, source: Source | None) -> Article:
    return extract(
        page.body,
        page.entry.url,
        source=source,
        fetched_at=datetime.fromisoformat(kept.fetch.fetched_at),
        candidate=kept.candidate,
        content_type=page.entry.content_type,
        headers=page.entry.headers,
    )


def _read_saved(kept: KeptVisit, page: KeptPage, source: Source | None) -> Article:
    """As an import reads it: its own time is no base for dates, and where it lay is no address."""
    url = kept.fetch.url if urlsplit(kept.fetch.url).scheme != "file" else ""
    until = datetime.fromisoformat(page.entry.kept_at)
    if page.entry.content_type == PLAIN_TEXT:
        article = extract_text(text_of(page.body), url, source=source, not_after=until)
    else:
        article = extract(page.body, url, source=source, not_after=until)
    article.url = article.url or kept.fetch.url
    article.canonical_url = article.canonical_url or article.url
    return article

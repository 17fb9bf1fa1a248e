"""What an archive holds: a record after the other, each a page or the reason why it is none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from crawler.items import TELLING_HEADERS, Article, Fetch, RawPage, Visit

MAX_SIZE = 32 * 1024 * 1024
#: Bytes a page may have, unpacked. News pages have at most a few MB.


class Place(NamedTuple):
    """How far an archive was read; reading goes on from here."""

    offset: int = 0
    #: Byte of the file where a record begins.

    done: int = 0
    #: Records that were read from there on. More than one only where none is found by an offset of its own.


@dataclass(slots=True, frozen=True)
class ArchivedPage:
    """A page as an archive keeps it, decoded."""

    url: str
    fetched_at: str
    #: ISO 8601, UTC.

    body: bytes = field(repr=False)
    status: int = 200
    #: Of HTTP; 0 where none is known.

    content_type: str | None = None

    headers: dict[str, str] = field(default_factory=dict)
    #: Names in lower case; of several headers of one name the first.


@dataclass(slots=True, frozen=True)
class Record:
    """One record of an archive."""

    place: Place
    #: Where to go on behind it.

    page: ArchivedPage | None = None

    reason: str | None = None
    #: Why there is no page, in a few words that stay the same for counting.

    notice: str | None = None
    #: What a person should know of it: where the file is damaged.


def visit_of(page: ArchivedPage, article: Article) -> Visit:
    """The visit that the pipelines take, as if the page had just been fetched."""
    fetch = Fetch(
        url=page.url,
        requested_url=page.url,
        fetched_at=page.fetched_at,
        status=page.status,
        content_type=page.content_type,
        etag=page.headers.get("etag"),
        last_modified=page.headers.get("last-modified"),
        size=len(page.body),
        content_hash=hashlib.sha256(page.body).hexdigest(),
    )
    headers = {name: value for name, value in page.headers.items() if name in TELLING_HEADERS}
    kept = RawPage(page.url, page.fetched_at, page.body, page.content_type, headers)
    return Visit(article, fetch, pages=[kept])

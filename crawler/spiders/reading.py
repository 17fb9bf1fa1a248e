"""From a response to a visit: the article as the extractors read it, and the fetch as it was answered."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from scrapy import Request
from scrapy.http import HtmlResponse, Response

from crawler.discovery import normalise
from crawler.discovery.parts import is_part
from crawler.extractors import extract
from crawler.items import TELLING_HEADERS, Candidate, Fetch, RawPage, Visit
from crawler.readers import Readers
from crawler.sources import Source
from pipelines.database.revisits import Revisit


def is_page(response: Response) -> bool:
    """Whether a response holds HTML, by its type or, where it names none, by its bytes."""
    return isinstance(response, HtmlResponse) and bool(response.body.strip())


def media_type(response: Response) -> str:
    """What a response says it is, without parameters: ``application/pdf``; empty where it says nothing."""
    return _header(response, "Content-Type").partition(";")[0].strip().lower()


@dataclass(slots=True, frozen=True)
class Arrival:
    """A page that has come: what is kept of it and what a reader wants, taken from the response once."""

    fetch: Fetch
    page: RawPage
    headers: dict[str, str]
    #: All of the answer's, names in lower case.


def arrival_of(response: Response) -> Arrival:
    """A response as a page: its fetch, its bytes, its headers."""
    fetch = describe_fetch(response)
    headers = {str(name).lower(): value for name, value in response.headers.to_unicode_dict().items()}
    telling = {name: value for name, value in headers.items() if name in TELLING_HEADERS}
    digest = bytes.fromhex(fetch.content_hash) if fetch.content_hash else None
    page = RawPage(response.url, fetch.fetched_at, response.body, fetch.content_type, telling, digest)
    return Arrival(fetch, page, headers)


async def read_visit(
    readers: Readers, arrival: Arrival, source: Source | None, candidate: Candidate | None
) -> Visit:
    """Let a reader read a fetched page. Raises what :meth:`Readers.call` does."""
    fetch, page = arrival.fetch, arrival.page
    article = await readers.call(
        extract,
        page.body,
        page.url,
        source=source,
        fetched_at=datetime.fromisoformat(fetch.fetched_at),
        candidate=candidate,
        content_type=fetch.content_type,
        headers=arrival.headers,
    )
    return Visit(article, fetch, candidate, [page])


def may_be_kept_unread(response: Response) -> bool:
    """Whether nothing in a page, or with it, can be a wish for no copy; which it is the reader knows."""
    wishes = response.headers.getlist(b"X-Robots-Tag")
    return not any(b"noarchive" in text.lower() for text in (response.body, *wishes))


def ask_again(request: Request, revisit: Revisit) -> None:
    """Let a request for a stored article be answered by 304, or be known as unchanged by its bytes."""
    if revisit.etag:
        request.headers["If-None-Match"] = revisit.etag
    if revisit.last_modified:
        request.headers["If-Modified-Since"] = revisit.last_modified
    request.meta["handle_httpstatus_list"] = [304]
    request.meta["content_hash"] = revisit.content_hash


def is_as_before(response: Response) -> bool:
    """Whether an article that was asked for again has not changed."""
    before: str | None = response.meta.get("content_hash")
    return response.status == 304 or (before is not None and content_hash(response) == before)


def next_part(response: Response, first_url: str, number: int) -> str | None:
    """The URL of part *number* of a split story, where the page links to it; *first_url* is the first part's.

    Parts are told by their number alone, in the query (``?page=2``) or behind the path (``/2``,
    ``/page/2``): ``rel=next`` leads on many sites to another story.
    """
    if not isinstance(response, HtmlResponse):
        return None
    for href in response.xpath("//a/@href | //link[@rel='next']/@href").getall():
        url = normalise(href, response.url)
        if url is not None and is_part(url, first_url, number):
            return url
    return None


def describe_fetch(response: Response) -> Fetch:
    """What the server answered and what it gave to ask again cheaply."""
    requested: str = response.meta.get("redirect_urls", [response.url])[0]
    return Fetch(
        url=response.url,
        requested_url=requested,
        fetched_at=response.meta.get("fetched_at") or datetime.now(UTC).isoformat(timespec="seconds"),
        status=response.status,
        content_type=_header(response, "Content-Type") or None,
        etag=_header(response, "ETag") or None,
        last_modified=_header(response, "Last-Modified") or None,
        size=len(response.body),
        content_hash=content_hash(response),
    )


def content_hash(response: Response) -> str | None:
    """Hex SHA-256 of a decoded body; null for an empty one."""
    return hashlib.sha256(response.body).hexdigest() if response.body else None


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1").strip()

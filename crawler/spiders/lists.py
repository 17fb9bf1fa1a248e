"""Lists asked for again: with the validators of the last reading, or known by their hash."""

from __future__ import annotations

import hashlib

from scrapy import Request
from scrapy.http import Response

from crawler import __version__
from crawler.sources import Source
from crawler.spiders.reading import content_hash
from pipelines.database.lists import ListState, Reach

_STATE = "list_state"


def ask_conditionally(request: Request, state: ListState | None, source: Source, reach: Reach) -> None:
    """Let a request for a list be answered by 304 where the last reading left nothing out that is wanted now.

    *state*: what was read of it last. The validators are sent whatever Cache-Control said: the answer is
    never used, only known to be the same.
    """
    if state is None or state.reader != reader_of(source) or not state.reach.includes(reach):
        return
    request.meta[_STATE] = state
    if state.etag:
        request.headers["If-None-Match"] = state.etag
    if state.last_modified:
        request.headers["If-Modified-Since"] = state.last_modified
    if state.etag or state.last_modified:
        request.meta["handle_httpstatus_list"] = [304]


def unchanged(response: Response) -> ListState | None:
    """What was read of a list that has not changed since; null where it is to be read."""
    state: ListState | None = response.meta.get(_STATE)
    if state is None or response.status == 304 or content_hash(response) == state.content_hash:
        return state
    return None


def state_of(
    response: Response,
    source: Source,
    reach: Reach,
    *,
    entries: int,
    sitemaps: list[tuple[str, str | None]] | None = None,
) -> ListState:
    """What to remember of a list that was read."""
    return ListState(
        etag=_header(response, "ETag"),
        last_modified=_header(response, "Last-Modified"),
        content_hash=content_hash(response) or "",
        entries=entries,
        sitemaps=sitemaps or [],
        reader=reader_of(source),
        reach=reach,
    )


def reader_of(source: Source) -> str:
    """What decides which articles are read from the outlet's lists, as a hash."""
    patterns = [pattern and pattern.pattern for pattern in (source.article_url, source.exclude_url)]
    decides = (__version__, source.slug, source.domains, patterns, source.timezone, source.feed_timezone)
    return hashlib.sha256(repr(decides).encode()).hexdigest()[:16]


def _header(response: Response, name: str) -> str | None:
    return (response.headers.get(name) or b"").decode("latin-1").strip() or None

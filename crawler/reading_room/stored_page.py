"""A kept page, rebuilt from the reader's blocks: each with its role and why it has it.

Nothing of the page's own markup comes along: a block is plain text, escaped as everything is.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from crawler.errors import DatabaseError, PageError
from crawler.extractors import BlockReading, explain, explain_text
from crawler.reading_room import security
from crawler.reading_room.answering import Asked, NotFoundError, Page
from crawler.reading_room.room import Room
from crawler.sources import Source
from pipelines.database.asking.queries import get_article
from pipelines.database.kept import fetched_pages
from pipelines.database.pages import open_pages
from pipelines.database.pages.opening import pages_path

MOST_BLOCKS = 3_000
#: The page is a document of its own, which may do nothing but show itself.
_SANDBOX = {
    "content-security-policy": security.CONTENT_POLICY.replace("script-src 'self'", "script-src 'none'")
    + "; sandbox allow-top-navigation-by-user-activation",
    # A sandboxed document is refused by browsers where it also asks for a group of its own.
    "cross-origin-opener-policy": "unsafe-none",
}
_PLAIN = "text/plain"


@dataclass(slots=True, frozen=True)
class _Kept:
    article: dict[str, Any]
    parts: int
    fetched_at: str | None
    blocks: list[BlockReading]
    error: str | None = None


async def stored_page(room: Room, asked: Asked) -> Page:
    """The page of an article as it was last kept; ``part`` of a split story, ``all`` for the whole page."""
    part = asked.whole("part", 1, most=999)
    kept = await room.ask(lambda db: _read(room, db, asked.names["id"], part))
    if kept is None:
        raise NotFoundError(asked.path)
    everything = asked.get("all") == "1"
    blocks = [block for block in kept.blocks if everything or block.role != "outside"]
    values = {
        "article": kept.article,
        "kept": kept,
        "part": part,
        "blocks": blocks[:MOST_BLOCKS],
        "everything": everything,
        "roles": Counter(block.role for block in blocks).most_common(),
        "file": pages_path(room.path).name,
    }
    return Page("stored.html", values, headers=_SANDBOX)


def _read(room: Room, db: Database, key: str, part: int) -> _Kept | None:
    article = get_article(db, key)
    if article is None:
        return None
    fetches = fetched_pages(db, article["id"])
    if not fetches or not pages_path(room.path).exists():
        return _Kept(article, 0, None, [])
    pages, at = fetches[0]["pages"], fetches[0]["fetched_at"]
    if part > len(pages):
        return None
    try:
        with closing(open_pages(room.path)) as store:
            page = store.read(pages[part - 1])
    except (PageError, DatabaseError) as error:
        return _Kept(article, len(pages), at, [], str(error))
    source = room.catalogue().sources.get(article["source"] or "")
    kind = page.entry.content_type or ""
    return _Kept(article, len(pages), at, _blocks(page.body, kind, page.entry.url, source))


def _blocks(body: bytes, kind: str, url: str, source: Source | None) -> list[BlockReading]:
    if kind.startswith(_PLAIN):
        return explain_text(body.decode("utf-8", "replace"), url, source=source).blocks
    return explain(body, url, source=source).blocks

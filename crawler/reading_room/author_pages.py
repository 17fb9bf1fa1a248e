"""Authors: who writes most, for which outlets, and from where."""

from __future__ import annotations

from crawler.reading_room import addresses
from crawler.reading_room.answering import Asked, NotFoundError, Page
from crawler.reading_room.outlet_pages import by_outlet
from crawler.reading_room.room import Room
from crawler.reading_room.spans import local, read_span
from pipelines.database.asking.authors import MOST_COUNTED, MOST_READ, author, authors, find_authors

_LISTED = 60
_BESIDE = 15


async def authors_page(room: Room, asked: Asked) -> Page:
    """The authors with most stories in a period, or those whose names hold some words."""
    span = await read_span(room, asked)
    words = asked.get("q")
    hits = await room.ask(lambda db: find_authors(db, words, _LISTED)) if words else None
    found, whole = await room.ask(lambda db: authors(db, span.period, _LISTED))
    return Page(
        "authors.html",
        {"span": span, "words": words, "hits": hits, "authors": found, "whole": whole, "most": MOST_COUNTED},
    )


async def author_page(room: Room, asked: Asked) -> Page:
    """One author."""
    number = int(asked.names["id"])
    span = await read_span(room, asked)
    found = await room.ask(lambda db: author(db, number, span.period, _BESIDE))
    if found is None:
        raise NotFoundError(str(number))
    return Page(
        "author.html",
        {
            "span": span,
            "author": found,
            "first": local(found.first),
            "last": local(found.last),
            "most": MOST_READ,
            "outlets": by_outlet(room, found.outlets),
            "steps": list(zip(span.period.starts, found.counts, strict=True)),
            "search": addresses.search(author=found.name),
        },
    )

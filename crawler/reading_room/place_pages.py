"""Places: where stories are written from, over time, and by whom."""

from __future__ import annotations

from crawler.reading_room import addresses
from crawler.reading_room.answering import Asked, NotFoundError, Page
from crawler.reading_room.outlet_pages import by_outlet
from crawler.reading_room.room import Room
from crawler.reading_room.spans import read_span
from pipelines.database.asking.places import MOST_READ, find_places, place, places, writing

_LISTED = 60
_BESIDE = 15


async def places_page(room: Room, asked: Asked) -> Page:
    """The places with most stories in a period, or those whose names hold some words."""
    span = await read_span(room, asked)
    words = asked.get("q")
    hits = await room.ask(lambda db: find_places(db, words, _LISTED)) if words else None
    found, amount = await room.ask(lambda db: places(db, span.period, _LISTED))
    return Page(
        "places.html",
        {
            "span": span,
            "words": words,
            "hits": hits,
            "places": found,
            "amount": amount,
            "starts": span.period.starts,
        },
    )


async def place_page(room: Room, asked: Asked) -> Page:
    """One place."""
    number = int(asked.names["id"])
    span = await read_span(room, asked)
    found = await room.ask(lambda db: place(db, number, span.period))
    if found is None:
        raise NotFoundError(str(number))
    who = await room.ask(lambda db: writing(db, found, span.period, _BESIDE))
    return Page(
        "place.html",
        {
            "span": span,
            "place": found,
            "who": who,
            "most": MOST_READ,
            "outlets": by_outlet(room, who.outlets),
            "steps": list(zip(span.period.starts, found.counts, strict=True)),
            "search": addresses.search(place=found.name),
        },
    )

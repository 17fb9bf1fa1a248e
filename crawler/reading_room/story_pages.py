"""Stories that several articles tell: by size and spread, and the way of each through the outlets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crawler.errors import QuestionError
from crawler.reading_room import addresses
from crawler.reading_room.answering import Asked, NotFoundError, Page
from crawler.reading_room.room import Room
from crawler.reading_room.spans import lasting, local, read_span
from pipelines.database.asking.travels import MOST_RANKED, travelled, way

_LISTED = 40


async def stories_page(room: Room, asked: Asked) -> Page:
    """The stories of a period that most articles, or most outlets, tell."""
    span = await read_span(room, asked)
    by = asked.get("by") or "outlets"
    if by not in {"articles", "outlets"}:
        raise QuestionError("by is articles or outlets")
    number = asked.whole("page", 1, most=MOST_RANKED // _LISTED)
    found, amount = await room.ask(
        lambda db: travelled(
            db,
            span.period,
            by="outlets" if by == "outlets" else "articles",
            limit=_LISTED,
            offset=(number - 1) * _LISTED,
        )
    )
    rows = [
        {
            "story": story,
            "outlet": room.name_of(story.outlet),
            "first": local(story.first),
            "lasted": lasting(asked.language, _seconds(story.first, story.last)),
        }
        for story in found
    ]
    return Page(
        "stories.html",
        {
            "span": span,
            "stories": rows,
            "orders": [
                (name, asked.address(by=None if name == "outlets" else name, page=None), name == by)
                for name in ("outlets", "articles")
            ],
            "amount": amount,
            "most": amount == MOST_RANKED,
            "next": asked.address(page=number + 1)
            if number * _LISTED < amount and number < MOST_RANKED // _LISTED
            else None,
            "before": asked.address(page=number - 1 if number > 2 else None) if number > 1 else None,
        },
    )


async def story_page(room: Room, asked: Asked) -> Page:
    """One story, in order of publication."""
    number = int(asked.names["id"])
    found = await room.ask(lambda db: way(db, number))
    if found is None:
        raise NotFoundError(str(number))
    stops: list[dict[str, Any]] = [
        {
            "stop": stop,
            "name": room.name_of(stop.outlet),
            "outlet": addresses.outlet(stop.outlet) if stop.outlet else None,
            "article": addresses.article(stop.article_id),
            "after": None if stop.seconds is None else lasting(asked.language, stop.seconds),
            "relation": stop.relation or "original",
            "published": stop.published,
        }
        for stop in found.stops
    ]
    original = next((row for row in stops if row["relation"] == "original"), None)
    first = next((row for row in stops if row["stop"].article_id == found.first_id), stops[0])
    timed = [stop.seconds for stop in found.stops if stop.seconds is not None]
    return Page(
        "story.html",
        {
            "way": found,
            "stops": stops,
            "original": original,
            "first": first,
            "lasted": lasting(asked.language, max(timed)) if timed else None,
        },
    )


def _seconds(first: str, last: str) -> float:
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()

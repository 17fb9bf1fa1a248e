"""The front page: a search, and what it found."""

from __future__ import annotations

from crawler.reading_room.answering import Asked, Page
from crawler.reading_room.room import Room
from pipelines.database.asking import queries


async def search_page(room: Room, asked: Asked) -> Page:
    words = asked.get("q")
    answer = await room.ask(lambda db: queries.search(db, words))
    return Page("search.html", {"words": words, "answer": answer})

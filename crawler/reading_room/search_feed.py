"""A search for programs: as a feed, and as records in a stream."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from datasette.utils.asgi import AsgiStream
from sqlite_utils import Database

from crawler.reading_room.answering import Asked, Page
from crawler.reading_room.room import Room
from crawler.reading_room.search_page import Wanted, read_wanted
from pipelines.database.asking.queries import articles_by_id
from pipelines.database.asking.search import search
from pipelines.database.records import to_utc
from pipelines.formats import write_csv, write_jsonl

ENTRIES = 50
MOST_EXPORTED = 10_000
#: More is for ``warta export``, which reads the file without ranking it.

_STEP = 200
_KINDS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}


async def search_feed(room: Room, asked: Asked) -> Page:
    """The newest of a search as Atom (RFC 4287)."""
    wanted = read_wanted(room, asked)
    arguments = wanted.arguments() | {"order": "newest"}
    answer = await room.ask(lambda db: search(db, limit=ENTRIES, **arguments))
    base = asked.origin
    values = {
        "answer": answer,
        "updated": next(
            (moment for hit in answer if (moment := to_utc(hit.published))), "1970-01-01T00:00:00Z"
        ),
        "to_utc": to_utc,
        "base": base,
        "self": base + asked.address(lang=None),
        "page": base + asked.address("/", lang=None),
        "wanted": wanted,
    }
    return Page("feed.xml", values, content_type="application/atom+xml; charset=utf-8")


async def search_export(room: Room, asked: Asked) -> Any:
    """Every article of a search, in its order, at most ``MOST_EXPORTED``."""
    form = asked.names["form"]
    wanted = read_wanted(room, asked)
    # What does not hold is told before the first byte is sent.
    await room.ask(lambda db: search(db, limit=1, **wanted.arguments()))
    chunks = room.stream(lambda db: _chunks(db, wanted, form))

    async def send(out: Any) -> None:
        async for chunk in chunks:
            await out.write(chunk)

    headers = {"content-disposition": f'attachment; filename="search.{form}"'}
    return AsgiStream(send, headers=headers, content_type=_KINDS[form])


def _chunks(db: Database, wanted: Wanted, form: str) -> Iterator[str]:
    for number, records in enumerate(_records(db, wanted)):
        out = io.StringIO()
        if form == "jsonl":
            write_jsonl(records, out)
        else:
            write_csv(records, out)
            if number:  # the header line stands once
                out = io.StringIO(out.getvalue().partition("\r\n")[2])
        yield out.getvalue()


def _records(db: Database, wanted: Wanted) -> Iterator[list[dict[str, Any]]]:
    after, amount = None, 0
    while True:
        answer = search(db, limit=_STEP, after=after, **wanted.arguments())
        yield articles_by_id(db, [hit.id for hit in answer])
        after, amount = answer.after, amount + len(answer)
        if after is None or amount >= MOST_EXPORTED:
            return

"""What a crawl notes, as it travels through the stream: an entry holds some notes of one session, in order.

The notes are JSON, and the pages of visits stand beside them as bytes, all of it packed with zlib.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from crawler.items import (
    Article,
    Boilerplate,
    Candidate,
    Dateline,
    Fetch,
    Image,
    Link,
    Policy,
    RawPage,
    Visit,
)
from pipelines.database.lists import ListState, Reach
from pipelines.database.revisits import Revisit

FORM = 1
#: Of the entries; a writer refuses one of another form.

_LEVEL = 1
_MOST_BYTES = 256 * 1024 * 1024
#: What an entry's field may unpack to.


@dataclass(slots=True, frozen=True)
class Note:
    """One thing that a crawl noted: a method of the writer and its arguments, dataclasses among them."""

    what: str
    arguments: Mapping[str, Any]


@dataclass(slots=True, frozen=True)
class Entry:
    """Some notes of a session; the entries of a session are numbered from 1 without a gap."""

    session: int
    number: int
    notes: Sequence[Note]


def pack_entry(entry: Entry) -> dict[str, str | bytes]:
    """The fields of an entry of the stream."""
    pages: list[bytes] = []
    notes = [[note.what, _plain(note.arguments, pages)] for note in entry.notes]
    fields = {f"page{place}": zlib.compress(body, _LEVEL) for place, body in enumerate(pages)}
    return {
        "form": str(FORM),
        "session": str(entry.session),
        "number": str(entry.number),
        "notes": pack(notes),
        **fields,
    }


def read_place(fields: Mapping[bytes, bytes]) -> tuple[int, int]:
    """Session and number of an entry. Raises ValueError where it is none of ours."""
    try:
        return int(fields[b"session"]), int(fields[b"number"])
    except KeyError as error:
        raise ValueError(f"without its {error}") from error


def unpack_entry(fields: Mapping[bytes, bytes]) -> Entry:
    """The entry of such fields. Raises ValueError where it is of another form, or none."""
    session, number = read_place(fields)
    if fields.get(b"form") != str(FORM).encode():
        raise ValueError("it was written by another version of Warta")
    try:
        notes = unpack(fields[b"notes"])
        return Entry(
            session, number, [Note(what, _read(what, arguments, fields)) for what, arguments in notes]
        )
    except (KeyError, TypeError, AttributeError, zlib.error) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def pack(value: Any) -> bytes:
    """Plain JSON types, packed."""
    # A lone surrogate, as pages have them, is kept as it is.
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode(), _LEVEL)


def unpack(packed: bytes) -> Any:
    """What :func:`pack` packed."""
    return json.loads(_inflate(packed))


def _inflate(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    body = unpacking.decompress(packed, _MOST_BYTES)
    if unpacking.unconsumed_tail:
        raise ValueError("too large")
    return body


def _plain(value: Any, pages: list[bytes]) -> Any:
    match value:
        case RawPage():
            pages.append(value.body)
            return {
                "url": value.url,
                "fetched_at": value.fetched_at,
                "content_type": value.content_type,
                "headers": value.headers,
                "page": len(pages) - 1,
            }
        case Visit():
            return {
                "article": asdict(value.article),
                "fetch": asdict(value.fetch),
                "candidate": asdict(value.candidate) if value.candidate else None,
                "pages": [_plain(page, pages) for page in value.pages],
            }
        case Candidate() | Fetch() | ListState():
            return asdict(value)
        case list() | tuple():
            return [_plain(each, pages) for each in value]
        case dict():
            return {key: _plain(each, pages) for key, each in value.items()}
    return value


def _read(what: str, arguments: dict[str, Any], fields: Mapping[bytes, bytes]) -> dict[str, Any]:
    """The arguments of a note, with the dataclasses that its method wants."""
    match what:
        case "store" | "refuse":
            arguments["visit"] = _read_visit(arguments["visit"], fields)
        case "record_fetch":
            arguments["fetch"] = Fetch(**arguments["fetch"])
        case "add":
            arguments["candidates"] = [Candidate(**each) for each in arguments["candidates"]]
        case "note_list":
            arguments["state"] = read_list_state(arguments["state"])
    return arguments


def _read_visit(plain: Mapping[str, Any], fields: Mapping[bytes, bytes]) -> Visit:
    candidate = plain["candidate"]
    pages = [RawPage(body=_inflate(fields[b"page%d" % page.pop("page")]), **page) for page in plain["pages"]]
    return Visit(
        read_article(plain["article"]),
        Fetch(**plain["fetch"]),
        Candidate(**candidate) if candidate else None,
        pages,
    )


def read_article(plain: Mapping[str, Any]) -> Article:
    """An article from what its ``to_dict`` gave. Raises TypeError for what is none."""
    parts = {
        "dateline": Dateline(**plain["dateline"]) if plain["dateline"] else None,
        "related": [Link(**link) for link in plain["related"]],
        "boilerplate": [
            Boilerplate(**{**block, "links": [Link(**link) for link in block["links"]]})
            for block in plain["boilerplate"]
        ],
        "images": [Image(**image) for image in plain["images"]],
        "policy": Policy(**plain["policy"]),
    }
    return Article(**{**plain, **parts})


def read_list_state(plain: Mapping[str, Any]) -> ListState:
    """A list's state from its fields. Raises TypeError for what is none."""
    sitemaps = [(url, lastmod) for url, lastmod in plain["sitemaps"]]
    return ListState(**{**plain, "sitemaps": sitemaps, "reach": Reach(**plain["reach"])})


def read_revisit(plain: Sequence[Any]) -> tuple[Revisit, Candidate]:
    """An article to be asked for again and what discovery said of it, as a briefing tells it."""
    revisit, candidate = plain
    return Revisit(**revisit), Candidate(**candidate)

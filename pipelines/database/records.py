"""Between the record and its rows: what of an Article stands in which column, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlite_utils import Database

from crawler.items import Article
from pipelines.database.fingerprints import fold, site_of

SCALARS = (
    *("url", "canonical_url", "source", "headline", "deck", "byline"),
    *("published", "modified", "published_raw", "published_from", "section", "language"),
    *("body", "pages", "complete", "access", "confidence", "extractor"),
)
#: Fields that are a column of their own, as they are.

LISTS = ("tags", "images", "policy", "evidence", "warnings")
#: Fields that no question asks for: one column of JSON each.

MAX_INTEGER = (1 << 63) - 1
#: SQLite's integers have 64 bits.

_DATELINE = ("raw", "place", "outlet", "date")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_UNSTORABLE_IN_JSON = ("\\u00", "\\b", "\\f")
#: What such characters look like there; now and then a harmless text looks so, too.

_MANY = 200
_AS_THEY_ARE = frozenset({type(None), str, bool, int, float})
_DECODER = json.JSONDecoder()
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)


def plain_record(article: Article) -> dict[str, Any]:
    """The record in plain JSON types, without characters that SQLite or UTF-8 cannot keep.

    Those are control characters (a NUL ends a text for SQLite's functions) and halves of surrogate pairs.
    """
    return record_and_json(article)[0]


def record_and_json(article: Article) -> tuple[dict[str, Any], str]:
    """The record in plain JSON types, as :func:`plain_record` gives it, and its JSON."""
    record: dict[str, Any] = _plain(article)
    written = to_json(record)
    if _may_be_unstorable(written):
        record = _storable(record)
        written = to_json(record)
    return record, written


def storable(text: str) -> str:
    """A text without the characters that SQLite or UTF-8 cannot keep."""
    return _UNSTORABLE.sub("", text) if _UNSTORABLE.search(text) else text


def _may_be_unstorable(written: str) -> bool:
    """One look at the whole for what looking at each text would find, many times as quick."""
    try:
        written.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return True
    return any(sign in written for sign in _UNSTORABLE_IN_JSON)


def to_json(value: object) -> str:
    """JSON as it is stored: compact, readable in SQL."""
    return "[]" if value == [] else _ENCODER.encode(value)


def from_json(written: str) -> Any:
    """What :func:`to_json` wrote; ``json.loads`` looks for spaces around it, at several times the cost."""
    return _DECODER.raw_decode(written)[0]


@lru_cache(maxsize=1024)
def to_utc(moment: str | None) -> str | None:
    """An ISO 8601 moment in UTC to the second, so that text order is time order; null where it is none.

    Without an offset it is taken as UTC; a date alone is its first second.

    >>> to_utc("2026-07-04T12:00:00+07:00"), to_utc("2026-07-04")
    ('2026-07-04T05:00:00Z', '2026-07-04T00:00:00Z')
    """
    try:
        read = datetime.fromisoformat((moment or "").strip())
        read = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return read.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def article_columns(record: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of ``articles`` that the record alone decides."""
    columns = {name: record[name] for name in SCALARS}
    columns |= {name: to_json(record[name]) for name in LISTS}
    dateline = record["dateline"] or {}
    columns |= {f"dateline_{name}": dateline.get(name) for name in _DATELINE}
    columns["complete"] = int(record["complete"])
    columns["published_utc"] = to_utc(record["published"])
    columns["site"] = site_of(record["url"]) or site_of(record["canonical_url"])
    return columns


def write_parts(db: Database, records: Mapping[int, Mapping[str, Any]]) -> None:
    """Authors, places, related links and boilerplate of articles, by id, that have none stored."""
    places: dict[str, str] = {}
    related, boilerplate = [], []
    for article_id, record in records.items():
        if (place := (record["dateline"] or {}).get("place")) and place not in places:
            places[place] = fold(place)
        related += [(article_id, n, link["title"], link["url"]) for n, link in enumerate(record["related"])]
        boilerplate += [
            (article_id, n, block["kind"], block["text"], to_json(block["links"]))
            for n, block in enumerate(record["boilerplate"])
        ]
    _write_authors(db, records)
    for statement, rows in (
        ("INSERT INTO places (name, folded) VALUES (?, ?) ON CONFLICT DO NOTHING", [*places.items()]),
        ("INSERT INTO related VALUES (?, ?, ?, ?)", related),
        ("INSERT INTO boilerplate VALUES (?, ?, ?, ?, ?)", boilerplate),
    ):
        db.conn.executemany(statement, rows)


def _write_authors(db: Database, records: Mapping[int, Mapping[str, Any]]) -> None:
    named = [
        (article_id, role, position, name)
        for article_id, record in records.items()
        for role in ("author", "editor")
        for position, name in enumerate(record[f"{role}s"])
    ]
    names = to_json([*dict.fromkeys(name for *_, name in named)])
    known = "SELECT name, id FROM authors WHERE name IN (SELECT value FROM json_each(?))"
    ids: dict[str, int] = dict(db.conn.execute(known, (names,)))
    for *_, name in named:
        if name not in ids:
            ids[name] = db.conn.execute("INSERT INTO authors (name) VALUES (?)", (name,)).lastrowid or 0
    db.conn.executemany(
        "INSERT INTO article_authors VALUES (?, ?, ?, ?)", [(*link, ids[name]) for *link, name in named]
    )


def drop_parts(db: Database, article_id: int) -> None:
    """Take away what :func:`write_parts` wrote, before newer parts are written."""
    for table in ("article_authors", "related", "boilerplate"):
        db.conn.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))  # noqa: S608


def read_records(db: Database, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of ``articles`` as records: the keys of ``Article.to_dict()``, then what the store knows."""
    rows = list(rows)
    records = []
    for start in range(0, len(rows), _MANY):
        some = rows[start : start + _MANY]
        parts = _read_parts(db, [row["id"] for row in some])
        records += [_record(row, parts[row["id"]]) for row in some]
    return records


def _record(row: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    dateline = {name: row[f"dateline_{name}"] for name in _DATELINE}
    values = {name: row[name] for name in SCALARS} | {name: from_json(row[name]) for name in LISTS}
    values.update(parts)
    values["complete"] = bool(row["complete"])
    values["dateline"] = dateline if dateline["raw"] is not None else None
    record = {name: values[name] for name in Article.__dataclass_fields__}
    for name in ("id", "first_seen", "last_seen", "copy_of"):
        record[name] = row[name]
    record["versions"] = parts["versions"]
    return record


def _read_parts(db: Database, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    marks = ", ".join("?" * len(ids))
    parts: dict[int, dict[str, Any]] = {
        i: {"authors": [], "editors": [], "related": [], "boilerplate": [], "versions": 0} for i in ids
    }
    names = f"""
        SELECT article_id, role, name FROM article_authors JOIN authors ON authors.id = author_id
        WHERE article_id IN ({marks}) ORDER BY article_id, role, position
    """  # noqa: S608
    for article_id, role, name in db.conn.execute(names, ids):
        parts[article_id][f"{role}s"].append(name)
    links = f"SELECT article_id, title, url FROM related WHERE article_id IN ({marks}) ORDER BY 1, position"  # noqa: S608
    for article_id, title, url in db.conn.execute(links, ids):
        parts[article_id]["related"].append({"title": title, "url": url})
    blocks = f"""
        SELECT article_id, kind, text, links FROM boilerplate
        WHERE article_id IN ({marks}) ORDER BY article_id, position
    """  # noqa: S608
    for article_id, kind, text, block_links in db.conn.execute(blocks, ids):
        block = {"kind": kind, "text": text, "links": from_json(block_links)}
        parts[article_id]["boilerplate"].append(block)
    counts = f"SELECT article_id, count(*) FROM versions WHERE article_id IN ({marks}) GROUP BY 1"  # noqa: S608
    for article_id, count in db.conn.execute(counts, ids):
        parts[article_id]["versions"] = count
    return parts


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is list or kind is tuple:
        return [_plain(item) for item in value] if value else []
    if kind is dict:
        return {key: _plain(item) for key, item in value.items()}
    plain = {}
    for name in value.__dataclass_fields__:
        item = getattr(value, name)
        plain[name] = item if type(item) in _AS_THEY_ARE else _plain(item)
    return plain


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value

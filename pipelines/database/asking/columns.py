"""A record as one flat row: the columns of CSV, Parquet and data frames; docs/export.md tells each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pipelines.database.records import to_utc

Kind = Literal["text", "integer", "boolean", "list", "moment"]
Record = Mapping[str, Any]


@dataclass(slots=True, frozen=True)
class Column:
    """A column and what a record says there; what is nested stands in the other forms."""

    kind: Kind
    value: Callable[[Record], Any]


def _plain(name: str) -> Callable[[Record], Any]:
    return lambda record: record[name]


COLUMNS: Mapping[str, Column] = {
    "id": Column("integer", _plain("id")),
    "source": Column("text", _plain("source")),
    "url": Column("text", _plain("url")),
    "canonical_url": Column("text", _plain("canonical_url")),
    "headline": Column("text", _plain("headline")),
    "deck": Column("text", _plain("deck")),
    "authors": Column("list", _plain("authors")),
    "editors": Column("list", _plain("editors")),
    "place": Column("text", lambda record: (record["dateline"] or {}).get("place")),
    "published": Column("text", _plain("published")),
    "published_utc": Column("moment", lambda record: to_utc(record["published"])),
    "modified": Column("text", _plain("modified")),
    "section": Column("text", _plain("section")),
    "tags": Column("list", _plain("tags")),
    "language": Column("text", _plain("language")),
    "access": Column("text", _plain("access")),
    "complete": Column("boolean", _plain("complete")),
    "copy_of": Column("integer", _plain("copy_of")),
    "first_seen": Column("moment", _plain("first_seen")),
    "body": Column("text", _plain("body")),
}


def flat_row(record: Record) -> dict[str, Any]:
    """A record of :func:`pipelines.database.asking.queries.articles` as one row."""
    return {name: column.value(record) for name, column in COLUMNS.items()}

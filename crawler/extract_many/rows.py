"""A visit as a row of a shard, and back: the columns of an export, and what of the record has none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from crawler.items import Article, Boilerplate, Dateline, Fetch, Image, Link, Policy, Visit
from pipelines.database.asking.columns import COLUMNS, Kind
from pipelines.database.records import plain_record, storable, to_json, to_utc
from pipelines.parquet import arrow_schema, typed_row

FURTHER: Mapping[str, Kind] = {"record": "text", "fetch": "text"}
#: JSON: the fields of the record without a column; the fetch.

_OWN_COLUMN = tuple(name for name in Article.__dataclass_fields__ if name in COLUMNS)


def schema() -> Any:
    """The types of a shard's columns."""
    return arrow_schema(FURTHER)


def row_of(visit: Visit) -> dict[str, Any]:
    """The row. Number and original are null: only a database knows them; first sight is the fetch."""
    record = plain_record(visit.article)
    unknown = {"id": None, "copy_of": None, "first_seen": to_utc(visit.fetch.fetched_at)}
    rest = {name: value for name, value in record.items() if name not in _OWN_COLUMN}
    return typed_row(record | unknown) | {
        "record": to_json(rest),
        "fetch": storable(to_json(asdict(visit.fetch))),
    }


def visit_of(row: Mapping[str, Any]) -> Visit:
    """The visit of a row, without its page. Raises ValueError, KeyError or TypeError where it is none."""
    record = json.loads(row["record"]) | {name: row[name] for name in _OWN_COLUMN}
    return Visit(_article(record), Fetch(**json.loads(row["fetch"])))


def _article(record: dict[str, Any]) -> Article:
    record["dateline"] = Dateline(**record["dateline"]) if record["dateline"] else None
    record["related"] = [Link(**link) for link in record["related"]]
    record["boilerplate"] = [
        Boilerplate(block["kind"], block["text"], [Link(**link) for link in block["links"]])
        for block in record["boilerplate"]
    ]
    record["images"] = [Image(**image) for image in record["images"]]
    record["policy"] = Policy(**record["policy"])
    return Article(**record)

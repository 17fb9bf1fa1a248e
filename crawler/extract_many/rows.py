"""A visit as a row of a shard, and back: the columns of an export, and the fetch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from crawler.items import Article, Boilerplate, Dateline, Fetch, Image, Link, Policy, Visit
from pipelines.database.records import plain_record, storable, to_utc
from pipelines.parquet import arrow_schema, typed_row

FETCH = "fetched"
#: The column of the fetch; FETCH itself is a word of SQL.

FORM = 2
#: Of rows. A shard of another form is another shard.


def schema() -> Any:
    """The types of a shard's columns."""
    return arrow_schema(**{FETCH: Fetch})


def row_of(visit: Visit) -> dict[str, Any]:
    """The row. Number and original are null: only a database knows them; first sight is the fetch."""
    record = plain_record(visit.article)
    unknown = {"id": None, "copy_of": None, "first_seen": to_utc(visit.fetch.fetched_at)}
    fetch = asdict(visit.fetch)
    fetch |= {name: storable(value) for name, value in fetch.items() if isinstance(value, str)}
    return typed_row(record | unknown) | {FETCH: fetch}


def visit_of(row: Mapping[str, Any]) -> Visit:
    """The visit of a row, without its page. Raises ValueError, KeyError or TypeError where it is none."""
    record = {name: row[name] for name in Article.__dataclass_fields__}
    return Visit(_article(record), Fetch(**row[FETCH]))


def _article(record: dict[str, Any]) -> Article:
    record["dateline"] = Dateline(**record["dateline"]) if record["dateline"] else None
    record["related"] = [Link(**link) for link in record["related"]]
    record["boilerplate"] = [
        Boilerplate(block["kind"], block["text"], [Link(**link) for link in block["links"]])
        for block in record["boilerplate"]
    ]
    record["images"] = [Image(**image) for image in record["images"]]
    record["policy"] = Policy(**record["policy"])
    record["evidence"] = dict(record["evidence"])
    return Article(**record)

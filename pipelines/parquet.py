"""Records as Parquet, with a schema that says each type, written a group of rows at a time.

pyarrow is an extra.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from pipelines.database.asking.columns import COLUMNS, Kind, Record, flat_row
from pipelines.extras import import_extra

ROWS = 1_000
#: Of a group: what is held in memory at a time.


def write_parquet(records: Iterable[Record], out: BinaryIO) -> None:
    """Columns of docs/export.md, typed; zstd. :class:`MissingExtraError` without pyarrow."""
    arrow = import_extra("pyarrow", "parquet")
    parquet = import_extra("pyarrow.parquet", "parquet")
    schema = arrow_schema()
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for rows in _groups(records):
            writer.write_table(arrow.Table.from_pylist(rows, schema=schema))


def arrow_schema(further: Mapping[str, Kind] | None = None) -> Any:
    """The types of the columns, and of *further* ones behind them. MissingExtraError without pyarrow."""
    arrow = import_extra("pyarrow", "parquet")
    types: Mapping[Kind, Any] = {
        "text": arrow.string(),
        "integer": arrow.int64(),
        "boolean": arrow.bool_(),
        "list": arrow.list_(arrow.string()),
        "moment": arrow.timestamp("us", tz="UTC"),
    }
    kinds = {name: column.kind for name, column in COLUMNS.items()} | dict(further or {})
    return arrow.schema([(name, types[kind]) for name, kind in kinds.items()])


def typed_row(record: Record) -> dict[str, Any]:
    """A record as one row whose moments are moments."""
    row = flat_row(record)
    for name, column in COLUMNS.items():
        if column.kind == "moment" and row[name] is not None:
            row[name] = datetime.fromisoformat(row[name])
    return row


def _groups(records: Iterable[Record]) -> Iterator[list[dict[str, Any]]]:
    every = iter(records)
    while some := list(islice(every, ROWS)):
        yield [typed_row(record) for record in some]

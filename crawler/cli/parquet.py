"""Records as a Parquet file, written a group of rows at a time; pyarrow is an extra."""

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
    moment = arrow.timestamp("us", tz="UTC")
    types: Mapping[Kind, Any] = {
        "text": arrow.string(),
        "integer": arrow.int64(),
        "boolean": arrow.bool_(),
        "list": arrow.list_(arrow.string()),
        "moment": moment,
    }
    schema = arrow.schema([(name, types[column.kind]) for name, column in COLUMNS.items()])
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for rows in _groups(records):
            writer.write_table(arrow.Table.from_pylist(rows, schema=schema))


def _groups(records: Iterable[Record]) -> Iterator[list[dict[str, Any]]]:
    every = iter(records)
    while some := list(islice(every, ROWS)):
        yield [_typed(flat_row(record)) for record in some]


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    for name, column in COLUMNS.items():
        if column.kind == "moment" and row[name] is not None:
            row[name] = datetime.fromisoformat(row[name])
    return row

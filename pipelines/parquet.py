"""Records as Parquet, with a schema that says each type, written a group of rows at a time.

First the columns of every flat form, then the other fields of the record with their parts.
pyarrow is an extra.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from datetime import datetime
from itertools import islice
from types import NoneType, UnionType
from typing import Any, BinaryIO, Literal, Union, get_args, get_origin, get_type_hints

from crawler.items import Article
from pipelines.database.asking.columns import COLUMNS, Kind, Record, flat_row
from pipelines.extras import import_extra

ROWS = 1_000
#: Of a group: what is held in memory at a time.

FURTHER = tuple(name for name in Article.__dataclass_fields__ if name not in COLUMNS)
#: Fields of the record that no flat form has.


def write_parquet(records: Iterable[Record], out: BinaryIO) -> None:
    """Columns of docs/export.md, typed; zstd. :class:`MissingExtraError` without pyarrow."""
    arrow = import_extra("pyarrow", "parquet")
    parquet = import_extra("pyarrow.parquet", "parquet")
    schema = arrow_schema()
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for rows in _groups(records):
            writer.write_table(arrow.Table.from_pylist(rows, schema=schema))


def arrow_schema(**further: type) -> Any:
    """The types of the columns, and of *further* ones behind them: dataclasses.

    MissingExtraError without pyarrow.
    """
    arrow = import_extra("pyarrow", "parquet")
    flat: Mapping[Kind, Any] = {
        "text": arrow.string(),
        "integer": arrow.int64(),
        "boolean": arrow.bool_(),
        "list": arrow.list_(arrow.string()),
        "moment": arrow.timestamp("us", tz="UTC"),
    }
    columns = [(name, flat[column.kind]) for name, column in COLUMNS.items()]
    declared = get_type_hints(Article)
    columns += [(name, _arrow_type(arrow, declared[name])) for name in FURTHER]
    columns += [(name, _arrow_type(arrow, kind)) for name, kind in further.items()]
    return arrow.schema(columns)


def typed_row(record: Record) -> dict[str, Any]:
    """A record as one row whose moments are moments."""
    row = flat_row(record)
    for name, column in COLUMNS.items():
        if column.kind == "moment" and row[name] is not None:
            row[name] = datetime.fromisoformat(row[name])
    for name in FURTHER:
        value = record[name]
        row[name] = list(value.items()) if name in _MAPS else value
    return row


_MAPS = frozenset(
    name for name, declared in get_type_hints(Article).items() if get_origin(declared) is dict
)  # pyarrow takes them as pairs


def _arrow_type(arrow: Any, declared: Any) -> Any:
    """The type of a field by its declaration in the record."""
    parts = [part for part in get_args(declared) if part is not NoneType]
    match get_origin(declared):
        case origin if origin is Literal:
            return arrow.string()
        case origin if origin in (Union, UnionType):
            return _arrow_type(arrow, parts[0])
        case origin if origin is list:
            return arrow.list_(_arrow_type(arrow, parts[0]))
        case origin if origin is dict:
            return arrow.map_(*(_arrow_type(arrow, part) for part in parts))
    if is_dataclass(declared):
        fields = get_type_hints(declared).items()
        return arrow.struct([(name, _arrow_type(arrow, kind)) for name, kind in fields])
    plain = {str: arrow.string, int: arrow.int64, bool: arrow.bool_, float: arrow.float64}
    return plain[declared]()


def _groups(records: Iterable[Record]) -> Iterator[list[dict[str, Any]]]:
    every = iter(records)
    while some := list(islice(every, ROWS)):
        yield [typed_row(record) for record in some]

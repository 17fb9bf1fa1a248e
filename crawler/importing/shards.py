"""A Parquet shard of `warta extract-many` into the database, as if its pages had just been fetched."""

from __future__ import annotations

from typing import Any

from crawler.archives.opening import open_input, reaching
from crawler.errors import PageError
from crawler.extract_many.rows import FETCH, visit_of
from crawler.importing.keeping import Keeper
from pipelines.extras import import_extra
from pipelines.parquet import ROWS


def import_shard(name: str, keeper: Keeper) -> int:
    """Store the articles of a shard; how many rows it has. Raises PageError where it is none."""
    arrow, parquet = import_extra("pyarrow", "parquet"), import_extra("pyarrow.parquet", "parquet")
    rows = 0
    with open_input(name) as file, reaching(name):
        try:
            shard = parquet.ParquetFile(file)
            if FETCH not in shard.schema_arrow.names:
                raise PageError(f"{name}: has no column {FETCH}: it is no shard of warta extract-many.")
            for batch in shard.iter_batches(batch_size=ROWS):
                for row in batch.to_pylist():
                    _store(row, name, keeper)
                    rows += 1
        except (arrow.ArrowException, OSError) as error:
            raise PageError(f"{name}: cannot be read: {str(error).partition(chr(10))[0]}.") from None
    return rows


def _store(row: dict[str, Any], name: str, keeper: Keeper) -> None:
    try:
        visit = visit_of(row)
    except (ValueError, KeyError, TypeError) as fault:
        keeper.fail(f"{name}: {row.get('url')}", PageError(f"{name}: a row is no record: {fault}."))
        return
    keeper.keep(visit)

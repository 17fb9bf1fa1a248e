"""One share into one shard: the function that every engine runs. A shard is there whole or not at all."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from crawler.archives.admission import Admission
from crawler.archives.opening import reaching
from crawler.errors import PageError
from crawler.extract_many import directory
from crawler.extract_many.calls import Apart, Here
from crawler.extract_many.reading import read_share
from crawler.extract_many.rows import row_of, schema
from crawler.extract_many.shares import Share
from crawler.extractors.article import EXTRACTOR
from crawler.items import Visit
from crawler.sources import Catalogue, load_catalogue
from pipelines.extras import import_extra
from pipelines.parquet import ROWS
from pipelines.validate import reason_against

KEY = b"warta"
#: Under which a shard's footer says what it is of.

_NOTICES = 20
#: That a shard keeps.


@dataclass(slots=True, frozen=True)
class Setup:
    """What is the same for all shards."""

    to: str
    #: The directory, or an URL of fsspec's.

    directories: tuple[str, ...] = ()
    #: Of source files; empty for the usual ones.

    every_address: bool = False


@dataclass(slots=True)
class Made:
    """A shard, and what it is of."""

    file: str
    input: str
    kind: str
    start: int
    end: int | None
    rows: int = 0
    records: int = 0
    #: Records or pages that the share held.

    left_out: dict[str, int] = field(default_factory=dict)
    #: Why some were not read, and how many.

    refused: dict[str, int] = field(default_factory=dict)
    #: Why pages are no articles, and how many.

    notices: list[str] = field(default_factory=list)
    extractor: str = EXTRACTOR


def make_shard(share: Share, setup: Setup, *, apart: bool = False) -> Made:
    """Read a share and put its shard where it belongs; what is there already is not made again.

    *apart* reads the pages in another process. Raises PageError or OSError where the input cannot be read or
    the shard not be written.
    """
    if (made := read_footer(setup.to, share.shard)) is not None:
        return made
    catalogue = _catalogue(setup.directories)
    admission = Admission(catalogue, every_address=setup.every_address)
    made = Made(share.shard, share.input, share.kind, share.start, share.end)
    with tempfile.TemporaryDirectory(prefix="warta-") as room, Apart() if apart else Here() as call:
        part = directory.part_of(setup.to, share.shard, room)
        try:
            _write(part, made, read_share(share, catalogue, admission, call))
            with reaching(setup.to):
                directory.put(part, setup.to, share.shard)
        finally:
            part.unlink(missing_ok=True)
    return made


def read_footer(to: str, name: str) -> Made | None:
    """What a shard says of itself; null where there is none, or none of ours."""
    parquet = import_extra("pyarrow.parquet", "parquet")
    try:
        with directory.open_file(to, name) as file:
            said = parquet.read_metadata(file).metadata
        return Made(**json.loads((said or {})[KEY]))
    except (FileNotFoundError, KeyError):
        return None
    except (ValueError, TypeError):  # no Parquet file: something else wrote it
        return None


def _write(path: Path, made: Made, found: Any) -> None:
    arrow, parquet = import_extra("pyarrow", "parquet"), import_extra("pyarrow.parquet", "parquet")
    types, rows = schema(), []
    left_out: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    with parquet.ParquetWriter(path, types, compression="zstd") as writer:
        for one in found:
            made.records += 1
            if not isinstance(one, Visit):
                reason, notice = one
                left_out[reason] += 1
                if notice and len(made.notices) < _NOTICES:
                    made.notices.append(notice)
            elif against := reason_against(one.article):
                refused[against] += 1
            else:
                rows.append(row_of(one))
                made.rows += 1
            if len(rows) >= ROWS:
                writer.write_table(arrow.Table.from_pylist(rows, schema=types))
                rows.clear()
        if rows:
            writer.write_table(arrow.Table.from_pylist(rows, schema=types))
        made.left_out, made.refused = dict(sorted(left_out.items())), dict(sorted(refused.items()))
        writer.add_key_value_metadata({KEY: json.dumps(asdict(made), ensure_ascii=False)})


@cache
def _catalogue(directories: tuple[str, ...]) -> Catalogue:
    try:
        return load_catalogue(*map(Path, directories))
    except OSError as error:
        raise PageError(f"the source files cannot be read: {error}") from error

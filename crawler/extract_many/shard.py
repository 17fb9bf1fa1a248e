"""One share into one shard: the function that every engine runs. A shard is there whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from crawler.archives.admission import Admission
from crawler.archives.opening import file_system, is_remote
from crawler.errors import PageError
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
        path = Path(room, "shard") if is_remote(setup.to) else _part(setup.to, share.shard)
        try:
            _write(path, made, read_share(share, catalogue, admission, call))
            _publish(path, setup.to, share.shard)
        finally:
            path.unlink(missing_ok=True)
    return made


def read_footer(to: str, name: str) -> Made | None:
    """What a shard says of itself; null where there is none, or none of ours."""
    parquet = import_extra("pyarrow.parquet", "parquet")
    try:
        if is_remote(to):
            fs, path = file_system(f"{to.rstrip('/')}/{name}")
            with fs.open(path, "rb") as file:
                said = parquet.read_metadata(file).metadata
        else:
            said = parquet.read_metadata(os.path.join(to, name)).metadata
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


def _part(to: str, name: str) -> Path:
    """Where a shard is written before it is whole: no reader of the directory takes it for one."""
    return Path(to, f"_{name}.{uuid4().hex}.part")


def _publish(path: Path, to: str, name: str) -> None:
    if is_remote(to):
        fs, target = file_system(f"{to.rstrip('/')}/{name}")
        fs.put_file(str(path), target)  # an object appears when its last byte is there
        return
    with path.open("rb") as written:
        os.fsync(written.fileno())
    path.replace(Path(to, name))


def put_json(to: str, name: str, value: Mapping[str, Any]) -> None:
    """A JSON file beside the shards, in one step."""
    text = json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    if is_remote(to):
        fs, target = file_system(f"{to.rstrip('/')}/{name}")
        fs.pipe_file(target, text)
        return
    part = Path(to, f".{name}.{uuid4().hex}.part")
    try:
        part.write_bytes(text)
        part.replace(Path(to, name))
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


@cache
def _catalogue(directories: tuple[str, ...]) -> Catalogue:
    try:
        return load_catalogue(*map(Path, directories))
    except OSError as error:
        raise PageError(f"the source files cannot be read: {error}") from error

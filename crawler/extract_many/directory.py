"""Where shards go: a directory of this machine, or an URL of fsspec's. What is put there appears whole."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from crawler.archives.opening import file_system, is_remote, reaching

_WITH_BUCKETS = frozenset({"s3", "s3a", "gs", "gcs"})
#: Stores that know no directories, and would make a bucket of a name that was mistyped.


def make_room(to: str) -> None:
    """Make the directory where it is missing. Raises PageError where nothing can be put there."""
    if not is_remote(to):
        Path(to).mkdir(parents=True, exist_ok=True)
        return
    fs, path = file_system(to)
    protocols = {fs.protocol} if isinstance(fs.protocol, str) else set(fs.protocol)
    with reaching(to):
        if not protocols & _WITH_BUCKETS:
            fs.makedirs(path, exist_ok=True)
        else:
            with suppress(PermissionError):  # whoever may write need not be allowed to look
                fs.info(path.partition("/")[0])


def open_file(to: str, name: str) -> BinaryIO:
    """A file, to be read and sought in. Raises FileNotFoundError where there is none."""
    if not is_remote(to):
        return Path(to, name).open("rb")
    fs, path = _place(to, name)
    opened: BinaryIO = fs.open(path, "rb")
    return opened


def part_of(to: str, name: str, room: str) -> Path:
    """Where a file is written before it is put: beside its place, or, for an URL, in *room*.

    No reader of the directory takes it for a shard.
    """
    return Path(room if is_remote(to) else to, f"_{name}.{uuid4().hex}.part")


def put(part: Path, to: str, name: str) -> None:
    """Put what was written where it belongs, in one step."""
    if is_remote(to):
        fs, path = _place(to, name)
        fs.put_file(str(part), path)  # an object appears when its last byte is there
        return
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(Path(to, name))


def remove(to: str, name: str) -> None:
    """Remove a file where it is there."""
    with suppress(FileNotFoundError):
        if is_remote(to):
            fs, path = _place(to, name)
            fs.rm_file(path)
        else:
            Path(to, name).unlink()


def sweep(to: str, names: Iterable[str]) -> None:
    """Remove what killed processes left half written of these files, which are whole now."""
    if is_remote(to):  # theirs lies where they ran
        return
    whole = frozenset(names)
    for part in Path(to).glob("_*.part"):
        if part.name[1:].rsplit(".", 2)[0] in whole:
            part.unlink(missing_ok=True)


def _place(to: str, name: str) -> tuple[Any, str]:
    return file_system(f"{to.rstrip('/')}/{name}")

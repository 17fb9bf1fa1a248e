"""What a name stands for, on this machine or by an URL that fsspec understands (``s3://…``).

fsspec is an extra, and so is the library of each kind of store.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Any, BinaryIO, Literal

from crawler.archives.bundles import BUNDLE_SUFFIXES
from crawler.archives.documents import (
    PAGE_SUFFIXES,
    Document,
    document_of,
    find_documents,
    read_document,
    unpacked,
)
from crawler.archives.records import MAX_SIZE
from crawler.errors import MissingExtraError, PageError
from pipelines.extras import import_extra

Kind = Literal["warc", "bundle", "shard", "page"]

WARC_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4")
SHARD_SUFFIX = ".parquet"
_KINDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("warc", WARC_SUFFIXES),
    ("bundle", BUNDLE_SUFFIXES),
    ("shard", (SHARD_SUFFIX,)),
)
_STORES = frozenset("aiobotocore aiohttp azure botocore gcsfs google paramiko requests".split())
#: Libraries by which fsspec reaches them.

_ALL = (*PAGE_SUFFIXES, *WARC_SUFFIXES, *BUNDLE_SUFFIXES, SHARD_SUFFIX)


def is_remote(name: str) -> bool:
    """Whether a name is an URL of fsspec's."""
    return "://" in name and not os.path.lexists(name)


def kind_of_input(name: str) -> Kind:
    """What a file is by its name; anything else may be a page."""
    lower = name.lower()
    return next((kind for kind, suffixes in _KINDS if lower.endswith(suffixes)), "page")


def find_inputs(name: str) -> list[str]:
    """The files that a name stands for: itself, what lies under a directory, or what a pattern matches.

    Raises PageError where it stands for nothing, MissingExtraError where fsspec is needed and missing.
    """
    if not is_remote(name):
        return find_documents(name, _ALL)
    fs, path = file_system(name)
    with reaching(name):
        if any(sign in path for sign in "*?["):
            found = sorted(fs.glob(path))
        elif fs.isfile(path):
            found = [path]
        else:
            found = sorted(one for one in fs.find(path) if _is_input(one))
    if not found:
        raise PageError(f"{name}: there is nothing to read.")
    return [fs.unstrip_protocol(one) for one in found]


def open_input(name: str) -> BinaryIO:
    """An archive, to be read and sought in. Raises PageError where it cannot be opened."""
    with reaching(name):
        if not is_remote(name):
            return open(name, "rb")
        fs, path = file_system(name)
        opened: BinaryIO = fs.open(path, "rb", block_size=8 * 1024 * 1024, cache_type="readahead")
    return opened


def open_document(name: str) -> Document:
    """A saved page that lies anywhere. Raises PageError where it cannot be read or is no page."""
    if not is_remote(name):
        return read_document(name)
    fs, path = file_system(name)
    with open_input(name) as file, reaching(name):
        data, saved_at = file.read(MAX_SIZE + 1), fs.modified(path)
    return document_of(name, unpacked(data, name), saved_at.astimezone(UTC))


def size_of(name: str) -> int:
    """Bytes of a file. Raises PageError where there is none."""
    with reaching(name):
        if not is_remote(name):
            return os.path.getsize(name)
        fs, path = file_system(name)
        return int(fs.size(path))


def state_of(name: str) -> str:
    """What is another one when a file has changed. Raises PageError where there is none."""
    with reaching(name):
        if is_remote(name):
            fs, path = file_system(name)
            return str(fs.ukey(path))
        found = os.stat(name)
    return f"{found.st_size}-{found.st_mtime_ns}"


@contextmanager
def reaching(name: str) -> Iterator[None]:
    """Tell as PageError what keeps a file from being read or written; PermissionError and so on too.

    Stores have errors of their own for what no server said: no connection, no credentials.
    """
    try:
        yield
    except OSError as error:
        raise PageError(f"{name}: {error.strerror or error}.") from None
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in _STORES:
            raise
        raise PageError(f"{name}: {str(error).partition(chr(10))[0].rstrip('.')}.") from None


def file_system(url: str) -> tuple[Any, str]:
    """fsspec's file system of an URL and the path in it.

    Raises PageError where it names nothing in it, MissingExtraError where the library of its kind is missing.
    """
    fsspec = import_extra("fsspec", "many")
    try:
        fs, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        scheme = url.partition("://")[0]
        raise MissingExtraError(
            f"{scheme}:// cannot be read ({error}); for s3: pip install 'warta[s3]'"
        ) from None
    if not path.strip("/"):
        raise PageError(f"{url}: names no bucket or directory.")
    return fs, path


def _is_input(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.lower().endswith(_ALL) and not name.startswith(("_", "."))

"""Pages in zip and tar archives, read as a stream: nothing is written to the disk, and nothing unpacks
without bounds."""

from __future__ import annotations

import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import BinaryIO

from crawler.archives.documents import PAGE_SUFFIXES, Document, document_of, unpacked
from crawler.archives.records import MAX_SIZE
from crawler.errors import PageError

TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
BUNDLE_SUFFIXES = (".zip", *TAR_SUFFIXES)

MOST_TIMES = 200
#: An archive that unpacks to more than so many times its size holds no pages: those pack thirty times.

FREE_BYTES = 256 * 1024 * 1024
#: Unpacked bytes that are always allowed.

_DAMAGES = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, gzip.BadGzipFile),
    *(EOFError, RuntimeError, NotImplementedError, UnicodeError, ValueError),
)
#: What the standard library raises on archives that are damaged, encrypted or of an unknown method.


def read_bundle(file: BinaryIO, name: str) -> Iterator[Document | PageError]:
    """Each page of an archive, or why a file in it cannot be read. *name* tells zip from tar.

    A page's name is that of the archive and its path in it. Files that are no pages by their suffix are
    passed over. Raises PageError where the archive as a whole cannot be read further.
    """
    read = _read_zip if name.lower().endswith(".zip") else _read_tar
    try:
        yield from read(file, name)
    except _DAMAGES as damage:
        raise PageError(f"{name}: is damaged, or no archive that can be read ({damage}).") from None


class _Budget:
    """How many bytes an archive may still unpack to."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._left = FREE_BYTES + MOST_TIMES * file.seek(0, 2)
        self._name = name
        file.seek(0)

    def take(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise PageError(
                f"{self._name}: unpacks to more than {MOST_TIMES} times its size; is not read on."
            )


def _read_zip(file: BinaryIO, name: str) -> Iterator[Document | PageError]:
    budget = _Budget(file, name)
    with zipfile.ZipFile(file) as bundle:
        for member in bundle.infolist():
            if member.is_dir() or not member.filename.lower().endswith(PAGE_SUFFIXES):
                continue
            budget.take(min(member.file_size, MAX_SIZE))
            try:
                inside = _inside(name, member.filename)
                with bundle.open(member) as packed:
                    data = packed.read(MAX_SIZE + 1)
                saved_at = datetime(*member.date_time, tzinfo=UTC)
                yield document_of(inside, unpacked(data, inside), saved_at)
            except PageError as error:
                yield error
            except _DAMAGES as damage:
                yield PageError(f"{name}/{member.filename}: cannot be unpacked ({damage}).")


def _read_tar(file: BinaryIO, name: str) -> Iterator[Document | PageError]:
    budget = _Budget(file, name)
    with tarfile.open(fileobj=file, mode="r|*") as bundle:  # a stream: members are met one after the other
        for member in bundle:
            budget.take(max(0, member.size))
            bundle.members = []  # type: ignore[attr-defined]  # or each that was met stays in memory
            if not member.name.lower().endswith(PAGE_SUFFIXES) or member.isdir():
                continue
            try:
                inside = _inside(name, member.name)
                packed = bundle.extractfile(member) if member.isreg() else None
                if packed is None:
                    raise PageError(f"{inside}: is a link or a device, no page.")
                data = packed.read(MAX_SIZE + 1)
                saved_at = datetime.fromtimestamp(min(max(0, member.mtime), 2**33), UTC)
                yield document_of(inside, unpacked(data, inside), saved_at)
            except PageError as error:
                yield error


def _inside(bundle: str, member: str) -> str:
    """The name of a file in an archive; PageError where its path leads out of that."""
    path = PurePosixPath(member.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        raise PageError(f"{bundle}/{member}: its path leads out of the archive.")
    return f"{bundle}/{path}"

"""Saved pages: from a name on the command line to the bytes of a document, before anything reads it."""

from __future__ import annotations

import glob
import gzip
import io
import os
import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from w3lib.encoding import read_bom

from crawler.archives.records import MAX_SIZE
from crawler.errors import PageError
from crawler.reextraction import text_of

#: The name of standard input among files.
STDIN = "-"

PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".html.gz", ".htm.gz")
_TEXT_SUFFIXES = (".txt", ".text", ".txt.gz")

_DOCTYPE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S)
_MARKUP = re.compile(
    rb"<(?:head|body|meta|title|article|section|main|div|p|h[1-6]|script|table)\b[^<>]*>", re.I
)
#: Characters of a document that are looked at to tell text from HTML.
_SNIFFED = 65_536

_SIGNATURES = {
    b"%PDF-": "a PDF",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "a media file",
    b"PK\x03\x04": "a ZIP archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an Office document",
    b"SQLite format 3": "a SQLite database",
}


_ADDRESS = re.compile(r"(?!file:)[a-z][a-z0-9+.-]*://", re.IGNORECASE)
#: What looks like an address: http and https ones are fetched before a file is looked for.


@dataclass(slots=True, frozen=True)
class Document:
    """A saved page, or the text of one, as it was found."""

    name: str
    #: As given on the command line; ``-`` for standard input.

    data: bytes
    #: Unpacked.

    kind: Literal["html", "text"]

    saved_at: datetime
    #: UTC; when the file was last written, or now for standard input.

    @property
    def uri(self) -> str:
        """Where the document lies: a ``file:`` URI, whatever way it was named by.

        ``file:///dev/stdin`` for standard input.
        """
        if self.name == STDIN:
            return "file:///dev/stdin"
        return Path(self.name).resolve().as_uri()

    def text(self) -> str:
        """The characters."""
        return text_of(self.data)


def read_document(name: str) -> Document:
    """Read a file (packed by gzip or not) or standard input.

    Raises PageError when there is no such file, it cannot be read, or it is no page.
    """
    if _ADDRESS.match(name):
        raise PageError(f"{name}: only pages at http and https addresses are fetched.")
    try:
        if name == STDIN:
            data, saved_at = sys.stdin.buffer.read(MAX_SIZE + 1), datetime.now(UTC)
        else:
            with open(name, "rb") as file:
                data = file.read(MAX_SIZE + 1)
                saved_at = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
    except IsADirectoryError:
        raise PageError(f"{name}: is a directory; `warta import` reads directories of pages.") from None
    except OSError as error:
        raise PageError(f"{name}: {error.strerror or error}.") from None
    return document_of(name, unpacked(data, name), saved_at)


def document_of(name: str, data: bytes, saved_at: datetime) -> Document:
    """Bytes that were found, as a document; PageError where they are no page."""
    if not data.strip():
        raise PageError(f"{name}: is empty.")
    if kind := foreign_kind(data):
        raise PageError(f"{name}: is {kind}, not a page or its text.")
    return Document(name, data, kind_of(name, data), saved_at)


def find_documents(name: str, suffixes: tuple[str, ...] = PAGE_SUFFIXES) -> list[str]:
    """The files that a name stands for: itself, what lies under a directory, or what a pattern matches.

    Of a directory those with one of the *suffixes*.
    Raises PageError where it stands for nothing.
    """
    if os.path.isdir(name):
        found = sorted(_files_under(name, suffixes))
        if not found:
            raise PageError(f"{name}: holds no saved pages ({', '.join(suffixes)}).")
        return found
    if not os.path.lexists(name) and glob.has_magic(name):
        return sorted(glob.glob(name, recursive=True)) or _missing(name)
    return [name]


def _missing(pattern: str) -> list[str]:
    raise PageError(f"{pattern}: matches no file.")


def _files_under(directory: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        raise PageError(f"{error.filename}: {error.strerror}.")

    for folder, _, files in os.walk(directory, onerror=refuse):
        found = (file for file in files if file.lower().endswith(suffixes) and not file.startswith("."))
        yield from (os.path.join(folder, file) for file in found)


def kind_of(name: str, data: bytes) -> Literal["html", "text"]:
    """Whether a document is HTML or plain text.

    A document that opens like HTML is HTML; else the file's suffix decides, and without one its tags.
    """
    encoding, mark = read_bom(data)
    head = data[:_SNIFFED]
    if encoding and mark:
        head = head[len(mark) :].decode(encoding, "ignore").encode()
    if _DOCTYPE.match(head):
        return "html"
    if name.lower().endswith(PAGE_SUFFIXES):
        return "html"
    if name.lower().endswith(_TEXT_SUFFIXES):
        return "text"
    return "html" if _MARKUP.search(head) else "text"


def unpacked(data: bytes, name: str) -> bytes:
    """The bytes of a page that may be packed by gzip; PageError where they are damaged or too many."""
    try:
        if data.startswith(b"\x1f\x8b"):
            with gzip.open(io.BytesIO(data)) as packed:
                data = packed.read(MAX_SIZE + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise PageError(f"{name}: is a damaged gzip file.") from None
    if len(data) > MAX_SIZE:
        raise PageError(f"{name}: is larger than a page may be ({MAX_SIZE // 1024**2} MB).")
    return data


def foreign_kind(data: bytes) -> str | None:
    """What bytes are that are no page and no text, in a few words; null for those that may be one."""
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            return kind
    encoding, _ = read_bom(data)
    head = data[:4096]
    controls = sum(head.count(byte) for byte in (*range(9), *range(14, 27), *range(28, 32)))
    return "binary data" if not encoding and controls > len(head) // 20 else None

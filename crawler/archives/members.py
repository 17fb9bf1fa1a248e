"""Where records of a WARC file begin: what a reader looks for behind damage, or where its share begins."""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO

_GZIP = b"\x1f\x8b\x08"
_PLAIN = b"WARC/"
_OTHERS = (b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18")
#: How zstd and lz4 files begin.

_STEP = 1 << 20
_OPENING = 64 * 1024
#: Bytes that are unpacked to see whether a record begins.

_PLAIN_RECORD = re.compile(rb"\n(?=WARC/[01]\.\d\r?\n)")
_VERSION_LINE = 12
#: Bytes by which a search reaches into the next step, so that what opens a record is never cut.

_LENGTH = re.compile(rb"^Content-Length:\s*(\d{1,18})\s*$", re.I | re.M)


def next_member(file: BinaryIO, start: int) -> int | None:
    """The first byte from *start* on where a record begins; null where none does.

    Of files packed by gzip, a member a record, and of plain ones; of others null.
    """
    if is_plain(file):
        return _next_plain(file, start)
    file.seek(0)
    return None if file.read(4) in _OTHERS else _next_packed(file, start)


def is_plain(file: BinaryIO) -> bool:
    """Whether a WARC file is not packed."""
    file.seek(0)
    return file.read(len(_PLAIN)) == _PLAIN


def is_packed_whole(file: BinaryIO) -> bool:
    """Whether the first gzip member holds more than one record: then no other is found by its offset."""
    file.seek(0)
    data = file.read(_STEP)
    if not data.startswith(_GZIP):
        return False
    try:
        text = zlib.decompressobj(31).decompress(data, _STEP)
    except zlib.error:
        return False
    head, blank, rest = text.partition(b"\r\n\r\n")
    length = _LENGTH.search(head.replace(b"\r", b""))
    if not blank or length is None:
        return False
    return len(rest) > int(length[1]) + 4 and rest[int(length[1]) :].lstrip(b"\r\n").startswith(_PLAIN)


def _next_packed(file: BinaryIO, start: int) -> int | None:
    position = start
    while True:
        file.seek(position)
        data = file.read(_STEP + len(_GZIP) - 1)
        if len(data) < len(_GZIP):
            return None
        at = data.find(_GZIP)
        while 0 <= at < _STEP:
            if _opens_record(file, position + at):
                return position + at
            at = data.find(_GZIP, at + 1)
        position += _STEP


def _opens_record(file: BinaryIO, at: int) -> bool:
    file.seek(at)
    try:
        return zlib.decompressobj(31).decompress(file.read(_OPENING), 16).startswith(_PLAIN)
    except zlib.error:
        return False


def _next_plain(file: BinaryIO, start: int) -> int | None:
    position = max(0, start - 1)
    while True:
        file.seek(position)
        data = file.read(_STEP + _VERSION_LINE)
        if not data:
            return None
        for found in _PLAIN_RECORD.finditer(data):
            if position + found.end() >= start:
                return position + found.end()
        position += _STEP

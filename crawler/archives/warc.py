"""WARC files as a stream of records, from any place on, past damage: the file is never whole in memory.

By FastWARC (an extra), which reads WARC 1.0 and 1.1 (ISO 28500), packed by gzip, zstd, lz4 or not at all.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO, Protocol

from crawler.archives import members
from crawler.archives.admission import against_answer
from crawler.archives.documents import foreign_kind
from crawler.archives.records import MAX_SIZE, ArchivedPage, Place, Record
from pipelines.extras import import_extra

_HTTP_OVERHEAD = 256 * 1024
#: Bytes that the headers and the chunks of an answer may take beside its body.

_KINDS = ("response", "resource")
#: Records that may hold a page.


class Admits(Protocol):
    """What decides by an address whether its page is read."""

    def against_address(self, url: str) -> str | None: ...


def read_warc(
    file: BinaryIO, admission: Admits, *, start: Place | None = None, end: int | None = None
) -> Iterator[Record]:
    """Every record behind *start*, in order, up to those that begin at byte *end* or later.

    *file* can be sought. What cannot be read is one record of the reason ``damaged``, with a notice that
    names the bytes; reading goes on with the next member that is whole. Raises OSError where the file itself
    cannot be read, MissingExtraError without FastWARC.
    """
    warc = import_extra("fastwarc.warc", "warc")
    packed_whole, plain = members.is_packed_whole(file), members.is_plain(file)
    offset, skip = start or Place()
    damaged: int | None = None
    while True:
        file.seek(offset)
        at, done, whole, cut_short = offset, 0, False, False
        try:
            for record in warc.ArchiveIterator(file, parse_http=False):
                at, done = record.stream_pos, done + 1 if packed_whole else 1
                if end is not None and at >= end:
                    break
                if damaged is not None:
                    yield _damage(damaged, at)
                    damaged = None
                if skip:
                    skip -= 1
                    continue
                found = _read_record(warc, record, admission, Place(0 if packed_whole else at, done))
                cut_short = found.reason == "damaged"
                yield found
            else:  # a length that is too large may have passed over records of a plain file
                whole = packed_whole or (plain and not cut_short)
        except OSError as error:
            if error.errno is not None:  # of the file, not of what it holds
                raise
            damaged = at if damaged is None else damaged
        # A reader may end early without a word: what is left is looked through.
        following = None if whole or packed_whole else members.next_member(file, at + 1)
        if following is None or (end is not None and max(at, following) >= end):
            if damaged is not None:
                yield _damage(damaged, file.seek(0, 2) if following is None else following)
            return
        damaged = at if damaged is None else damaged
        offset, skip = following, 0


def _damage(since: int, until: int) -> Record:
    notice = f"is damaged behind byte {since:,}; read on from byte {until:,}"
    return Record(Place(until, 0), reason="damaged", notice=notice)


def _read_record(warc: Any, record: Any, admission: Admits, place: Place) -> Record:
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    at = _moment(record.headers.get("WARC-Date"))
    cut_short = Record(place, reason="damaged", notice=f"ends within the record at byte {place.offset:,}")
    if record.headers.get("Content-Length") is None:
        return cut_short
    if reason := _against_head(record, url, admission):
        return Record(place, reason=reason)
    if at is None:
        return Record(place, reason="no date")
    block = record.reader.read(record.content_length)
    if len(block) < record.content_length:
        return cut_short
    if str(record.record_type) == "resource":
        return _read_resource(record, block, url, at, place)
    return _read_answer(warc, block, url, at, place)


def _against_head(record: Any, url: str, admission: Admits) -> str | None:
    """Why a record is not read, by its own header alone."""
    kind = str(record.record_type)
    if kind not in _KINDS:
        return f"{kind} record"
    if kind == "response" and not record.is_http:
        return "not HTTP"
    if reason := admission.against_address(url):
        return reason
    return "too large" if record.content_length > MAX_SIZE + _HTTP_OVERHEAD else None


def _read_resource(record: Any, block: bytes, url: str, at: str, place: Place) -> Record:
    """A page that was saved without the answer it came in."""
    content_type = record.headers.get("Content-Type")
    if reason := against_answer(200, content_type or "unknown"):
        return Record(place, reason=reason)
    return _as_page(ArchivedPage(url, at, block, 200, content_type), place)


def _read_answer(warc: Any, block: bytes, url: str, at: str, place: Place) -> Record:
    answer = _answer(warc, block, "none")
    if answer is None:
        return Record(place, reason="broken HTTP")
    content_type = answer.http_headers.get("Content-Type")
    if reason := against_answer(answer.http_headers.status_code, content_type):
        return Record(place, reason=reason)
    body = _body(warc, block)
    if body is None:
        return Record(place, reason="broken HTTP")
    headers: dict[str, str] = {}
    for name, value in answer.http_headers.to_tuples():
        headers.setdefault(name.lower(), value)
    return _as_page(
        ArchivedPage(url, at, body, answer.http_headers.status_code, content_type, headers), place
    )


def _body(warc: Any, block: bytes) -> bytes | None:
    """The body of an answer without its codings; null where it does not decode.

    Many crawlers keep bodies decoded under the headers of the coded ones.
    """
    for decoding in ("all", "content", "transfer", "none"):
        try:
            answer = _answer(warc, block, decoding)
            if answer is None:
                continue
            body: bytes = answer.reader.read(MAX_SIZE + 1)
        except OSError:
            continue
        if decoding == "all" or (b"<" in body[:4096] and foreign_kind(body) is None):
            return body
        if decoding == "transfer" and (inflated := _inflated(body)) is not None:
            return inflated
    return None


def _inflated(body: bytes) -> bytes | None:
    """A body packed as some servers take ``deflate`` to mean, without zlib's frame; null where it is not."""
    try:
        inflated = zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, MAX_SIZE + 1)
    except zlib.error:
        return None
    return inflated if b"<" in inflated[:4096] else None


def _answer(warc: Any, block: bytes, decoding: str) -> Any:
    """The block of a record read as HTTP; null where it is none."""
    answer = warc.WarcRecord()
    answer.is_http = True
    answer.set_bytes_content(block)
    try:
        answer.parse_http(auto_decode=decoding)
    except OSError:
        return None
    return answer


def _as_page(page: ArchivedPage, place: Place) -> Record:
    if len(page.body) > MAX_SIZE:
        return Record(place, reason="too large")
    if not page.body.strip():
        return Record(place, reason="empty")
    return Record(place, page)


def _moment(text: str | None) -> str | None:
    """WARC-Date, which has up to nanoseconds, in UTC to the second; null where it is none."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat(timespec="seconds")

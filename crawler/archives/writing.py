"""Kept pages as WARC 1.1 (ISO 28500:2017): records as bytes, each a gzip member of its own.

By FastWARC (an extra). What was not kept of an answer is not made up: no request, no headers but those that
were kept, no status where none is known. The body stands as it was kept, without the coding it was sent in.
"""

from __future__ import annotations

import gzip
import io
import re
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from crawler import __version__
from crawler.archives.records import ArchivedPage
from pipelines.extras import import_extra

_LEVEL = 6
_BREAK = re.compile(r"[\x00-\x1f\x7f]+")


def write_info(name: str) -> bytes:
    """The record that opens the file *name*."""
    fields = {
        "software": f"warta {__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": (
            "Kept pages. Bodies are stored decoded; of the headers of an answer those that were kept; "
            "the version of HTTP was not kept and is written as 1.1."
        ),
    }
    text = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    record = _record("warcinfo", _identifier("warcinfo", name), "application/warc-fields")
    record.headers["WARC-Filename"] = _one_line(name)
    record.set_bytes_content(text.encode())
    return _packed(record)


def write_page(page: ArchivedPage, info: str) -> bytes:
    """A page's record; *info* is the name of the file, whose first record it belongs to.

    A page of status 0 was saved by somebody else: no answer is known.
    """
    identifier = _identifier(page.url, page.fetched_at, info)
    if page.status:
        record = _record("response", identifier, "application/http; msgtype=response")
        record.is_http = True
        content = _http_head(page) + page.body
    else:
        record = _record("resource", identifier, page.content_type or "text/html")
        content = page.body
    record.headers["WARC-Target-URI"] = quote(page.url, safe="%/:=&?~#+!$,;'@()*[]-._")
    record.headers["WARC-Date"] = page.fetched_at
    record.headers["WARC-Warcinfo-ID"] = f"<urn:uuid:{_identifier('warcinfo', info)}>"
    record.set_bytes_content(content)
    if page.status:
        record.parse_http()
    return _packed(record)


def _record(kind: str, identifier: str, content_type: str) -> Any:
    warc = import_extra("fastwarc.warc", "warc")
    record = warc.WarcRecord()
    record.init_headers(
        record_type=getattr(warc.WarcRecordType, kind), record_urn=f"uuid:{identifier}".encode()
    )
    record.headers.status_line = "WARC/1.1"
    record.headers["Content-Type"] = _one_line(content_type)
    return record


def _packed(record: Any) -> bytes:
    out = io.BytesIO()
    record.write(out, checksum_data=True)
    return gzip.compress(out.getvalue(), _LEVEL, mtime=0)


def _http_head(page: ArchivedPage) -> bytes:
    try:
        phrase = HTTPStatus(page.status).phrase
    except ValueError:
        phrase = ""
    headers = {"content-type": page.content_type} if page.content_type else {}
    headers |= page.headers
    headers["content-length"] = str(len(page.body))
    lines = [f"{name.title()}: {_one_line(value)}\r\n" for name, value in headers.items()]
    return f"HTTP/1.1 {page.status} {phrase}\r\n{''.join(lines)}\r\n".encode("utf-8", "replace")


def _one_line(text: str) -> str:
    return _BREAK.sub(" ", text).strip()


def _identifier(*parts: str) -> str:
    """The same for the same record each time it is written."""
    return str(uuid5(NAMESPACE_URL, "\n".join(parts)))

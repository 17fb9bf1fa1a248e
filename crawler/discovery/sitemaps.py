"""Sitemaps: plain and Google News ones with their dates and titles, and sitemap indexes.

Read as a stream without a tree, so that neither a gzip bomb nor a swarm of elements fills the memory.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from crawler.discovery.evidence import iso_date, plain_text
from crawler.discovery.urls import normalise
from crawler.items import Candidate

MAX_BYTES = 50 * 1024 * 1024
MAX_ENTRIES = 50_000
#: The limits of the protocol, https://www.sitemaps.org/protocol.html; what lies beyond is not read.

MAX_ELEMENTS = 1_000_000
#: Twenty an entry: bounds the time (about a second) that a document of empty elements takes.

_CHUNK = 64 * 1024
_GZIP = b"\x1f\x8b"
_ENTRIES = ("url", "sitemap")


@dataclass(slots=True)
class SitemapContent:
    """What one sitemap names, in its order, each URL once."""

    candidates: list[Candidate] = field(default_factory=list)

    sitemaps: list[tuple[str, str | None]] = field(default_factory=list)
    #: Further sitemaps with the date of their last change (ISO 8601) where the index gives one.


def read_sitemap(data: bytes, url: str) -> SitemapContent:
    """Read a sitemap or sitemap index, gzipped or not; ``url`` is its own address.

    Broken XML gives what stands before the fault, and what is no sitemap gives nothing.
    """
    candidates: dict[str, Candidate] = {}
    sitemaps: dict[str, str | None] = {}
    for kind, facts in _entries(data):
        link = normalise(facts.get("loc", ""), url)
        if link is None:
            continue
        if kind == "sitemap":
            sitemaps.setdefault(link, iso_date(facts.get("lastmod")))
        elif link not in candidates:
            candidates[link] = Candidate(
                url=link,
                found_in=url,
                title=plain_text(facts.get("title")),
                published=iso_date(facts.get("publication_date")),
                modified=iso_date(facts.get("lastmod")),
            )
    return SitemapContent(list(candidates.values()), list(sitemaps.items()))


def _entries(data: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Each ``<url>`` or ``<sitemap>`` by name, with its texts by local name."""
    reader = _Reader()
    parser = etree.XMLParser(
        target=reader, resolve_entities=False, no_network=True, huge_tree=False, recover=True
    )
    read = 0
    try:
        for chunk in _chunks(data):
            parser.feed(chunk)
            yield from reader.entries[: MAX_ENTRIES - read]
            read += len(reader.entries)
            reader.entries.clear()
            if read >= MAX_ENTRIES or reader.elements >= MAX_ELEMENTS:
                return
        parser.close()
        yield from reader.entries
    except etree.LxmlError:
        yield from reader.entries


class _Reader:
    """A parser's target: keeps the entries' texts and no tree.

    An image's or video's ``loc`` and ``title`` stand deeper than the entry's own and are passed over.
    """

    def __init__(self) -> None:
        self.entries: list[tuple[str, dict[str, str]]] = []
        self._path: list[str] = []
        self._kind = ""
        self._facts: dict[str, str] = {}
        self._text: list[str] = []
        self.elements = 0

    def start(self, tag: str | bytes, attrib: Mapping[str | bytes, str | bytes]) -> None:
        name = str(tag).rpartition("}")[2]
        self._path.append(name)
        self._text.clear()
        self.elements += 1
        if name in _ENTRIES:
            self._finish()
            self._kind = name

    def data(self, data: str | bytes) -> None:
        self._text.append(str(data))

    def comment(self, text: str | bytes) -> None:
        """Comments say nothing of an article."""

    def end(self, tag: str | bytes) -> None:
        name = self._path.pop()
        parent = self._path[-1] if self._path else ""
        if name in _ENTRIES:
            self._finish()
        elif parent in _ENTRIES or parent == "news":
            self._facts.setdefault(name, "".join(self._text).strip())
        self._text.clear()

    def _finish(self) -> None:
        """Also where the next entry opens and broken markup never closed the last."""
        if self._facts:
            self.entries.append((self._kind, self._facts))
            self._facts = {}

    def close(self) -> None:
        """Nothing is handed back: the entries were read on the way."""


def _chunks(data: bytes) -> Iterator[bytes]:
    """The document piece by piece, unpacked where it is gzip, up to ``MAX_BYTES``."""
    stream: io.BufferedIOBase = io.BytesIO(data)
    if data.startswith(_GZIP):
        stream = gzip.GzipFile(fileobj=stream)
    left = MAX_BYTES
    while left > 0:
        try:
            chunk = stream.read1(min(_CHUNK, left))
        except (OSError, EOFError, zlib.error):  # damaged or cut off: what was unpacked is used
            return
        if not chunk:
            return
        left -= len(chunk)
        yield chunk

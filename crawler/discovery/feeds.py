"""Feeds: RSS and Atom by feedparser, JSON Feed 1.x, read into candidates with their evidence."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from crawler.discovery.evidence import in_zone, iso_date, plain_text
from crawler.discovery.urls import normalise
from crawler.items import Candidate

MAX_BYTES = 5 * 1024 * 1024
#: A larger document is no feed of the newest articles and is not read.

LENIENT_BYTES = 256 * 1024
#: Broken markup up to this size is left to feedparser's leniency (3 s at worst).

MAX_ELEMENTS = 50_000
#: A document with more elements is not read: feedparser takes 10 s for a million of them.

_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_MAILBOX = re.compile(r"\S+@\S+\s+\((?P<name>[^()]+)\)")


def read_feed(data: bytes, url: str, zone: str | None = None) -> list[Candidate]:
    """The articles a feed names, in its order, each URL once.

    ``url`` is the feed's own address, against which relative links are resolved; ``zone`` the IANA zone that
    its clock shows, where the offsets it prints are wrong. What is no feed, is broken beyond reading or holds
    more than ``MAX_BYTES`` gives an empty list.
    """
    if len(data) > MAX_BYTES:
        return []
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _each_once(_read_json(data, url), zone)
    # UTF-16 puts a NUL beside every letter.
    if not _ROOT.search(data[:8192].replace(b"\x00", b"")):
        return []
    return _each_once(_read_xml(data, url), zone)


def _repair(data: bytes) -> bytes:
    """The document as feedparser can read it in bounded time; empty where it cannot.

    feedparser makes more of broken markup than anyone, but takes a minute for 5 MB of tags that are
    never closed. So what is large is made well-formed and of bounded depth before.
    """
    if len(data) <= LENIENT_BYTES:
        return data
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        return b""
    if root is None or next(islice(root.iter(), MAX_ELEMENTS, None), None) is not None:
        return b""
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _read_xml(data: bytes, url: str) -> Iterator[Candidate]:
    repaired = _repair(data)
    if not repaired:
        return
    import feedparser  # noqa: PLC0415 - slow to load, and reading one page needs no feed

    try:
        # A stream, since feedparser opens bytes as a file's name or fetches them as a URL.
        feed = feedparser.parse(
            io.BytesIO(repaired),
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-location": url},
        )
    except Exception:  # feedparser promises to set "bozo" instead, but its loose parser does raise
        return
    is_atom = str(feed.get("version", "")).startswith("atom")
    for entry in feed.entries:
        link = normalise(str(entry.get("link", "")), url)
        if link is None:
            continue
        published = iso_date(entry.get("published"))
        # Asked for without looking, "updated" falls back to "published".
        updated = iso_date(entry["updated"]) if "updated" in entry else None
        if published is None and not is_atom:
            # RSS has no date of change: a dc:date, which feedparser calls "updated", is the item's own.
            published, updated = updated, None
        yield Candidate(
            url=link,
            found_in=url,
            title=plain_text(entry.get("title")),
            published=published,
            modified=updated if updated != published else None,
            author=_authors(_feed_authors(entry)),
            section=_section([tag.get("term") for tag in entry.get("tags", ())]),
        )


def _read_json(data: bytes, url: str) -> Iterator[Candidate]:
    """JSON Feed, https://www.jsonfeed.org/version/1.1/."""
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(feed, dict) or "jsonfeed.org" not in str(feed.get("version")):
        return
    for item in _mappings(feed.get("items")):
        link = normalise(_text(item.get("url")) or "", url)
        if link is None:
            continue
        published, modified = (
            iso_date(_text(item.get("date_published"))),
            iso_date(_text(item.get("date_modified"))),
        )
        tags = item.get("tags")
        yield Candidate(
            url=link,
            found_in=url,
            title=plain_text(_text(item.get("title"))),
            published=published,
            modified=modified if modified != published else None,
            author=_authors([*_mappings(item.get("authors")), *_mappings([item.get("author")])]),
            section=_section(tags if isinstance(tags, list) else []),
        )


def _feed_authors(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    # feedparser parts "mail@host (Name)" too, but cuts hosts with a long last label in two.
    if mailbox := _MAILBOX.fullmatch(str(entry.get("author", ""))):
        return [{"name": mailbox["name"]}]
    authors: list[Mapping[str, Any]] = entry.get("authors", [])
    return authors


def _authors(authors: Iterable[Mapping[str, Any]]) -> str | None:
    names = (plain_text(_text(author.get("name"))) for author in authors)
    return ", ".join(dict.fromkeys(name for name in names if name and "@" not in name)) or None


def _section(terms: list[Any]) -> str | None:
    # One category is the section; of several nobody can say which.
    return plain_text(_text(terms[0])) if len(terms) == 1 else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _each_once(candidates: Iterable[Candidate], zone: str | None) -> list[Candidate]:
    """Without repeats, and without home pages: some feeds link every item there."""
    articles = (candidate for candidate in candidates if _has_path(candidate.url))
    unique: dict[str, Candidate] = {}
    for candidate in articles:
        unique.setdefault(candidate.url, candidate)
    if zone is not None:
        for candidate in unique.values():
            candidate.published = in_zone(candidate.published, zone)
            candidate.modified = in_zone(candidate.modified, zone)
    return list(unique.values())


def _has_path(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)

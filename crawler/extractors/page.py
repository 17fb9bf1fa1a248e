"""Bytes to one parsed page: decoding, parsing and what the page states about itself outside its text.

The first step of reading; everything after it works on the one tree made here.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborNode
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

from crawler.extractors.tree import parse_tree

MAX_BYTES = 10 * 2**20
#: Bytes of a page that are read; what is longer is cut, with a warning.

MAX_STATEMENT = 2 * 2**20
#: Characters of one JSON-LD script that are read.

ARTICLE_TYPES = frozenset(
    {
        "advertisercontentarticle", "analysisnewsarticle", "article", "askpublicnewsarticle",
        "backgroundnewsarticle", "blogposting", "liveblogposting", "newsarticle", "opinionnewsarticle",
        "report", "reportagenewsarticle", "reviewnewsarticle", "satiricalarticle", "scholarlyarticle",
        "socialmediaposting", "techarticle", "webpage", "videoobject", "review",
    }
)  # fmt: skip
#: schema.org types whose statements are about the page's article, in lower case.

_CONTROL = re.compile(r"[\x00-\x1f]+")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")


@dataclass(slots=True)
class Page:
    """A parsed page and its statements about itself."""

    url: str
    root: LexborNode | None
    text: str
    #: The decoded source, cut at ``MAX_BYTES``.

    encoding: str
    meta: dict[str, list[str]] = field(default_factory=dict)
    #: ``<meta>`` name, property or itemprop in lower case to its contents, in page order.

    title: str = ""
    canonical: str | None = None
    base: str = ""
    #: The address of the ``<base>`` element, as written.

    amp: bool = False
    language: str | None = None
    #: The ``lang`` of the html element, as written.

    articles: list[dict[str, Any]] = field(default_factory=list)
    #: JSON-LD objects that speak of an article, the most specific first.

    breadcrumbs: list[str] = field(default_factory=list)
    #: Names in the JSON-LD BreadcrumbList, outermost first.

    publishers: list[str] = field(default_factory=list)
    #: Names of the organisation and site in JSON-LD and meta elements.

    next_page: str | None = None
    #: The ``rel=next`` link, as written.

    is_cut: bool = False
    #: Not all of it was read: it is too long, or nested too deep.

    warnings: list[str] = field(default_factory=list)

    def first_meta(self, *names: str) -> str | None:
        """The first non-empty content among the meta names, tried in the order given."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value
        return None


def decode(data: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Text and encoding of a page's bytes.

    Valid UTF-8 is believed over any declaration, because a wrong declaration is common and a text in
    another encoding that is valid UTF-8 by chance is not. Otherwise the header, then the page's own
    declaration count; a page that claims UTF-8 and holds a few broken bytes stays UTF-8, one that is
    broken throughout is read as Windows-1252, as browsers do.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace").lstrip("\ufeff"), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    declared = http_content_type_encoding(content_type) or html_body_declared_encoding(data)
    wanted = resolve_encoding(declared) if declared else None
    if wanted and wanted not in ("utf-8", "ascii"):
        try:
            return data.decode(wanted, "replace"), wanted
        except (LookupError, ValueError):
            pass
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond_ascii = len(data) - len(data.translate(None, bytes(range(128, 256))))
    if broken * 4 < beyond_ascii:
        return text, "utf-8"
    return data.decode("cp1252", "replace"), "cp1252"


def parse(data: bytes, url: str, *, content_type: str | None = None) -> Page:
    """Parse a page once. Never raises on any bytes; a page without markup has ``root`` None."""
    warnings: list[str] = []
    whole = data
    if len(data) > MAX_BYTES:
        warnings.append(f"page cut at {MAX_BYTES} of {len(data)} bytes")
        data = data[: _cut(data)]
    text, encoding = decode(data, content_type)
    if "\x00" in text:
        text = text.replace("\x00", "")
        warnings.append("NUL characters removed")
    if "\ufffd" in text:
        warnings.append(f"characters that are not {encoding} replaced")
    source = data if encoding == "utf-8" and not warnings else text.encode("utf-8", "replace")
    root, cut = parse_tree(source)
    if cut:
        warnings.append("elements nested too deep: what is in them was not read")
    cut = cut or len(whole) > MAX_BYTES
    page = Page(url=url, root=root, text=text, encoding=encoding, is_cut=cut, warnings=warnings)
    if root is not None:
        _read_head(page, root)
    return page


def _cut(data: bytes) -> int:
    """Where to cut a page that is too long: not inside a character, or all of it would look broken."""
    for end in range(MAX_BYTES, MAX_BYTES - 4, -1):
        if data[end] & 0xC0 != 0x80:
            return end
    return MAX_BYTES


def _read_head(page: Page, root: LexborNode) -> None:
    """Fill the page's statements from meta, title, link and JSON-LD elements, wherever they stand."""
    said = root.attributes
    page.language = (said.get("lang") or said.get("xml:lang") or "").strip() or None
    page.amp = "amp" in said or "\u26a1" in said
    for element in root.css("meta, title, link, script, base"):
        said = element.attributes
        match element.tag:
            case "meta":
                _read_meta(page, said)
            case "title":
                parent = element.parent
                if not page.title and parent is not None and parent.tag != "svg":
                    page.title = " ".join(element.text().split())
            case "base":
                page.base = page.base or (said.get("href") or "").strip()
            case "link":
                rel = (said.get("rel") or "").lower()
                if rel == "canonical" and not page.canonical:
                    page.canonical = (said.get("href") or "").strip() or None
                elif rel == "next" and not page.next_page:
                    page.next_page = (said.get("href") or "").strip() or None
            case "script":
                if "ld+json" in (said.get("type") or "").lower():
                    _read_statements(page, element.text())
    page.articles.sort(key=_specificity)


def _read_meta(page: Page, said: Mapping[str, str | None]) -> None:
    content = said.get("content")
    if content is None:
        return
    content = " ".join(content.split())
    for attribute in ("property", "name", "itemprop"):
        name = said.get(attribute)
        if name and len(content) <= 2000:
            page.meta.setdefault(name.strip().lower(), []).append(content)


def _read_statements(page: Page, source: str) -> None:
    if len(source) > MAX_STATEMENT:
        return
    try:
        data = json.loads(source, strict=False)
    except (ValueError, RecursionError):
        try:
            data = json.loads(_TRAILING_COMMA.sub(r"\1", _CONTROL.sub(" ", source.strip().rstrip(";"))))
        except (ValueError, RecursionError):
            page.warnings.append("JSON-LD that is not JSON")
            return
    for node in _nodes(data):
        kinds = _types(node)
        if kinds & ARTICLE_TYPES:
            page.articles.append(node)
        if "breadcrumblist" in kinds and not page.breadcrumbs:
            page.breadcrumbs = _breadcrumbs(node)
        if kinds & {"organization", "newsmediaorganization", "website"}:
            name = node.get("name")
            if isinstance(name, str) and name.strip():
                page.publishers.append(name.strip())
        publisher = node.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            page.publishers.append(publisher["name"].strip())


def _nodes(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(data, list):
        for entry in data[:200]:
            yield from _nodes(entry, depth + 1)
    elif isinstance(data, dict):
        if data.get("@type"):
            yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            if isinstance(data.get(key), (list, dict)):
                yield from _nodes(data[key], depth + 1)


def _types(node: Mapping[str, Any]) -> set[str]:
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return {k.rsplit("/", 1)[-1].lower() for k in kinds if isinstance(k, str)}


def _specificity(node: Mapping[str, Any]) -> int:
    """Articles before reviews and videos, those before whole web pages."""
    kinds = _types(node)
    if any("article" in k or k in ("blogposting", "report", "liveblogposting") for k in kinds):
        return 0
    return 2 if "webpage" in kinds else 1


def _breadcrumbs(node: Mapping[str, Any]) -> list[str]:
    found: list[tuple[int, str]] = []
    entries = node.get("itemListElement")
    for number, entry in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(entry, dict):
            continue
        inner = entry.get("item")
        name = entry.get("name") or (inner.get("name") if isinstance(inner, dict) else None)
        position = entry.get("position")
        if isinstance(name, str) and name.strip():
            found.append((position if isinstance(position, int) else number, name.strip()))
    return [name for _, name in sorted(found, key=lambda pair: pair[0])]

"""Which links of a page lead to articles: by the outlet's own pattern, else by the shape of the URL."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlsplit

from lxml import etree, html
from w3lib.encoding import html_to_unicode
from w3lib.html import strip_html5_whitespace

from crawler.discovery.urls import normalise
from crawler.sources import Source

MAX_BYTES = 4 * 1024 * 1024
#: A tree takes thirty times as much memory as its page.

MAX_LINKS = 5_000
#: Links looked at on one page; lists hold a few hundred, traps hold millions.

_PATHS = tomllib.loads((Path(__file__).parent / "paths.toml").read_text("utf-8"))
_LISTS = frozenset(word for language in _PATHS.values() for word in language["lists"])
_STATIC = frozenset(word for language in _PATHS.values() for word in language["pages"])

_PAGE_ENDING = re.compile(r"\.(?:s?html?|php|aspx?|jsp|cfm|do)$")
_ENDING = re.compile(r"\.[a-z][a-z0-9]{1,4}$")
_DATE = re.compile(r"(?:^|[/-])(?:19|20)\d{2}[/-]?(?:0[1-9]|1[0-2])[/-]?(?:0[1-9]|[12]\d|3[01])(?=[/-]|$)")
_DATE_PART = re.compile(r"\d{1,2}|(?:19|20)\d{2}(?:-?\d{2}){0,2}")
_IDENTIFIER = re.compile(r"(?:^|[-_.a-z])\d{5,}(?:$|[-_.])")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ARTICLE_PARAMETERS = frozenset({"p", "id", "newsid", "news_id", "article", "article_id"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class PageLink(NamedTuple):
    """A link as it stands on a page."""

    url: str
    #: Normalised.

    title: str
    #: The heading inside the link, else the link's text, else its ``title`` attribute; may be empty.

    is_heading: bool
    #: Whether the link holds a heading or stands in one.


def looks_like_article(url: str, source: Source) -> bool:
    """Whether a normalised URL is one of the outlet's articles.

    The outlet's ``exclude_url`` has the last word, then its ``article_url``. Where none is declared,
    the path decides: a date, a numeric id of five or more digits or a slug of four or more words
    speaks for an article; the words of ``paths.toml`` and file endings speak against it.
    """
    if source.exclude_url is not None and source.exclude_url.search(url):
        return False
    parts = urlsplit(url)
    if not _belongs(parts, source):
        return False
    if source.article_url is not None:
        return source.article_url.search(url) is not None
    return _has_article_shape(parts)


def has_article_shape(url: str) -> bool:
    """Whether the path of a normalised URL speaks for an article, where no outlet claims it."""
    return _has_article_shape(urlsplit(url))


def read_links(data: bytes, url: str) -> Iterator[PageLink]:
    """The links of an HTML page in page order, repeats included; ``url`` is the page's own address."""
    page = _parse(data[:MAX_BYTES])
    if page is None:
        return
    base = _base(page, url)
    for link in islice(page.iter("a"), MAX_LINKS):
        target = normalise(link.get("href") or "", base)
        if target is not None:
            yield PageLink(target, *_title(link))


def _belongs(parts: SplitResult, source: Source) -> bool:
    host = parts.hostname or ""
    return any(
        parts.netloc == domain if ":" in domain else host == domain or host.endswith(f".{domain}")
        for domain in source.domains
    )


def _has_article_shape(parts: SplitResult) -> bool:
    path = parts.path.lower().strip("/")
    stem = _PAGE_ENDING.sub("", path)
    if stem == path and _ENDING.search(path):
        return False
    segments = stem.split("/")
    if _LISTS.intersection(segments) or segments[-1] in _STATIC:
        return False
    if any(name in _ARTICLE_PARAMETERS and value.isdigit() for name, value in parse_qsl(parts.query)):
        return True
    named = [segment for segment in segments if not _DATE_PART.fullmatch(segment)]
    if len(named) == 0 or _DATE_PART.fullmatch(segments[-1]):
        return False
    has_date = _DATE.search(stem) is not None and len(segments) > 1
    has_identifier = any(_IDENTIFIER.search(segment) for segment in named)
    has_slug = any(len(_WORD.findall(segment)) >= 4 for segment in named[-2:])
    return has_date or has_identifier or has_slug


def _parse(data: bytes) -> html.HtmlElement | None:
    _, text = html_to_unicode(None, data, default_encoding="utf-8")
    # libxml2 ends the document at a NUL.
    text = text.replace("\x00", "")
    if not text.strip():
        return None
    try:
        return html.document_fromstring(
            text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8", no_network=True)
        )
    except (etree.LxmlError, ValueError):
        return None


def _base(page: html.HtmlElement, url: str) -> str:
    declared = page.find(".//base[@href]")
    if declared is None:
        return url
    return normalise(strip_html5_whitespace(declared.get("href") or ""), url) or url


def _title(link: html.HtmlElement) -> tuple[str, bool]:
    heading = next(link.iter(*_HEADINGS), None)
    text = link.text_content() if heading is None else heading.text_content()
    title = " ".join(text.split()) or " ".join((link.get("title") or "").split())
    return title[:500], heading is not None or next(link.iterancestors(*_HEADINGS), None) is not None

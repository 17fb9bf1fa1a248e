"""The declaration of one outlet: a TOML file, checked key by key, becomes a ``Source``.

Every key is optional but ``name`` and ``domains``; ``docs/sources.md`` describes them with examples.
A fault is raised as a ``SourceError`` that names the file and the key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cssselect import HTMLTranslator, SelectorError

from crawler.errors import SourceError

SELECTOR_KEYS = frozenset(
    {"headline", "deck", "byline", "editor", "date", "body", "section", "tags", "remove"},
)
INDEX_PLACEHOLDERS = frozenset({"date", "page", "offset"})

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[1-9][0-9]{0,4})?")
_LANGUAGE = re.compile(r"[a-z]{2}")
_ARTICLE_ANCHOR = "^https?://"


@dataclass(slots=True, frozen=True)
class Source:
    """One outlet: where its articles are found and what is known of its pages."""

    slug: str
    #: Short name used on the command line and in the database.

    name: str
    #: As the outlet writes itself: ``Kompas.com``.

    domains: tuple[str, ...]
    #: ``kompas.com`` covers its subdomains; ``127.0.0.11:8765`` matches exactly that host and port.

    language: str = "id"
    #: ISO 639-1.

    timezone: str = "Asia/Jakarta"
    #: IANA zone of dates that are printed without one.

    enabled: bool = True
    reason: str | None = None
    #: Why it is off; always set where ``enabled`` is false.

    homepage: str | None = None
    feeds: tuple[str, ...] = ()
    #: RSS, Atom or JSON feeds.

    sitemaps: tuple[str, ...] = ()
    #: News sitemaps, plain sitemaps and sitemap indexes.

    index_pages: tuple[str, ...] = ()
    #: Templates of paged or dated lists: ``{page}``, ``{offset:50}``, ``{date:%Y/%m/%d}``.

    listing_pages: tuple[str, ...] = ()
    #: Section pages that show only what is newest.

    article_url: re.Pattern[str] | None = None
    #: Searched in a normalised URL; null where the outlet's articles have no shape of their own.

    exclude_url: re.Pattern[str] | None = None
    #: What is never an article, even where ``article_url`` matches.

    single_page_query: str | None = None
    #: ``page=all``: added to an article's URL to get a split story in one page.

    single_page_suffix: str | None = None
    #: ``/all``: the same, as a path.

    names: tuple[str, ...] = ()
    #: Names the outlet goes by in datelines, title suffixes and bylines; ``name`` comes first.

    selectors: Mapping[str, str] = field(default_factory=dict, hash=False)
    #: CSS by field (``SELECTOR_KEYS``): hints that may only add to what is read without them.

    crawl_delay: float | None = None
    #: Seconds between requests, where robots.txt asks for none and more than usual is wanted.

    notes: str | None = None
    #: What an operator should know.


def read_source(path: Path) -> Source:
    """Read one outlet from a TOML file; its slug is the file's name without ``.toml``.

    Raises SourceError when the file cannot be read or any key does not hold.
    """
    try:
        declared = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: is not TOML: {error}.") from error
    try:
        return _source(path.stem, declared)
    except _Fault as fault:
        raise SourceError(f"{path}: {fault.key}: {fault}.") from fault


class _Fault(Exception):
    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def _source(slug: str, declared: Mapping[str, Any]) -> Source:
    if not _SLUG.fullmatch(slug):
        raise _Fault("file name", "must be lowercase letters, digits and single hyphens")
    for key in declared:
        if key not in _READERS:
            raise _Fault(key, f"unknown key; known are {', '.join(_READERS)}")
    for key in ("name", "domains"):
        if not declared.get(key):
            raise _Fault(key, "is required")
    values = {key: _READERS[key](key, value) for key, value in declared.items()}
    if not values.get("enabled", True) and "reason" not in values:
        raise _Fault("reason", "is required where enabled is false")
    values["names"] = tuple(dict.fromkeys((values["name"], *values.get("names", ()))))
    return Source(slug=slug, **values)


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Fault(key, f"must be a text that is not empty, not {value!r}")
    return value.strip()


def _prose(key: str, value: object) -> str:
    return " ".join(_text(key, value).split())


def _texts(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _Fault(key, f"must be a list of texts, not {value!r}")
    return tuple(dict.fromkeys(_text(key, item) for item in value))


def _boolean(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _Fault(key, f"must be true or false, not {value!r}")
    return value


def _seconds(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 3600:
        raise _Fault(key, f"must be a number of seconds from 0 to 3600, not {value!r}")
    return float(value)


def _language(key: str, value: object) -> str:
    text = _text(key, value)
    if not _LANGUAGE.fullmatch(text):
        raise _Fault(key, f'must be an ISO 639-1 code such as "id", not "{text}"')
    return text


def _timezone(key: str, value: object) -> str:
    text = _text(key, value)
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as error:
        raise _Fault(key, f'unknown zone "{text}"; write it as "Asia/Makassar"') from error
    return text


def _domains(key: str, value: object) -> tuple[str, ...]:
    domains = _texts(key, value)
    for domain in domains:
        if not _DOMAIN.fullmatch(domain):
            raise _Fault(key, f'"{domain}" is no lowercase host such as "kompas.com" or "127.0.0.11:8765"')
    return domains


def _url(key: str, value: object) -> str:
    text = _text(key, value)
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or re.search(r"[\s<>\"{}]", text):
        raise _Fault(key, f'"{text}" is no http or https URL')
    return text


def _urls(key: str, value: object) -> tuple[str, ...]:
    return tuple(_url(key, item) for item in _texts(key, value))


def _templates(key: str, value: object) -> tuple[str, ...]:
    templates = _texts(key, value)
    for template in templates:
        try:
            for _, placeholder, _, _ in Formatter().parse(template):
                if placeholder is not None and placeholder not in INDEX_PLACEHOLDERS:
                    raise _Fault(key, f'unknown placeholder "{{{placeholder}}}" in "{template}"')
            _url(key, expand_index(template, date(2001, 2, 3), 1))
        except ValueError as error:
            raise _Fault(key, f'"{template}" is no template: {error}') from error
    return templates


def expand_index(template: str, day: date, page: int) -> str:
    """An index template with its placeholders filled; pages count from 1.

    ``{offset:50}`` becomes how many articles stand on the pages before, 50 a page.

    >>> expand_index("https://x.id/indeks/{date:%Y/%m/%d}?p={page}", date(2026, 2, 1), 3)
    'https://x.id/indeks/2026/02/01?p=3'
    >>> expand_index("https://x.id/index/{offset:50}", date(2026, 2, 1), 3)
    'https://x.id/index/100'
    """
    return template.format(date=day, page=page, offset=_Offset(page - 1))


class _Offset(int):
    """Pages already read; its format specification is the number of articles a page holds."""

    def __format__(self, articles_a_page: str) -> str:
        return str(self * int(articles_a_page))


def _pattern(key: str, value: object) -> re.Pattern[str]:
    expressions = _texts(key, [value] if isinstance(value, str) else value)
    for expression in expressions:
        try:
            re.compile(f"(?:{expression})")
        except re.error as error:
            raise _Fault(key, f"'{expression}' is no regular expression: {error}") from error
    if not expressions:
        raise _Fault(key, "must hold a regular expression")
    return re.compile("|".join(f"(?:{expression})" for expression in expressions))


def _article_pattern(key: str, value: object) -> re.Pattern[str]:
    for expression in _texts(key, [value] if isinstance(value, str) else value):
        if not expression.startswith(_ARTICLE_ANCHOR):
            raise _Fault(key, f"'{expression}' must begin with {_ARTICLE_ANCHOR}")
    return _pattern(key, value)


def _query(key: str, value: object) -> str:
    text = _text(key, value)
    if not re.fullmatch(r"[\w.-]+=[\w.-]*", text):
        raise _Fault(key, f'must look like "page=all", not "{text}"')
    return text


def _suffix(key: str, value: object) -> str:
    text = _text(key, value)
    if not re.fullmatch(r"/[\w./-]+", text):
        raise _Fault(key, f'must look like "/all", not "{text}"')
    return text


def _selectors(key: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _Fault(key, "must be a table of CSS selectors")
    selectors = {}
    for name, css in value.items():
        if name not in SELECTOR_KEYS:
            raise _Fault(f"{key}.{name}", f"unknown key; known are {', '.join(sorted(SELECTOR_KEYS))}")
        joined = ", ".join(_texts(f"{key}.{name}", [css] if isinstance(css, str) else css))
        try:
            HTMLTranslator().css_to_xpath(joined)
        except SelectorError as error:
            raise _Fault(f"{key}.{name}", f"'{joined}' is no CSS selector: {error}") from error
        selectors[name] = joined
    return selectors


_READERS: Mapping[str, Callable[[str, object], Any]] = {
    "name": _text,
    "domains": _domains,
    "language": _language,
    "timezone": _timezone,
    "enabled": _boolean,
    "reason": _prose,
    "homepage": _url,
    "feeds": _urls,
    "sitemaps": _urls,
    "index_pages": _templates,
    "listing_pages": _urls,
    "article_url": _article_pattern,
    "exclude_url": _pattern,
    "single_page_query": _query,
    "single_page_suffix": _suffix,
    "names": _texts,
    "selectors": _selectors,
    "crawl_delay": _seconds,
    "notes": _prose,
}
KEYS = tuple(_READERS)

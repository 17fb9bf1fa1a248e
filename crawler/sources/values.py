"""The values of a source file's keys: each reader takes a key and what TOML gave for it, and checks it.

What does not hold is raised as a ``Fault`` with the key; whoever reads the file adds the file's name.
"""

from __future__ import annotations

import re
from datetime import date
from string import Formatter
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

INDEX_PLACEHOLDERS = frozenset({"date", "page", "offset"})

_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[1-9][0-9]{0,4})?")
_LANGUAGE = re.compile(r"[a-z]{2}")
_ARTICLE_ANCHOR = "^https?://"


class Fault(Exception):
    """A value that does not hold; its message continues "file: key: "."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def read_text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Fault(key, f"must be a text that is not empty, not {value!r}")
    return value.strip()


def read_prose(key: str, value: object) -> str:
    return " ".join(read_text(key, value).split())


def read_texts(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Fault(key, f"must be a list of texts, not {value!r}")
    return tuple(dict.fromkeys(read_text(key, item) for item in value))


def read_boolean(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise Fault(key, f"must be true or false, not {value!r}")
    return value


def read_seconds(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 3600:
        raise Fault(key, f"must be a number of seconds from 0 to 3600, not {value!r}")
    return float(value)


def read_language(key: str, value: object) -> str:
    text = read_text(key, value)
    if not _LANGUAGE.fullmatch(text):
        raise Fault(key, f'must be an ISO 639-1 code such as "id", not "{text}"')
    return text


def read_timezone(key: str, value: object) -> str:
    text = read_text(key, value)
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as error:
        raise Fault(key, f'unknown zone "{text}"; write it as "Asia/Makassar"') from error
    return text


def read_domains(key: str, value: object) -> tuple[str, ...]:
    domains = read_texts(key, value)
    for domain in domains:
        if not _DOMAIN.fullmatch(domain):
            raise Fault(key, f'"{domain}" is no lowercase host such as "kompas.com" or "127.0.0.11:8765"')
    return domains


def read_url(key: str, value: object) -> str:
    text = read_text(key, value)
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or re.search(r"[\s<>\"{}]", text):
        raise Fault(key, f'"{text}" is no http or https URL')
    return text


def read_urls(key: str, value: object) -> tuple[str, ...]:
    return tuple(read_url(key, item) for item in read_texts(key, value))


def read_pattern(key: str, value: object) -> re.Pattern[str]:
    expressions = read_texts(key, [value] if isinstance(value, str) else value)
    for expression in expressions:
        try:
            re.compile(f"(?:{expression})")
        except re.error as error:
            raise Fault(key, f"'{expression}' is no regular expression: {error}") from error
    if not expressions:
        raise Fault(key, "must hold a regular expression")
    return re.compile("|".join(f"(?:{expression})" for expression in expressions))


def read_article_pattern(key: str, value: object) -> re.Pattern[str]:
    for expression in read_texts(key, [value] if isinstance(value, str) else value):
        if not expression.startswith(_ARTICLE_ANCHOR):
            raise Fault(key, f"'{expression}' must begin with {_ARTICLE_ANCHOR}")
    return read_pattern(key, value)


def read_query(key: str, value: object) -> str:
    text = read_text(key, value)
    if not re.fullmatch(r"[\w.-]+=[\w.-]*", text):
        raise Fault(key, f'must look like "page=all", not "{text}"')
    return text


def read_suffix(key: str, value: object) -> str:
    text = read_text(key, value)
    if not re.fullmatch(r"/[\w./-]+", text):
        raise Fault(key, f'must look like "/all", not "{text}"')
    return text


def read_templates(key: str, value: object) -> tuple[str, ...]:
    templates = read_texts(key, value)
    for template in templates:
        try:
            for _, placeholder, _, _ in Formatter().parse(template):
                if placeholder is not None and placeholder not in INDEX_PLACEHOLDERS:
                    raise Fault(key, f'unknown placeholder "{{{placeholder}}}" in "{template}"')
            read_url(key, expand_index(template, date(2001, 2, 3), 1))
        except ValueError as error:
            raise Fault(key, f'"{template}" is no template: {error}') from error
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

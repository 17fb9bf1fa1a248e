"""The declaration of one outlet: a TOML file, checked key by key, becomes a ``Source``.

Every key is optional but ``name`` and ``domains``; ``docs/sources.md`` describes them with examples.
A fault is raised as a ``SourceError`` that names the file and the key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.errors import SourceError
from crawler.sources.platforms import BUNDLED, find_platform, for_domain, read_platform
from crawler.sources.rules import Rule, read_rules
from crawler.sources.values import (
    Fault,
    read_article_pattern,
    read_boolean,
    read_domains,
    read_language,
    read_pattern,
    read_prose,
    read_query,
    read_seconds,
    read_suffix,
    read_templates,
    read_text,
    read_texts,
    read_timezone,
    read_url,
    read_urls,
)

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


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

    platform: str | None = None
    #: The platform whose keys it shares; null where it has all of its own.

    enabled: bool = True
    reason: str | None = None
    #: Why it is off; always set where ``enabled`` is false.

    homepage: str | None = None
    feeds: tuple[str, ...] = ()
    #: RSS, Atom or JSON feeds.

    feed_timezone: str | None = None
    #: IANA zone in which its feeds print their times, whatever offset they print; null to believe them.

    sitemaps: tuple[str, ...] = ()
    #: News sitemaps, plain sitemaps and sitemap indexes.

    index_pages: tuple[str, ...] = ()
    #: Templates of paged or dated lists: ``{page}``, ``{offset:50}``, ``{date:%Y/%m/%d}``.

    post_pages: tuple[str, ...] = ()
    #: Templates as ``index_pages``, of lists of posts as the WordPress REST API gives them.

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

    rules: tuple[Rule, ...] = ()
    #: CSS by field: hints that may only add to what is read without them.

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
        return _source(path.stem, _with_platform(declared, path.parent / "platforms"))
    except Fault as fault:
        raise SourceError(f"{path}: {fault.key}: {fault}.") from fault


def _with_platform(declared: Mapping[str, Any], beside: Path) -> Mapping[str, Any]:
    """What an outlet declares, over what its platform does."""
    if "platform" not in declared:
        return declared
    path = find_platform(read_text("platform", declared["platform"]), (beside, BUNDLED))
    domains = read_domains("domains", declared.get("domains") or [])
    if not domains:
        return declared
    shared = for_domain(read_platform(path), domains[0])
    for key in shared.keys() - declared.keys():
        try:
            _READERS[key](key, shared[key])
        except Fault as fault:
            raise SourceError(f"{path}: {fault.key}: {fault}.") from fault
    return {**shared, **declared}


def _source(slug: str, declared: Mapping[str, Any]) -> Source:
    if not _SLUG.fullmatch(slug):
        raise Fault("file name", "must be lowercase letters, digits and single hyphens")
    for key in declared:
        if key not in _READERS:
            raise Fault(key, f"unknown key; known are {', '.join(_READERS)}")
    for key in ("name", "domains"):
        if not declared.get(key):
            raise Fault(key, "is required")
    values = {key: _READERS[key](key, value) for key, value in declared.items()}
    if not values.get("enabled", True) and "reason" not in values:
        raise Fault("reason", "is required where enabled is false")
    values["names"] = tuple(dict.fromkeys((values["name"], *values.get("names", ()))))
    return Source(slug=slug, **values)


_READERS: Mapping[str, Callable[[str, object], Any]] = {
    "name": read_text,
    "domains": read_domains,
    "language": read_language,
    "timezone": read_timezone,
    "platform": read_text,
    "enabled": read_boolean,
    "reason": read_prose,
    "homepage": read_url,
    "feeds": read_urls,
    "feed_timezone": read_timezone,
    "sitemaps": read_urls,
    "index_pages": read_templates,
    "post_pages": read_templates,
    "listing_pages": read_urls,
    "article_url": read_article_pattern,
    "exclude_url": read_pattern,
    "single_page_query": read_query,
    "single_page_suffix": read_suffix,
    "names": read_texts,
    "rules": read_rules,
    "crawl_delay": read_seconds,
    "notes": read_prose,
}
KEYS = tuple(_READERS)

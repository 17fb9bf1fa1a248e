"""Platforms: what outlets of one publisher or publishing system share, declared once and referred to.

A platform is a TOML file with some of an outlet's keys, in which ``{domain}`` stands for the outlet's first
domain. What an outlet declares itself holds in place of its platform's.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from crawler.errors import SourceError
from crawler.sources.values import Fault

BUNDLED = Path(__file__).parent / "platforms"

PLATFORM_KEYS = (
    "feeds", "sitemaps", "index_pages", "post_pages", "listing_pages", "article_url", "exclude_url",
    "single_page_query", "single_page_suffix", "rules",
)  # fmt: skip
_PATTERNS = frozenset({"article_url", "exclude_url"})
_DOMAIN = "{domain}"


def find_platform(slug: str, directories: Sequence[Path]) -> Path:
    """The file of a platform, in the first directory that has one. Raises Fault naming the known ones."""
    for directory in directories:
        path = directory / f"{slug}.toml"
        if path.is_file():
            return path
    known = sorted({path.stem for directory in directories for path in directory.glob("*.toml")})
    raise Fault("platform", f'there is no platform "{slug}"; known are {", ".join(known)}')


@lru_cache(maxsize=256)
def read_platform(path: Path) -> Mapping[str, Any]:
    """A platform's keys as TOML gives them, ``{domain}`` unfilled. Raises SourceError with file and key."""
    try:
        declared = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: is not TOML: {error}.") from error
    for key in declared:
        if key not in PLATFORM_KEYS:
            raise SourceError(f"{path}: {key}: unknown key; known are {', '.join(PLATFORM_KEYS)}.")
    return declared


def for_domain(declared: Mapping[str, Any], domain: str) -> dict[str, Any]:
    """A platform's keys with ``{domain}`` filled in; in patterns it is escaped."""
    return {
        key: _filled(value, re.escape(domain) if key in _PATTERNS else domain)
        for key, value in declared.items()
    }


def _filled(value: Any, domain: str) -> Any:
    match value:
        case str():
            return value.replace(_DOMAIN, domain)
        case list():
            return [_filled(item, domain) for item in value]
    return value

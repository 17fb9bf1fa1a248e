"""What the page's own statements (JSON-LD, meta elements) say for the fields that no reader sees as text.

Section, language, access, policy, canonical URL and images; each from the most telling statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from crawler.discovery.urls import normalise
from crawler.extractors.blocks import Flow, clean
from crawler.extractors.boilerplate import resolve
from crawler.extractors.lexicon import fold, load_lexicon
from crawler.extractors.page import Page
from crawler.items import Image, Policy

_LANGUAGE = re.compile(r"^([a-z]{2,3})(?:[-_]|$)", re.I)
_OLD_CODES = {"in": "id", "iw": "he", "ji": "yi"}
LONGEST_SECTION = 60
#: Characters.

MIN_IMAGE = 120
#: Pixels; smaller images are icons.


def text_of(value: Any) -> str | None:
    """A statement's text: a string, or the name of an object."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    return clean(value) or None if isinstance(value, str) else None


def stated(page: Page, key: str) -> Iterator[Any]:
    """A property's values in the page's JSON-LD, the most specific article first."""
    for node in page.articles:
        value = node.get(key)
        if value not in (None, "", []):
            yield value


def canonical_url(page: Page) -> str:
    """The page's canonical URL without tracking parameters; its own URL where it names none that fits.

    A canonical URL on the site's root is a template's mistake and is not believed.
    """
    for stated_url in (page.canonical, page.first_meta("og:url")):
        url = normalise(stated_url, page.url or None) if stated_url else None
        if url and urlsplit(url).path.strip("/"):
            return url
    return normalise(page.url) or page.url


def base_url(page: Page) -> str:
    """What the page's relative links start from: its ``<base>``, else its own URL."""
    return resolve(page.base, page.url) if page.base else page.url


def declared_language(page: Page) -> str | None:
    """ISO 639-1 code that the page declares for its text."""
    for value in (
        *stated(page, "inLanguage"),
        page.language,
        page.first_meta("og:locale", "content-language", "language"),
    ):
        match = _LANGUAGE.match(text_of(value) or "")
        if match:
            code = match[1].lower()
            return _OLD_CODES.get(code, code)
    return None


def section_of(page: Page) -> str | None:
    """The section the page says it belongs to; "Article" is a template's word for a page."""
    for value in stated(page, "articleSection"):
        text = text_of(value)
        if text and is_section(text):
            return text
    named = page.first_meta(
        "article:section", "section", "content_category", "category", "cxenseparse:category"
    )
    if named and is_section(named):
        return named
    trail = page.breadcrumbs[1:-1] if len(page.breadcrumbs) >= 3 else page.breadcrumbs[1:]
    return next((name for name in reversed(trail) if is_section(name)), None)


def is_section(text: str) -> bool:
    """Whether a text may be a section's name."""
    return 1 < len(text) <= LONGEST_SECTION and fold(text).strip(" .:/»>") not in load_lexicon().no_sections


def access_of(page: Page) -> Literal["free", "paywalled"] | None:
    for value in stated(page, "isAccessibleForFree"):
        said = str(value).strip().lower()
        if said in ("false", "no", "0"):
            return "paywalled"
        if said in ("true", "yes", "1"):
            return "free"
    tier = (page.first_meta("article:content_tier") or "").lower()
    return "paywalled" if tier in ("locked", "metered") else "free" if tier == "free" else None


def policy_of(page: Page, headers: Mapping[str, str] | None) -> Policy:
    """Robots directives and TDM reservation, from meta elements and HTTP headers."""
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    robots = ", ".join(filter(None, [page.first_meta("robots"), lower.get("x-robots-tag")])) or None
    said = lower.get("tdm-reservation") or page.first_meta("tdm-reservation")
    reserved = None if said is None else said.strip() == "1"
    return Policy(robots=robots, tdm_reservation=reserved, noarchive="noarchive" in (robots or "").lower())


def images_of(page: Page, flow: Flow, first: int, end: int, captions: Mapping[int, str]) -> list[Image]:
    """The images between headline and story's end, each with its caption; else the one the page states.

    ``captions`` maps the index of a caption's block to its text.
    """
    found: dict[str, Image] = {}
    for picture in flow.pictures:
        if not first <= picture.before <= end:
            continue
        url = resolve(picture.url, page.url)
        if not url or (picture.width.isdigit() and int(picture.width) < MIN_IMAGE):
            continue
        caption = next(
            (captions[i] for i in range(picture.before, picture.before + 3) if i in captions), None
        )
        found.setdefault(url, Image(url, caption or picture.alt or None))
    if not found:
        stated_url = page.first_meta("og:image", "twitter:image") or next(
            (image for value in stated(page, "image") if (image := _image_url(value))), None
        )
        address = resolve(stated_url, page.url) if stated_url else ""
        if address:
            found[address] = Image(address)
    return list(found.values())[:40]


def _image_url(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl")
    return value if isinstance(value, str) else None

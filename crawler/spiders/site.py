"""What a news site's own answers say of it: name, language, zone, system, feeds and sitemaps; bytes in."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from crawler.discovery import normalise, read_feed, read_listing, read_sitemap
from crawler.extractors.language import language_of
from crawler.extractors.page import Page, parse
from crawler.extractors.reading import host_names
from crawler.extractors.statements import declared_language
from crawler.items import Candidate
from crawler.sources import Source

FEED_PATHS = ("/feed/", "/rss")
SITEMAP_PATHS = ("/sitemap.xml", "/news-sitemap.xml", "/sitemap-news.xml")
API_PATH = "/wp-json/"

MOST_LISTS = 8
#: Feeds that a page announces, and sitemaps that robots.txt names, that are looked at.

LONGEST_NAME = 60
#: Characters.

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_OF_COMMENTS = re.compile(r"comments?\b|komentar")
_TITLE_PARTS = re.compile(r"\s+[-–—·•:]+\s+|\s*\|\s*|:\s+")
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_COUNTRY_ZONES = {
    "id": "Asia/Jakarta",
    "my": "Asia/Kuala_Lumpur",
    "sg": "Asia/Singapore",
    "bn": "Asia/Brunei",
    "tl": "Asia/Dili",
}
#: By the last label of the host.

_LANGUAGE_ZONES = {"id": "Asia/Jakarta", "ms": "Asia/Kuala_Lumpur"}
_MALAY = ("id", "ms")
_INDONESIAN_ZONES = {7: "Asia/Jakarta", 8: "Asia/Makassar", 9: "Asia/Jayapura"}
#: By hours before UTC.


@dataclass(slots=True)
class FoundList:
    """A feed or sitemap that could be read."""

    url: str
    articles: int
    #: Entries; of a sitemap index its sitemaps.

    newest: str | None = None
    #: ISO 8601.


@dataclass(slots=True)
class Site:
    """A news site, as far as it tells of itself."""

    url: str
    #: Of its home page, after redirects.

    name: str
    domain: str
    slug: str
    language: str
    timezone: str
    timezone_from: str
    #: ``feed``, ``host`` or ``language``: what the zone was guessed by; ``nothing`` where it is a default.

    platform: str | None = None
    feeds: list[FoundList] = field(default_factory=list)
    sitemaps: list[FoundList] = field(default_factory=list)
    links: int = 0
    #: Links of the home page that look like articles.

    announced: list[str] = field(default_factory=list)
    #: Feeds that the home page names.

    seen: set[frozenset[str]] = field(default_factory=set)
    #: What each feed held: one feed often has several addresses.

    def declaration(self) -> dict[str, Any]:
        """The keys of a source file."""
        declared: dict[str, Any] = {"name": self.name, "domains": [self.domain]}
        if self.platform:
            declared["platform"] = self.platform
        declared |= {"language": self.language, "timezone": self.timezone, "homepage": self.url}
        if self.feeds or self.platform:  # an empty list keeps out the platform's feeds, which are not there
            declared["feeds"] = [found.url for found in self.feeds]
        if self.sitemaps:
            declared["sitemaps"] = [found.url for found in self.sitemaps]
        if not (self.feeds or self.sitemaps):
            declared["listing_pages"] = [self.url]
        return declared


def read_home(html: bytes, url: str) -> Site:
    """What a home page says of its site."""
    parts = urlsplit(url)
    domain = parts.netloc.rpartition("@")[2].lower().removeprefix("www.")
    page = parse(html, url)
    language = _language_of(page)
    zone, evidence = _zone_of(parts.hostname or "", language)
    site = Site(url, _name_of(page, domain), domain, slug_of(url), language, zone, evidence)
    site.platform = "wordpress" if _is_wordpress(page) else None
    site.announced = _announced(page, url)
    site.links = len(read_listing(html, url, Source(site.slug, site.name, (domain,))))
    return site


def slug_of(url: str) -> str:
    """A slug for the site of a URL.

    >>> slug_of("https://www.kabarpesisir.example/"), slug_of("https://en.kabar.co.id/")
    ('kabarpesisir', 'en-kabar')
    >>> slug_of("http://127.0.0.11:8765/")
    '127-0-0-11-8765'
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    names = host_names(url)
    if names:
        host = host.removesuffix(names[0]) + names[1]
    elif parts.port:
        host = f"{host}-{parts.port}"
    return _NO_SLUG.sub("-", host).strip("-")


def add_feed(site: Site, data: bytes, url: str) -> bool:
    """Note a feed of the site's own articles that is not known yet; false where it is none."""
    candidates = [found for found in read_feed(data, url) if _is_within(found.url, site.domain)]
    held = frozenset(found.url for found in candidates)
    if not held or held in site.seen:
        return False
    site.seen.add(held)
    site.feeds.append(FoundList(url, len(held), _newest(candidates)))
    zone = _zone_of_dates(candidates, site)
    if zone is not None and site.timezone_from != "feed":
        site.timezone, site.timezone_from = zone, "feed"
    return True


def add_sitemap(site: Site, data: bytes, url: str) -> bool:
    """Note a sitemap that holds anything; false where it is none or known."""
    content = read_sitemap(data, url)
    held = len(content.candidates) or len(content.sitemaps)
    if not held or url in [found.url for found in site.sitemaps]:
        return False
    site.sitemaps.append(FoundList(url, held, _newest(content.candidates)))
    return True


def sitemaps_of_robots(text: str, url: str) -> list[str]:
    """The sitemaps that a robots.txt names."""
    found = (normalise(line, url) for line in _SITEMAP_LINE.findall(text))
    return list(dict.fromkeys(address for address in found if address))[:MOST_LISTS]


def offers_wordpress(data: bytes) -> bool:
    """Whether an answer is the index of WordPress's REST interface."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return False
    spaces = said.get("namespaces") if isinstance(said, dict) else None
    return isinstance(spaces, list) and "wp/v2" in spaces


def _name_of(page: Page, domain: str) -> str:
    """The site's name: as stated, else the part of the title that resembles the host, else its last."""
    stated = page.first_meta("og:site_name", "application-name", "apple-mobile-web-app-title")
    parts = [part.strip() for part in _TITLE_PARTS.split(page.title)]
    host = domain.partition(".")[0]
    alike = [part for part in parts if host and _NO_SLUG.sub("", part.lower()).startswith(host)]
    names = [stated, *page.publishers, *alike, *reversed(parts)]
    return next((" ".join(name.split()) for name in names if name and len(name) <= LONGEST_NAME), domain)


def _language_of(page: Page) -> str:
    """The language of what the page shows, since templates declare English; theirs where it is as near."""
    declared = declared_language(page)
    shown = page.root.css("p, h1, h2, h3, a") if page.root is not None else ()
    told = language_of(" ".join(element.text() for element in shown), declared) or "id"
    # Headlines are too short to tell Malay from Indonesian.
    return declared if declared in _MALAY and told in _MALAY else told


def _is_wordpress(page: Page) -> bool:
    return any(said.lower().startswith("wordpress") for said in page.meta.get("generator", ()))


def _announced(page: Page, url: str) -> list[str]:
    """The feeds a page links to, without those of comments."""
    found: dict[str, None] = {}
    for element in page.root.css("link") if page.root is not None else ():
        link = element.attributes
        kind, address = (link.get("type") or "").lower(), normalise(link.get("href") or "", url)
        said = f"{link.get('title') or ''} {address}".lower()
        is_feed = "alternate" in (link.get("rel") or "").lower() and kind in _FEED_TYPES
        if is_feed and address and not _OF_COMMENTS.search(said):
            found[address] = None
    return list(found)[:MOST_LISTS]


def _zone_of(host: str, language: str) -> tuple[str, str]:
    country = host.rpartition(".")[2]
    if country in _COUNTRY_ZONES:
        return _COUNTRY_ZONES[country], "host"
    if language in _LANGUAGE_ZONES:
        return _LANGUAGE_ZONES[language], "language"
    return "Etc/UTC", "nothing"


def _zone_of_dates(candidates: Iterable[Candidate], site: Site) -> str | None:
    """The zone that most of an Indonesian feed's dates are written in; UTC tells nothing."""
    offsets: Counter[timedelta | None] = Counter()
    for candidate in candidates:
        if candidate.published and "T" in candidate.published:
            offsets[datetime.fromisoformat(candidate.published).utcoffset()] += 1
    if not offsets or site.timezone not in _INDONESIAN_ZONES.values():
        return None
    offset = offsets.most_common(1)[0][0]
    return _INDONESIAN_ZONES.get(int(offset.total_seconds()) // 3600) if offset is not None else None


def _newest(candidates: Iterable[Candidate]) -> str | None:
    dates = (date for found in candidates if (date := found.published or found.modified))
    return max(dates, default=None)


def _is_within(url: str, domain: str) -> bool:
    parts = urlsplit(url)
    return domain in (parts.netloc, parts.hostname) or (parts.hostname or "").endswith(f".{domain}")

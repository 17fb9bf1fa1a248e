"""The record: what Warta knows of one article, and what travels with it from discovery to the store.

Declared field by field and without behaviour; imports nothing else of the project.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

BoilerplateKind = Literal[
    "related",
    "comment_prompt",
    "caption",
    "credit",
    "ad_marker",
    "video",
    "subscribe",
    "follow",
    "share",
    "tags",
    "pagination",
    "copyright",
    "breadcrumb",
    "other",
]


TELLING_HEADERS = frozenset(
    "content-language date etag last-modified link tdm-policy tdm-reservation x-robots-tag".split()
)
#: Headers of an answer that say something of the page itself; they are kept with it.


@dataclass(slots=True)
class Link:
    title: str
    #: The link's text as the reader sees it, without a "Baca juga" label.

    url: str
    #: Absolute URL.


@dataclass(slots=True)
class Dateline:
    """What stands before a story's first sentence: ``JAKARTA, KOMPAS.com -``."""

    raw: str
    #: As printed, separator included.

    place: str | None = None
    #: As printed: ``JAKARTA``.

    outlet: str | None = None
    #: The outlet or agency as printed: ``KOMPAS.com``.

    date: str | None = None
    #: ISO date where the dateline carries one (``Jakarta, 31/1``), else null.


@dataclass(slots=True)
class Boilerplate:
    """A block between the headline and the article's end that is not the story."""

    kind: BoilerplateKind
    text: str
    links: list[Link] = field(default_factory=list)


@dataclass(slots=True)
class Image:
    url: str
    caption: str | None = None
    credit: str | None = None


@dataclass(slots=True)
class Policy:
    """What the page and its host ask of crawlers, as met at the fetch; null where nothing was said."""

    robots: str | None = None
    #: The robots meta tag or X-Robots-Tag header as sent: ``noindex, noarchive``.

    tdm_reservation: bool | None = None
    #: TDM Reservation Protocol: true where text and data mining is reserved.

    noarchive: bool = False
    #: True where robots directives forbid keeping a copy.


@dataclass(slots=True)
class Article:
    """One news article."""

    url: str
    #: The final URL, after redirects.

    canonical_url: str
    #: The page's own canonical URL, cleaned of tracking parameters; the final URL where it names none.

    source: str | None = None
    #: The outlet's slug in the catalogue; null where no outlet claims the URL.

    headline: str = ""
    #: As the reader sees it, without the site's name. Empty where none was found.

    deck: str | None = None
    #: The standfirst set off under the headline.

    byline: str | None = None
    #: The line as shown: ``Penulis: Siti Rahma | Editor: Budi``.

    authors: list[str] = field(default_factory=list)
    #: Persons (or the desk or agency named as writer), without labels, titles or outlet.

    editors: list[str] = field(default_factory=list)
    #: Persons named as editor.

    dateline: Dateline | None = None

    published: str | None = None
    #: ISO 8601; with offset where it is known, a date alone where no time is.

    modified: str | None = None
    #: ISO 8601; null where the page names no change or one equal to ``published``.

    published_raw: str | None = None
    #: The text or value that ``published`` was read from.

    published_from: str | None = None
    #: Which evidence won: ``visible``, ``json-ld``, ``meta``, ``url``, ``feed``…

    section: str | None = None
    tags: list[str] = field(default_factory=list)

    language: str | None = None
    #: ISO 639-1.

    body: str = ""
    #: The story's paragraphs, sub-headings and list items, parted by blank lines; nothing else.

    related: list[Link] = field(default_factory=list)
    #: "Baca juga" links in and right under the story.

    boilerplate: list[Boilerplate] = field(default_factory=list)
    #: All else between the headline and the article's end, in page order.

    images: list[Image] = field(default_factory=list)

    pages: int = 1
    #: How many parts of a split story were joined.

    complete: bool = True
    #: False where the page says that there is more of the story than was read.

    access: Literal["free", "paywalled"] | None = None
    #: Null where the page does not say.

    policy: Policy = field(default_factory=Policy)

    confidence: float = 0.0
    #: 0 to 1: how far the reader trusts headline and story.

    evidence: dict[str, str] = field(default_factory=dict)
    #: Field name to the evidence that won: ``{"headline": "h1, og:title"}``.

    warnings: list[str] = field(default_factory=list)
    #: What looked odd, in words.

    extractor: str = ""
    #: Name and version of the reader: ``warta 0.1.0``.

    def to_dict(self) -> dict[str, Any]:
        """The record in plain JSON types, keys in the order above."""
        return asdict(self)


@dataclass(slots=True)
class Candidate:
    """A URL that discovery found, with what was said of it there."""

    url: str
    source: str | None = None
    found_in: str | None = None
    #: URL of the feed, sitemap or page that named it.

    title: str | None = None
    published: str | None = None
    #: ISO 8601.

    modified: str | None = None
    #: ISO 8601; a sitemap's lastmod.

    author: str | None = None
    section: str | None = None


@dataclass(slots=True)
class Fetch:
    """One answer of a server: what a visit cost and how to ask again cheaply."""

    url: str
    #: Final URL.

    requested_url: str
    #: URL first asked for, before redirects.

    fetched_at: str
    #: ISO 8601, UTC.

    status: int
    #: HTTP status; 0 for a file.

    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None

    size: int = 0
    #: Bytes of the decoded body.

    content_hash: str | None = None
    #: Hex SHA-256 of the decoded body.


@dataclass(slots=True)
class RawPage:
    """A page as it came, before anything was read of it."""

    url: str
    #: Final URL.

    fetched_at: str
    #: ISO 8601, UTC.

    body: bytes = field(repr=False)
    #: Without the coding it was sent in.

    content_type: str | None = None

    headers: dict[str, str] = field(default_factory=dict)
    #: Of the answer, those that say something of the page.

    sha256: bytes | None = field(default=None, repr=False, compare=False)
    #: Of the body, where it was taken already.


@dataclass(slots=True)
class Visit:
    """What a spider hands to the pipelines: a page that was fetched and read."""

    article: Article
    fetch: Fetch
    candidate: Candidate | None = None

    pages: list[RawPage] = field(default_factory=list)
    #: The page as it came, and the further parts of a split story in order; empty once they are stored.

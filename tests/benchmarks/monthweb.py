"""What the made-up outlets of a month serve at a moment: feeds, sitemaps and pages as bytes, no network."""

from __future__ import annotations

import hashlib
import random
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from newsrooms import Newsroom

from fixtures.site.content import load_outlets

SITEMAP = 40
#: Entries of a sitemap.

_PERSONS = ("Dadan Hermawan", "Nadia Safitri", "Yudha Permana", "Anggi Kusuma Dewi", "La Ode Firman")
_PLACES = ("SEMARANG", "MAKASSAR", "AMBON")
_SCRIPT_ONLY = "<!doctype html><html><head><title>Berita</title></head><body><div id=app></div></body></html>"


@dataclass(slots=True, frozen=True)
class Event:
    """Something that happens to an outlet between two moments."""

    kind: str
    #: ``no authors``, ``cut stories``, ``script pages`` (layout changes), ``http 503``, ``refused``
    #: (outages), ``silent``, ``robots.txt`` (it forbids all), ``same date``, ``copies`` (of the first story),
    #: or ``one without author`` (the 76th).

    slug: str
    begins: datetime
    ends: datetime

    def is_on(self, moment: datetime) -> bool:
        return self.begins <= moment < self.ends


@dataclass(slots=True, frozen=True)
class Served:
    """An answer."""

    status: int
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    tag: str | None = None


@dataclass(slots=True, frozen=True)
class Story:
    """What a page shows."""

    url: str
    headline: str
    published: datetime
    author: str | None
    place: str
    paragraphs: Sequence[str]


class MonthWeb:
    """The outlets' servers. A silent outlet publishes nothing: its stories of that time are taken away."""

    def __init__(self, rooms: Sequence[Newsroom], events: Sequence[Event]) -> None:
        self.rooms = {room.slug: room for room in rooms}
        self.events = {event.slug: event for event in events}
        for event in events:
            if event.kind == "silent":
                room = self.rooms[event.slug]
                room.moments = [moment for moment in room.moments if not event.is_on(moment)]
        outlets = load_outlets()
        texts = (block.text for outlet in outlets for story in outlet.stories for block in story.blocks)
        words = {word.strip(".,").lower() for text in texts for word in text.split()}
        self._words = sorted(word for word in words if word.isalpha() and len(word) > 2)

    def is_out_of_reach(self, event: Event, number: int, now: datetime) -> bool:
        """Whether no list had a story any more when an outage was over, or it is not over *now*."""
        room = self.rooms[event.slug]
        outage = event.kind in {"http 503", "refused"} and event.is_on(room.moments[number])
        lists = max(room.feed, SITEMAP if room.has_sitemap else 0)
        return outage and (event.is_on(now) or number < bisect_right(room.moments, event.ends) - lists)

    def write_sources(self, directory: Path) -> None:
        directory.mkdir(parents=True)
        zones = {7: "Asia/Jakarta", 8: "Asia/Makassar", 9: "Asia/Jayapura"}
        for slug, room in self.rooms.items():
            sitemap = f'sitemaps = ["{base(slug)}/sitemap.xml"]\n' if room.has_sitemap else ""
            (directory / f"{slug}.toml").write_text(
                f'name = "{slug}"\ndomains = ["{slug}.example"]\nfeeds = ["{base(slug)}/feed"]\n{sitemap}'
                f"timezone = \"{zones[room.zone]}\"\narticle_url = ['^https?://[^/]+/berita/\\d+-']\n"
            )

    def url(self, slug: str, number: int) -> str:
        return f"{base(slug)}/berita/{100_000 + number}-kabar-dari-kampung-nelayan"

    def answer(self, url: str, headers: Mapping[str, str], moment: datetime) -> Served:
        """Raises ConnectionRefusedError where nobody answers, PermissionError where robots.txt forbids."""
        host, _, path = url.removeprefix("https://").partition("/")
        room = self.rooms[host.removesuffix(".example")]
        event = self.events.get(room.slug)
        kind = event.kind if event is not None and event.is_on(moment) else ""
        if kind == "refused":
            raise ConnectionRefusedError
        if kind == "robots.txt":
            raise PermissionError
        if kind == "http 503":
            return Served(503)
        out = bisect_right(room.moments, moment)
        if path.startswith("berita/"):
            number = int(path.removeprefix("berita/").partition("-")[0]) - 100_000
            if number >= out:
                return Served(404)
            tag = f'"{number} {kind}"'
            if headers.get("If-None-Match") == tag:
                return Served(304, tag=tag)
            return Served(200, self._page(room, number, kind).encode(), tag=tag)
        body = (self._feed if path == "feed" else self._sitemap)(room, out).encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"' if room.a_day > 12 else None
        if tag and headers.get("If-None-Match") == tag:
            return Served(304, tag=tag)
        return Served(200, body, "application/xml", tag)

    def _feed(self, room: Newsroom, out: int) -> str:
        items = "".join(
            f"<item><title>Kabar {number}</title><link>{self.url(room.slug, number)}</link>"
            f"<pubDate>{format_datetime(self._local(room, number))}</pubDate></item>"
            for number in range(out - 1, max(-1, out - room.feed - 1), -1)
        )
        return f'<rss version="2.0"><channel><title>{escape(room.slug)}</title>{items}</channel></rss>'

    def _sitemap(self, room: Newsroom, out: int) -> str:
        urls = "".join(
            f"<url><loc>{self.url(room.slug, number)}</loc><news:news><news:publication_date>"
            f"{self._local(room, number).isoformat()}</news:publication_date></news:news></url>"
            for number in range(out - 1, max(-1, out - SITEMAP - 1), -1)
        )
        return (
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
        )

    def _page(self, room: Newsroom, number: int, layout: str) -> str:
        if layout == "script pages":
            return _SCRIPT_ONLY
        told = 0 if layout == "copies" else number
        chance = random.Random(f"{room.slug} {told}")
        paragraphs = max(2, min(9, round(chance.lognormvariate(1.3, 0.35))))
        # Drawn in any case: a changed layout changes nothing else of a story.
        is_signed, person = chance.random() >= 0.1, chance.choice(_PERSONS)
        place = chance.choice(_PLACES) if chance.random() < 0.7 else ""
        headline = f"{self._sentence(chance, 7)[:-1]} {told}"
        texts = [
            " ".join(self._sentence(chance, chance.randint(8, 18)) for _ in range(3))
            for _ in range(paragraphs)
        ]
        unsigned = layout == "no authors" or (layout == "one without author" and number == 75)
        shown = Story(
            self.url(room.slug, number),
            headline,
            self._local(room, 0 if layout == "same date" else number),
            person if is_signed and not unsigned else None,
            place,
            texts[: 1 if layout == "cut stories" else None],
        )
        return _article(room.slug, shown)

    def _sentence(self, chance: random.Random, words: int) -> str:
        return " ".join(chance.choices(self._words, k=words)).capitalize() + "."

    def _local(self, room: Newsroom, number: int) -> datetime:
        return room.moments[number].astimezone(timezone(timedelta(hours=room.zone)))


def _article(slug: str, story: Story) -> str:
    """A page as small as it can be with all that a reader looks for: some ten thousand are read."""
    byline = f'<p class="byline">Penulis: <a rel="author" href="/penulis">{story.author}</a></p>'
    when = f"{story.published:%d/%m/%Y, %H:%M}"
    dateline = f"<strong>{story.place}, {slug}</strong> - " if story.place else ""
    first, *more = story.paragraphs
    body = "".join(f"<p>{text}</p>" for text in (dateline + first, *more))
    return f"""<!doctype html><html lang="id"><head><meta charset="utf-8">
<title>{story.headline} - {slug}</title><link rel="canonical" href="{story.url}">
<meta property="article:published_time" content="{story.published.isoformat()}">
<meta property="article:section" content="Daerah"></head>
<body><header><nav><a href="/">Beranda</a> <a href="/daerah">Daerah</a></nav></header>
<article><h1>{story.headline}</h1>{byline if story.author else ""}<time>{when}</time>
<div class="isi">{body}</div>
<p>Baca juga: <a href="/berita/1-kabar-lain">Kabar lain dari kampung nelayan</a></p></article>
<footer><p>Hak cipta {slug}</p></footer></body></html>"""


def base(slug: str) -> str:
    return f"https://{slug}.example"

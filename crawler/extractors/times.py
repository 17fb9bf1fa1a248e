"""When an article was published and changed: the moments its page shows and states, put before `dates`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from crawler.extractors.blocks import Block
from crawler.extractors.dates import Moment, choose_published, read_iso, read_moments
from crawler.extractors.reading import Reading, Rival
from crawler.extractors.statements import stated, text_of
from crawler.items import Article, Candidate

PUBLISHED_META = (
    "article:published_time", "og:published_time", "datepublished", "publishdate", "publish-date", "pubdate",
    "date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "content_publisheddate",
    "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "article.published", "publish_date",
    "publication_date", "article_date_original", "originalpublicationdate", "uploaddate", "datecreated",
)  # fmt: skip
#: Names under which meta elements state the publication, as found in the field, the most trusted first.

MODIFIED_META = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
)

_DATED_PATH = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?=/|-\D|$)")

SHORT_LINE = 10
#: Words of a caption or deck that may be a date line all the same.

FIRST_LINES = 6
#: Blocks of the story's run among which lines before its first paragraph may stand.

PROSE = 12
#: Words of a paragraph that surely is one.

MAX_LINE = 40
#: Words of a line in which a date is looked for.


def read_times(
    article: Article,
    reading: Reading,
    *,
    zone: str | None,
    fetched_at: datetime | None,
    not_after: datetime | None,
    candidate: Candidate | None,
) -> None:
    """Fill published, modified and their provenance.

    ``fetched_at`` is what relative times count from; nothing was published after it or ``not_after``.
    """
    latest = fetched_at or not_after
    shown = list(_visible(reading, article.language, fetched_at))
    published = [("visible", moment) for label, moment in shown if label != "modified"]
    modified = [moment for label, moment in shown if label == "modified"]
    candidates = [*published, *_stated(reading, article.language, fetched_at, candidate)]
    offsets = reading.lexicon.offsets.get(article.language or "", ())
    chosen = choose_published(candidates, zone=zone, fetched_at=latest, offsets=offsets)
    if chosen is None and modified:
        chosen = choose_published([("visible (modified)", modified[0])], zone=zone, fetched_at=latest)
    if chosen is not None:
        article.published, article.published_raw = chosen.iso, chosen.raw
        article.published_from = article.evidence["published"] = chosen.evidence
        reading.rivals.append(Rival("published", chosen.iso, chosen.evidence, chosen=True))
    reading.rivals += [Rival("published", moment.iso, evidence) for evidence, moment in candidates]
    reading.rivals += [Rival("modified", moment.iso, "visible") for moment in modified]
    article.modified = _modified(reading, modified, latest)
    if article.modified and article.published and article.modified[:16] == article.published[:16]:
        article.modified = None
    if article.modified and article.published and article.modified[:10] < article.published[:10]:
        article.warnings.append(f"changed before it was published: {article.modified}")
        article.modified = None


def _visible(
    reading: Reading, language: str | None, fetched_at: datetime | None
) -> Iterator[tuple[str | None, Moment]]:
    """The moments in the lines around the headline, the nearest first, then in those under the story."""
    found = False
    for block in _lines(reading):
        for entry in read_moments(block.text, language=language, fetched_at=fetched_at):
            found = True
            yield entry.label, entry.moment
    if not found:
        split = " ".join(block.text for block in reading.before_story() if block.words <= 4)
        for entry in read_moments(split, language=language, fetched_at=fetched_at):
            found = True
            yield entry.label, entry.moment
    if found:
        return
    for block in reading.after_story()[:12]:
        if block.words <= 16 and reading.decision(block.index).role in ("credit", "other", "date"):
            for entry in read_moments(block.text, language=language, fetched_at=fetched_at):
                if entry.label is not None:
                    yield entry.label, entry.moment


def _lines(reading: Reading) -> Iterable[Block]:
    begin = reading.story.first - reading.story.offset
    for block in reading.before_story():
        role = reading.decision(block.index).role
        if block.words <= (MAX_LINE if role not in ("related", "caption", "deck") else SHORT_LINE):
            yield block
    for block, decision in zip(
        reading.tail[begin : begin + FIRST_LINES],
        reading.decisions[begin : begin + FIRST_LINES],
        strict=True,
    ):
        if decision.role == "story" and block.words >= PROSE:
            break
        if decision.role in ("other", "date", "credit") and block.words <= MAX_LINE:
            yield block
    for block in reading.above():
        if block.words <= MAX_LINE and block.link_share < 0.5:
            yield block


def _stated(
    reading: Reading, language: str | None, fetched_at: datetime | None, candidate: Candidate | None
) -> Iterator[tuple[str, Moment]]:
    """The moments that JSON-LD, time elements, meta elements, the feed and the URL state."""
    page = reading.page
    values: list[tuple[str, str]] = []
    for key in ("datePublished", "dateCreated", "uploadDate"):
        values += [("json-ld", text) for value in stated(page, key) if (text := text_of(value))]
    values += [("meta", value) for name in PUBLISHED_META for value in page.meta.get(name, ())[:1]]
    values += [("time", block.time) for block in [*reading.before_story(), *reading.above()] if block.time]
    if candidate is not None and candidate.published:
        values.append(("feed", candidate.published))
    for evidence, value in values:
        moment = read_iso(value, language=language, fetched_at=fetched_at)
        if moment is not None:
            yield evidence, moment
    day = _day_in(page.url) or _day_in(page.canonical or "")
    if day is not None:
        yield "url", day


def _day_in(url: str) -> Moment | None:
    """The day in an address such as ``/2026/03/09/jembatan``."""
    match = _DATED_PATH.search(url.split("?", 1)[0])
    return read_iso("-".join((match[1], match[2].zfill(2), match[3].zfill(2)))) if match else None


def _modified(reading: Reading, shown: list[Moment], fetched_at: datetime | None) -> str | None:
    for moment in shown:
        if moment.precision != "day":
            return moment.iso
    page = reading.page
    values = [text for value in stated(page, "dateModified") if (text := text_of(value))]
    values += [value for name in MODIFIED_META for value in page.meta.get(name, ())[:1]]
    for value in values:
        changed = read_iso(value, fetched_at=fetched_at)
        if changed is not None:
            return changed.iso
    return None

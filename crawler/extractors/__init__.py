"""Reading news pages: bytes in, the record out. No network, no clock, no Scrapy.

`extract` reads a page, `extract_text` a page's text as a person copied it, `explain` shows how a page was
read, `join_parts` makes one article of a split story's pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from crawler.extractors.article import assemble, read_article
from crawler.extractors.parts import join_parts
from crawler.extractors.plain_text import flow_of_text, page_of_text
from crawler.extractors.reading import Reading, Rival, outlet_names, read_flow
from crawler.items import Article, Candidate
from crawler.sources import Source

__all__ = [
    "BlockReading",
    "Explanation",
    "Rival",
    "explain",
    "explain_text",
    "extract",
    "extract_text",
    "join_parts",
]


@dataclass(slots=True, frozen=True)
class BlockReading:
    """A block of a page, its role and why it has it."""

    index: int
    tag: str
    role: str
    reason: str
    score: float
    #: Probability of being story, 0 to 1.

    text: str


@dataclass(slots=True, frozen=True)
class Explanation:
    """How a page was read."""

    blocks: list[BlockReading]
    fields: list[Rival]
    #: What headline, authors, times and body were chosen among; the chosen one of each comes first.


def extract(
    html: bytes,
    url: str,
    *,
    source: Source | None = None,
    fetched_at: datetime | None = None,
    not_after: datetime | None = None,
    candidate: Candidate | None = None,
    content_type: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Article:
    """Read a news page into a record.

    ``url`` is the page's final URL; ``source`` the outlet it belongs to, for its names, zone and language;
    ``fetched_at`` resolves relative times and refuses later dates, ``not_after`` only refuses them, for a
    page of which no fetch is known; ``candidate`` is what discovery knew of the URL; ``content_type`` and
    ``headers`` are those of the answer. Never raises on any bytes: a page that is no article gives an article
    without headline or body, and a warning.
    """
    article, _ = read_article(
        html,
        url,
        source=source,
        fetched_at=fetched_at,
        not_after=not_after,
        candidate=candidate,
        content_type=content_type,
        headers=headers,
    )
    return article


def extract_text(
    text: str,
    url: str = "",
    *,
    source: Source | None = None,
    fetched_at: datetime | None = None,
    not_after: datetime | None = None,
) -> Article:
    """Read a page's text, as a person copies it from a browser, into a record; lines are its blocks."""
    reading = _read_text(text, url, source)
    return assemble(reading, source=source, fetched_at=fetched_at, not_after=not_after)


def explain(html: bytes, url: str, *, source: Source | None = None) -> Explanation:
    """Every block of a page from the headline on, with its role and why, and the fields' candidates."""
    _, reading = read_article(html, url, source=source)
    return _explained(reading) if reading is not None else Explanation([], [])


def explain_text(text: str, url: str = "", *, source: Source | None = None) -> Explanation:
    """Every line of a text with its role and why, and the fields' candidates."""
    reading = _read_text(text, url, source)
    assemble(reading, source=source)
    return _explained(reading)


def _read_text(text: str, url: str, source: Source | None) -> Reading:
    page = page_of_text(text, url)
    return read_flow(page, flow_of_text(page.text), outlet_names(page, source))


def _explained(reading: Reading) -> Explanation:
    rows = []
    head = reading.headline
    if head.block is not None and head.block < reading.story.offset:
        block = reading.flow.blocks[head.block]
        rows.append(
            BlockReading(block.index, block.tag, "headline", head.evidence, round(head.score, 2), block.text)
        )
    for block, decision in zip(reading.tail, reading.decisions, strict=True):
        score = round(reading.story.score(block.index), 2)
        rows.append(BlockReading(block.index, block.tag, decision.role, decision.reason, score, block.text))
    known = [rival for rival in dict.fromkeys(reading.rivals) if rival.value]
    return Explanation(rows, sorted(known, key=lambda rival: (rival.field, not rival.chosen)))

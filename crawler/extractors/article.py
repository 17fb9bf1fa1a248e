"""The record of one article, assembled from a page's blocks, their roles and the page's statements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crawler import __version__
from crawler.discovery.parts import asks_for_whole, is_part, part_number
from crawler.extractors.blocks import Block
from crawler.extractors.body import join_lines, settle_story
from crawler.extractors.boilerplate import collect_boilerplate, collect_related, resolve
from crawler.extractors.confidence import confide
from crawler.extractors.credits import Credits, read_credits
from crawler.extractors.dateline import read_dateline
from crawler.extractors.decisions import Decision
from crawler.extractors.features import HEADINGS
from crawler.extractors.headline import stated_titles
from crawler.extractors.language import language_of
from crawler.extractors.markup import markup_groups
from crawler.extractors.reading import Reading, Rival, read_page
from crawler.extractors.rules import apply_rules
from crawler.extractors.statements import (
    access_of,
    base_url,
    canonical_url,
    declared_language,
    images_of,
    is_section,
    policy_of,
    section_of,
)
from crawler.extractors.tags import shown_tags, tags_of
from crawler.extractors.times import read_times
from crawler.items import Article, Boilerplate, Candidate, Dateline
from crawler.sources import Source

EXTRACTOR = f"warta {__version__}"

_ABOVE = frozenset({"follow", "share", "credit", "subscribe"})
#: Kinds of boilerplate that stand above a headline.

LONGEST_DATELINE = 6
#: Words of a dateline that stands alone.


def assemble(
    reading: Reading,
    *,
    source: Source | None = None,
    fetched_at: datetime | None = None,
    not_after: datetime | None = None,
    candidate: Candidate | None = None,
    headers: Mapping[str, str] | None = None,
) -> Article:
    """The record of a page that was read."""
    page = reading.page
    article = Article(url=page.url, canonical_url=canonical_url(page), extractor=EXTRACTOR)
    article.source = source.slug if source is not None else None
    article.headline = reading.headline.text or (candidate.title if candidate and candidate.title else "")
    article.evidence["headline"] = reading.headline.evidence
    article.warnings += page.warnings

    declared = declared_language(page) or (source.language if source is not None else None)
    article.language = language_of(" ".join(b.text for b in reading.story_blocks()[:12]), declared)

    article.dateline = _lone_dateline(reading)
    credits = read_credits(reading)
    article.byline, article.authors, article.editors = credits.byline, credits.authors, credits.editors
    if credits.evidence:
        article.evidence["authors"] = credits.evidence

    zone = source.timezone if source is not None else None
    read_times(article, reading, zone=zone, fetched_at=fetched_at, not_after=not_after, candidate=candidate)

    _deck(article, reading)
    _body(article, reading, credits)
    _surroundings(article, reading)
    article.section = (
        section_of(page) or _shown_section(reading) or (candidate.section if candidate else None)
    )
    article.access, article.policy = access_of(page), policy_of(page, headers)
    article.complete = _is_whole(article, reading)
    confide(article, reading, credits.closing)
    for name, text in stated_titles(page):
        reading.rivals.append(Rival("headline", text, name))
    reading.rivals.append(Rival("headline", article.headline, reading.headline.evidence, chosen=True))
    return article


def _deck(article: Article, reading: Reading) -> None:
    for block, decision in zip(reading.tail, reading.decisions, strict=True):
        if decision.role == "deck":
            article.deck = block.text
            return


def _body(article: Article, reading: Reading, credits: Credits) -> None:
    """The story's text, its dateline and closing initials taken off into their own fields."""
    blocks = reading.story_blocks()
    paragraphs = join_lines(blocks)
    if not paragraphs:
        article.dateline = None
        article.warnings.append("no story found")
        return
    if article.dateline is not None:
        article.evidence["dateline"] = "line of its own"
    settle_story(article, paragraphs, names=reading.names, closing=credits.closing)
    if credits.closing:
        article.boilerplate.append(Boilerplate("credit", credits.closing))


def _lone_dateline(reading: Reading) -> Dateline | None:
    """A dateline that stands alone, right before the story or as its first block: ``Jakarta -``."""
    story = reading.story_blocks()
    if not story:
        return None
    first = story[0]
    before = reading.flow.blocks[max(reading.story.offset, first.index - 3) : first.index]
    pairs = [(block, first) for block in reversed(before)]
    if len(story) > 1:
        pairs.append((first, story[1]))
    for block, after in pairs:
        if block.words > LONGEST_DATELINE:
            continue
        found = read_dateline(f"{block.text} {after.text}", outlet_names=reading.names)
        if found is not None and found[1] in (len(block.text), len(block.text) + 1):
            decision = Decision("dateline", "line before the story")
            reading.decisions[block.index - reading.story.offset] = decision
            return found[0]
    return None


def _surroundings(article: Article, reading: Reading) -> None:
    """Boilerplate, related links, tags and images."""
    base = base_url(reading.page) or article.canonical_url
    pairs = list(zip(reading.tail, reading.decisions, strict=True))
    article.related = collect_related(
        [(b, d, h) for (b, d), h in zip(pairs, reading.hits, strict=True)], base, article.headline
    )
    own = {
        address.partition("?")[0] for address in (article.url, article.canonical_url) if "?" not in address
    }
    article.related = [
        link for link in article.related if link.url.partition("?")[0] not in own or part_number(link.url) < 2
    ]
    names = {name.casefold() for name in (*article.authors, *article.editors)}
    for block, decision in pairs:
        if decision.role == "other" and block.text.casefold() in names:
            decision.role, decision.reason = "credit", "a name of the byline"
    pairs = [*_prompts_above(reading), *pairs]
    article.boilerplate = collect_boilerplate(pairs, base) + article.boilerplate
    shown = shown_tags((a for b, d in pairs if d.role == "tags" for a in b.links), reading.lexicon)
    article.tags = tags_of(reading.page, shown, f"{article.headline}\n{article.body}")
    captions = {b.index: b.text for b, d in pairs if d.role == "caption"}
    head = reading.headline.block or 0
    article.images = images_of(reading.page, reading.flow, head, reading.story.end, captions)


def _prompts_above(reading: Reading) -> list[tuple[Block, Decision]]:
    """The buttons and credits right above the headline, which some templates set there."""
    found = []
    for block in reversed(reading.above()):
        hit = reading.lexicon.boilerplate_kind(block.text)
        if hit is not None and hit.kind in _ABOVE and hit.how != "contains":
            found.append((block, Decision(hit.kind, f"phrase ({hit.how}), above the headline")))
    return found


def _shown_section(reading: Reading) -> str | None:
    """The last link of the breadcrumb above the headline, the short heading that stands there, or the page's
    h1 where the headline is another.
    """
    for block in reading.above()[:4]:
        trail = [anchor.text for anchor in block.links if len(anchor.text) <= 30]
        if len(trail) >= 2 and block.link_share > 0.5:
            return next((name for name in reversed(trail) if is_section(name)), None)
        names = {*block.box.groups, *markup_groups(block.inner)}
        named = block.tag in HEADINGS or bool(names & {"navigation", "meta", "tags"})
        if named and block.words <= 3 and len(block.text) <= 30 and _names_section(block.text):
            return block.text
    if reading.headline.evidence.startswith("h1"):
        return None
    rubrics = (b for b in reading.flow.blocks if b.tag == "h1" and b.words <= 3 and len(b.text) <= 30)
    return next((block.text for block in rubrics if _names_section(block.text)), None)


def _names_section(text: str) -> bool:
    return text[0].isalpha() and is_section(text)


def _is_whole(article: Article, reading: Reading) -> bool:
    """Whether all of the page was read, it links to no further part, and no paywall cuts it off."""
    if reading.page.is_cut or reading.flow.truncated:
        return False
    if article.access == "paywalled" and any(b.kind == "subscribe" for b in article.boilerplate):
        return False
    url = article.url
    if asks_for_whole(url):
        return True
    number = part_number(url) + 1
    hrefs = [anchor.href for block in reading.tail for anchor in block.links if len(anchor.text) <= 40]
    if reading.page.next_page:
        hrefs.append(reading.page.next_page)
    return not any(
        is_part(resolve(href, url), url, number) for href in dict.fromkeys(hrefs) if str(number) in href
    )


def read_article(
    html: bytes,
    url: str,
    *,
    source: Source | None = None,
    fetched_at: datetime | None = None,
    not_after: datetime | None = None,
    candidate: Candidate | None = None,
    content_type: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[Article, Reading | None]:
    """The record of a page and the reading it was taken from."""
    reading = read_page(html, url, source=source, content_type=content_type)
    if reading is None:
        empty = Article(url=url, canonical_url=url, extractor=EXTRACTOR)
        empty.warnings.append("nothing to read: no markup and no text")
        return empty, None

    def read() -> Article:
        return assemble(
            reading,
            source=source,
            fetched_at=fetched_at,
            not_after=not_after,
            candidate=candidate,
            headers=headers,
        )

    article = read()
    if source is not None and source.rules:
        article = apply_rules(article, reading, source, fetched_at=fetched_at, read_again=read)
    return article, reading

"""An outlet's rules, asked where the reader by itself found nothing or trusts itself little.

Rules may only add: a page is read without them first, and a selector that fits nothing changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime

from selectolax.lexbor import LexborNode

from crawler.extractors.blocks import Block, Box, clean
from crawler.extractors.byline import read_byline
from crawler.extractors.dates import Moment, choose_published, read_iso, read_moments
from crawler.extractors.decisions import Decision, Placed, by_markup, forced
from crawler.extractors.features import looks_like_prose
from crawler.extractors.headline import without_site
from crawler.extractors.page import parse
from crawler.extractors.reading import SHORT_STORY, Reading
from crawler.items import Article
from crawler.sources import Source
from crawler.sources.rules import Rule, rules_on

UNSURE_STORY = 0.5
#: Confidence below which a rule may say where the story stands.

UNSURE_HEADLINE = 0.6
#: Score of a headline below which a rule's is taken.

MOST_REMOVED = 0.5
#: Share of the story's words; a ``remove`` that fits more of them is outdated and not believed.

_UNREAD = ("script", "style", "noscript")
_GUESSED = frozenset({"url", "feed", "visible (modified)"})
#: Evidence of a publication date that a rule's is better than.


def apply_rules(
    article: Article,
    reading: Reading,
    source: Source,
    *,
    fetched_at: datetime | None,
    read_again: Callable[[], Article],
) -> Article:
    """The article with what the outlet's rules add to it.

    ``read_again`` assembles the record anew once blocks have got other roles.
    """
    rules = rules_on(source.rules, _day(article, fetched_at))
    sought = article.confidence < UNSURE_STORY and restrict_story(reading, rules)
    if take_out(reading, rules) or sought:
        article = read_again()
    _headline(article, reading, rules)
    _persons(article, reading, rules)
    _published(article, reading, rules, source, fetched_at)
    _labels(article, reading, rules)
    return article


def restrict_story(reading: Reading, rules: Sequence[Rule]) -> bool:
    """Seek the story only in what a rule selects, where that holds prose enough; true where it does."""
    for rule in rules:
        parts = _places(_elements(reading, rule, "body"))
        inside = [block for block in reading.tail if _is_within(block.box, parts)]
        if sum(block.words for block in inside if looks_like_prose(block)) < SHORT_STORY:
            continue
        for block in reading.tail:
            _seek(reading, block, inside=_is_within(block.box, parts))
        _bound_story(reading)
        reading.found_by = "rule"
        return True
    return False


def take_out(reading: Reading, rules: Sequence[Rule]) -> bool:
    """Mark the story's blocks that rules remove as boilerplate; true where there were any."""
    taken: list[Block] = []
    story = reading.story_blocks()
    words = sum(block.words for block in story)
    for rule in rules:
        parts = _places(_elements(reading, rule, "remove"))
        fits = [block for block in story if _is_within(block.box, parts)] if parts else []
        if sum(block.words for block in fits) <= MOST_REMOVED * words:
            taken += fits
    for block in taken:
        place = block.index - reading.story.offset
        item = _placed(reading, block)
        found = forced(item) or by_markup(item)
        reading.decisions[place] = Decision(found.role if found else "other", "rule: remove")
    if taken:
        _bound_story(reading)
    return bool(taken)


def values_of(reading: Reading, rules: Sequence[Rule], key: str) -> list[str]:
    """The texts a field's selector fits: of the first rule that fits any, in page order, each once."""
    for rule in rules:
        texts = [_value(element) for element in _elements(reading, rule, key)]
        if any(texts):
            return list(dict.fromkeys(text for text in texts if text))
    return []


def _day(article: Article, fetched_at: datetime | None) -> date | None:
    """The day whose markup the page may have: that of its publication, or of its fetch where that is earlier.

    Many outlets leave old articles in the markup of their time.
    """
    days = [date.fromisoformat(article.published[:10])] if article.published else []
    if fetched_at is not None:
        days.append(fetched_at.date())
    return min(days, default=None)


def _elements(reading: Reading, rule: Rule, key: str) -> list[LexborNode]:
    css = rule.selectors.get(key)
    root = reading.page.root
    return root.css(css) if css is not None and root is not None else []


def _places(parts: Iterable[LexborNode]) -> frozenset[int]:
    return frozenset(part.mem_id for part in parts)


def _is_within(box: Box | None, places: frozenset[int]) -> bool:
    while box is not None:
        if box.place in places:
            return True
        box = box.parent
    return False


def _placed(reading: Reading, block: Block) -> Placed:
    place = block.index - reading.story.offset
    score = reading.story.score(block.index)
    return Placed(block, reading.hits[place], score, reading.decisions[place])


def _seek(reading: Reading, block: Block, *, inside: bool) -> None:
    """Give a block the role it has where only what is inside can be story."""
    place = block.index - reading.story.offset
    role = reading.decisions[place].role
    if not inside:
        if role == "story":
            reading.decisions[place] = Decision("other", "rule: outside of body")
        return
    item = _placed(reading, block)
    found = forced(item) or (None if looks_like_prose(block) else by_markup(item))
    if role in ("outside", "other", "story", "deck"):
        reading.decisions[place] = found or Decision("story", "rule: body")


def _bound_story(reading: Reading) -> None:
    """Let the story begin with its first block and end with its last."""
    blocks = reading.story_blocks()
    if blocks:
        reading.story.first, reading.story.end = blocks[0].index, blocks[-1].index + 1


def _value(element: LexborNode) -> str:
    """What an element says: a meta element's content, a time element's moment, any other's text."""
    said = element.attributes
    stated = said.get("content") or (said.get("datetime") if element.tag == "time" else None)
    return clean(stated if stated is not None else " ".join(_texts(element)))


def _texts(element: LexborNode) -> Iterator[str]:
    for inner in element.traverse(include_text=True):
        parent = inner.parent
        if inner.tag == "-text" and (parent is None or parent.tag not in _UNREAD):
            yield inner.text_content or ""


def _headline(article: Article, reading: Reading, rules: Sequence[Rule]) -> None:
    if article.headline and reading.headline.score >= UNSURE_HEADLINE:
        return
    for text in values_of(reading, rules, "headline")[:1]:
        article.headline = without_site(text, reading.names)
        article.evidence["headline"] = "rule"


def _persons(article: Article, reading: Reading, rules: Sequence[Rule]) -> None:
    """Authors and editors where none were found; a line may name both."""
    if not article.authors:
        for text in values_of(reading, rules, "byline"):
            byline = read_byline(text, outlet_names=reading.names, lexicon=reading.lexicon)
            if byline is None:
                continue
            _add(article.authors, byline.authors)
            if not article.editors:
                _add(article.editors, byline.editors)
            article.byline = article.byline or byline.raw
            article.evidence["authors"] = "rule"
    if not article.editors:
        for text in values_of(reading, rules, "editor"):
            byline = read_byline(text, outlet_names=reading.names, lexicon=reading.lexicon)
            if byline is not None:
                _add(article.editors, byline.editors or byline.authors)
                article.evidence["editors"] = "rule"


def _add(names: list[str], more: Iterable[str]) -> None:
    names += [name for name in more if name not in names]


def _published(
    article: Article, reading: Reading, rules: Sequence[Rule], source: Source, fetched_at: datetime | None
) -> None:
    if article.published and article.published_from not in _GUESSED:
        return
    found = [("visible (rule)", moment) for moment in _moments(article, reading, rules, fetched_at)]
    chosen = choose_published(found, zone=source.timezone, fetched_at=fetched_at)
    if chosen is not None:
        article.published, article.published_raw = chosen.iso, chosen.raw
        article.published_from = article.evidence["published"] = "rule"


def _moments(
    article: Article, reading: Reading, rules: Sequence[Rule], fetched_at: datetime | None
) -> Iterator[Moment]:
    for text in values_of(reading, rules, "date"):
        stated = read_iso(text, language=article.language, fetched_at=fetched_at)
        if stated is not None:
            yield stated
            continue
        for entry in read_moments(text, language=article.language, fetched_at=fetched_at):
            if entry.label != "modified":
                yield entry.moment


def _labels(article: Article, reading: Reading, rules: Sequence[Rule]) -> None:
    """Deck, section and tags where none were found."""
    if not article.deck:
        for text in values_of(reading, rules, "deck")[:1]:
            article.deck, article.evidence["deck"] = text, "rule"
    if not article.section:
        for text in values_of(reading, rules, "section")[-1:]:
            article.section, article.evidence["section"] = text, "rule"
    if not article.tags:
        texts = values_of(reading, rules, "tags")
        if len(texts) == 1:
            texts = [part.strip() for part in texts[0].split(",")]
        article.tags = [text.lstrip("#") for text in texts if text]
        if article.tags:
            article.evidence["tags"] = "rule"


def count_matches(html: bytes, url: str, rules: Iterable[Rule]) -> list[dict[str, int]]:
    """For each rule how many elements of a page each of its selectors fits."""
    root = parse(html, url).root
    return [
        {key: len(root.css(css)) if root is not None else 0 for key, css in rule.selectors.items()}
        for rule in rules
    ]

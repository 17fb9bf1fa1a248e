"""How far a reading is to be trusted, and whose story is taken where that is little.

Where the blocks are doubtful, the page's own JSON-LD and trafilatura are heard too; the one of the three that
is most like the others wins, since readers that agree are seldom all wrong.
"""

from __future__ import annotations

from w3lib.html import remove_tags, replace_entities

from crawler.extractors.body import settle_story
from crawler.extractors.lexicon import Hit, Lexicon
from crawler.extractors.page import Page
from crawler.extractors.reading import Reading, Rival
from crawler.extractors.second_opinion import agreement, second_opinion
from crawler.extractors.statements import stated
from crawler.items import Article, Boilerplate

DOUBTFUL = 0.4
#: Confidence below which another opinion is asked for.

OWN_WEIGHT = 0.15
#: Agreement that the blocks are ahead of the others: only they know roles.

LEAST_WORDS = 25
#: Words of another reader's story that are worth a comparison.

ENOUGH_WORDS = 80
#: Words of a story from which its length is no reason for doubt.


def confide(article: Article, reading: Reading, closing: str) -> None:
    """Fill ``confidence``, 0 to 1, and where it is low take the best of the stories there are."""
    blocks = reading.story_blocks()
    words = sum(block.words for block in blocks)
    scores = sum(reading.story.score(b.index) * b.words for b in blocks) / words if words else 0.0
    length = min(1.0, words / ENOUGH_WORDS)
    head = min(1.0, reading.headline.score) if reading.headline.text else 0.0
    confidence = scores * (0.4 + 0.6 * length) * (0.7 + 0.3 * head)
    stated_story = _stated_story(reading.page)
    if stated_story and words:
        confidence = 0.5 * confidence + 0.5 * agreement(article.body, stated_story)
    article.confidence = round(confidence, 3)
    article.evidence["body"] = reading.found_by
    if article.confidence < DOUBTFUL and reading.found_by == "blocks":
        _hear_others(article, reading, stated_story, closing)


def _stated_story(page: Page) -> str | None:
    """The story as the page's JSON-LD tells it, without markup."""
    for value in stated(page, "articleBody"):
        if isinstance(value, str) and len(value.split()) >= 30:
            return str(remove_tags(replace_entities(value)))
    return None


def _hear_others(article: Article, reading: Reading, stated_story: str | None, closing: str) -> None:
    stories = {
        "blocks": article.body,
        "trafilatura": second_opinion(reading.page.text, reading.page.url),
        "json-ld": stated_story or "",
    }
    stories = {
        name: story
        for name, story in stories.items()
        if story and (name == "blocks" or len(story.split()) >= LEAST_WORDS)
    }
    reading.rivals += [Rival("body", f"{len(story.split())} words", name) for name, story in stories.items()]
    best = max(stories, key=lambda name: _likeness(name, stories), default="blocks")
    if best == "blocks":
        return
    kept, aside = _sorted(stories[best].split("\n"), reading.lexicon)
    before = article.body.split("\n\n")
    settle_story(article, kept, names=reading.names, closing=closing)
    article.boilerplate += aside
    article.boilerplate += [Boilerplate("other", p) for p in before if p and p not in article.body]
    article.evidence["body"] = best
    article.warnings.append(f"story taken from {best}: the blocks were doubtful")


def _likeness(name: str, stories: dict[str, str]) -> float:
    own = OWN_WEIGHT if name == "blocks" else 0.0
    return own + sum(agreement(stories[name], other) for key, other in stories.items() if key != name)


def _sorted(lines: list[str], lexicon: Lexicon) -> tuple[list[str], list[Boilerplate]]:
    """Another reader's lines: the story's, and those that their words tell to be none."""
    kept: list[str] = []
    aside: list[Boilerplate] = []
    for line in filter(None, (" ".join(line.split()) for line in lines)):
        hit: Hit | None = lexicon.boilerplate_kind(line)
        if hit is not None and hit.how != "contains":
            aside.append(Boilerplate(hit.kind, line))
        else:
            kept.append(line)
    return kept, aside

"""What a block is by itself: by its words, its markup, its score. `roles` decides between neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crawler.extractors.blocks import Block, Box, Flow
from crawler.extractors.features import HEADINGS, ends_sentence
from crawler.extractors.lexicon import Hit
from crawler.extractors.markup import markup_groups
from crawler.extractors.story import Story
from crawler.items import BoilerplateKind

Role = Literal["deck", "date", "dateline", "story", "outside"] | BoilerplateKind

_KIND_BY_GROUP: tuple[tuple[str, BoilerplateKind], ...] = (
    ("pages", "pagination"),
    ("caption", "caption"),
    ("tags", "tags"),
    ("comment", "comment_prompt"),
    ("subscribe", "subscribe"),
    ("share", "share"),
    ("related", "related"),
    ("popular", "related"),
    ("video", "video"),
    ("byline", "credit"),
    ("about", "other"),
    ("advert", "ad_marker"),
)
#: What a container's name says its blocks are, the surest first.

_PLEAS: frozenset[str] = frozenset(
    {"subscribe", "follow", "share", "comment_prompt", "copyright", "ad_marker"}
)
#: Kinds whose blocks are whole sentences addressed to the reader.

SURE_STORY = 0.8
#: Probability of being story from which a phrase at a sentence's beginning does not count.

_PHRASE_WORDS = 60
#: Words of a block up to which a phrase at its beginning speaks for all of it.


@dataclass(slots=True)
class Decision:
    """A block's role and why it has it."""

    role: Role
    reason: str
    topical: bool = False
    #: For related blocks: a link to a story on the subject, not an entry of a general list.


@dataclass(slots=True)
class Placed:
    """A block with what is known and decided of it."""

    block: Block
    hit: Hit | None
    score: float
    decision: Decision

    @property
    def is_story(self) -> bool:
        return self.decision.role == "story"


@dataclass(slots=True)
class Scene:
    """The blocks from the headline on, and where among them the story stands."""

    flow: Flow
    items: list[Placed]
    begin: int
    end: int
    #: Places in ``items``; the story is ``items[begin:end]``.

    def story_places(self) -> range:
        return range(self.begin, self.end)


def set_scene(flow: Flow, story: Story, hits: Sequence[Hit | None]) -> Scene:
    """Decide each block by itself; what is not within the story's run stays outside."""
    items = []
    for block, hit in zip(flow.blocks[story.offset :], hits, strict=True):
        item = Placed(block, hit, story.score(block.index), Decision("outside", ""))
        if story.first <= block.index < story.end:
            item.decision = inside(item)
        items.append(item)
    return Scene(flow, items, story.first - story.offset, story.end - story.offset)


def inside(item: Placed) -> Decision:
    """What a block within the story's run is."""
    found = forced(item)
    block = item.block
    if found is not None and not _is_sentence_of_story(item):
        return found
    quoted = block.words >= 20 and block.link_share < 0.3 and "quote" in block.box.groups
    least = SURE_STORY if block.link_share > 0.9 else 0.5
    if item.score >= least or (quoted and item.score >= 0.15):
        return Decision("story", f"score {item.score:.2f}")
    return by_markup(item) or Decision("other", f"score {item.score:.2f}")


def _is_sentence_of_story(item: Placed) -> bool:
    """A sentence that only begins like a prompt: "Subscribe to the law, he said" stands among paragraphs."""
    hit, block = item.hit, item.block
    if hit is None or hit.how not in ("prefix", "contains") or hit.kind in _PLEAS:
        return False
    if item.score < SURE_STORY or block.words < 12:
        return False
    return hit.share < 0.3 and block.link_share < 0.2 and ends_sentence(block.text)


def forced(item: Placed) -> Decision | None:
    """What a block is by its words or as a caption, whatever its score."""
    block, hit = item.block, item.hit
    if hit is not None and _speaks_for_all(block, hit):
        return Decision(hit.kind, f"phrase ({hit.how})", topical=hit.scope == "topical")
    box = block.box
    if box.tag in ("figcaption", "figure") or (box.parent is not None and box.parent.tag == "figcaption"):
        return Decision("caption", "figure")
    groups = box.groups
    if "caption" in groups and "story" not in groups and block.words <= 60 and block.tag not in HEADINGS:
        return Decision("caption", "markup: caption")
    return None


def _speaks_for_all(block: Block, hit: Hit) -> bool:
    """Whether a phrase speaks for the whole block."""
    if hit.kind == "pagination" and block.text.isdigit():
        return False  # a lone number may count comments or shares
    if hit.scope == "list":
        return False  # a sub-heading may well be called "Ringkasan"; see `label_summaries`
    if hit.how in ("line", "pattern"):
        return True
    if hit.how == "prefix":
        return block.words <= _PHRASE_WORDS
    if block.tag == "li" and not block.links and hit.share < 0.5:
        return False  # "Unduh aplikasinya, lalu masuk": a step of a guide; a prompt has a link
    return block.words <= 14 or hit.share >= 0.3 or block.link_share > 0.5


def by_markup(item: Placed) -> Decision | None:
    """The kind that the block's containers name, the nearest first; else its phrase, else its link."""
    block, hit = item.block, item.hit
    names: list[tuple[str, ...]] = [markup_groups(block.inner)] if block.inner else []
    box: Box | None = block.box
    for _ in range(4):
        if box is None or box.parent is None:
            break
        if box.tag in ("figure", "figcaption"):
            return Decision("caption", "figure")
        names.append(box.groups)
        if "story" in names[-1] and block.words > 8 and block.link_share < 0.3:
            break
        box = box.parent
    for groups in names:
        for group, kind in _KIND_BY_GROUP:
            if group in groups:
                return Decision(kind, f"markup: {group}")
    if hit is not None:
        return Decision(hit.kind, f"phrase ({hit.how})", topical=hit.scope == "topical")
    if block.link_share >= 0.6 and block.words >= 4:
        return Decision("related", "link")
    return None

"""The role of every block between the headline and the article's end, decided together.

A block's words, its markup and its neighbours each say something; the page's order decides between them. A
"Baca juga" heading makes the links under it related, a short line between two paragraphs of the story is
part of it, a paragraph in a comment thread is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crawler.extractors.blocks import Block, Box, Flow
from crawler.extractors.features import HEADINGS, box_groups, markup_groups
from crawler.extractors.lexicon import Hit
from crawler.extractors.story import Kin, Story, kin_of
from crawler.items import BoilerplateKind

Role = Literal["headline", "deck", "byline", "date", "section", "dateline", "story", "outside"] | BoilerplateKind

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

_CLOSING: frozenset[str] = frozenset({"comment_prompt", "tags", "subscribe", "other", "copyright", "credit"})
#: Kinds whose heading ends a story.

_PROSE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_TEASER_END = re.compile(r"(?:…|\.\.\.)\s*$")


@dataclass(slots=True)
class Decision:
    """A block's role and why it has it."""

    role: Role
    reason: str
    topical: bool = False
    #: For related blocks: a link to a story on the subject, not an entry of a general list.


def decide_roles(
    flow: Flow, story: Story, headline: int | None, hits: Sequence[Hit | None]
) -> list[Decision]:
    """A decision for each block from ``story.offset`` on."""
    offset = story.offset
    blocks = flow.blocks[offset:]
    decisions = [
        _inside(block, story, hit) if story.first <= block.index < story.end else Decision("outside", "")
        for block, hit in zip(blocks, hits, strict=True)
    ]
    _close_story(blocks, decisions, story, hits)
    _join_story(blocks, decisions, story, hits)
    _label_captions(flow, decisions, story)
    _label_before(blocks, decisions, story, headline, hits)
    _label_after(blocks, decisions, story, hits)
    _label_related(blocks, decisions, story, hits)
    return decisions


def _inside(block: Block, story: Story, hit: Hit | None) -> Decision:
    """A block within the run that is the story."""
    score = story.score(block.index)
    forced = _forced(block, hit)
    if forced is not None:
        return forced
    if score >= 0.5 or (score >= 0.15 and block.words >= 20 and block.link_share < 0.3 and "quote" in box_groups(block.box)):
        return Decision("story", f"score {score:.2f}")
    return _by_markup(block, hit) or Decision("other", f"score {score:.2f}")


def _forced(block: Block, hit: Hit | None) -> Decision | None:
    """What a block is by its words or its markup, whatever its score."""
    if hit is not None and _counts(block, hit):
        return Decision(hit.kind, f"phrase ({hit.how})", topical=hit.scope == "topical")
    if block.box.tag in ("figcaption", "figure") or (block.box.parent is not None and block.box.parent.tag == "figcaption"):
        return Decision("caption", "figure")
    groups = box_groups(block.box)
    if "caption" in groups and "story" not in groups and block.words <= 60 and block.tag not in HEADINGS:
        return Decision("caption", "markup: caption")
    return None


def _counts(block: Block, hit: Hit) -> bool:
    """Whether a phrase speaks for the whole block."""
    if hit.how in ("line", "pattern"):
        return True
    if hit.how == "prefix":
        return block.words <= 60
    return block.words <= 14 or hit.share >= 0.3 or block.link_share > 0.5


def _by_markup(block: Block, hit: Hit | None) -> Decision | None:
    """The kind that the block's containers name, the nearest container first."""
    names: list[tuple[str, ...]] = [markup_groups(block.inner)] if block.inner else []
    box: Box | None = block.box
    for _ in range(4):
        if box is None or box.parent is None:
            break
        names.append(box_groups(box))
        if box.tag in ("figure", "figcaption"):
            return Decision("caption", "figure")
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


def _close_story(blocks: Sequence[Block], decisions: list[Decision], story: Story, hits: Sequence[Hit | None]) -> None:
    """End the story at a heading such as "About us" or "Leave a reply" with little of the story after it, and
    take out the teasers of lists: cut sentences under a linked title."""
    begin, end = story.first - story.offset, story.end - story.offset
    words = [b.words if d.role == "story" else 0 for b, d in zip(blocks[begin:end], decisions[begin:end], strict=True)]
    total, seen = sum(words), 0
    for place in range(begin, end):
        block, hit = blocks[place], hits[place]
        if (
            hit is not None and hit.how == "line" and (hit.kind in _CLOSING or hit.scope == "general")
            and seen >= 0.6 * total and (block.tag in HEADINGS or block.bold or hit.scope == "general")
        ):  # fmt: skip
            story.end = place + story.offset
            for later in range(place, end):
                decisions[later] = Decision("outside", "")
            return
        seen += words[place - begin]
        before = blocks[place - 1] if place else None
        if before is not None and before.link_share > 0.8 and before.words >= 3 and _TEASER_END.search(block.text):
            decisions[place] = Decision("related", "teaser under a link")


def _label_captions(flow: Flow, decisions: list[Decision], story: Story) -> None:
    """A line right after an image, outside the container of the paragraphs, is its caption."""
    offset = story.offset
    homes = [kin_of(b) for b, d in zip(flow.blocks[offset:], decisions, strict=True) if d.role == "story" and b.words >= 12]
    for picture in flow.pictures:
        place = picture.before - offset
        if not 0 <= place < len(decisions) or decisions[place].role not in ("story", "other", "deck"):
            continue
        block = flow.blocks[picture.before]
        near = _within(block.box, picture.box) or (picture.box.parent is not None and _within(block.box, picture.box.parent))
        if near and block.words <= 40 and block.tag not in HEADINGS and homes.count(kin_of(block)) <= 1 and len(homes) >= 3:
            decisions[place] = Decision("caption", "under an image")


def _join_story(blocks: Sequence[Block], decisions: list[Decision], story: Story, hits: Sequence[Hit | None]) -> None:
    """Sub-headings, list items and short lines between paragraphs belong to the story they stand in; so do the
    paragraphs right after it in the same container. What stands out before its first paragraph is the deck."""
    offset = story.offset
    words: dict[Kin, int] = {}
    for block, decision in zip(blocks, decisions, strict=True):
        if decision.role == "story" and block.words >= 8:
            kin = kin_of(block)
            words[kin] = words.get(kin, 0) + block.words
    most = max(words.values(), default=0)
    main = {kin for kin, count in words.items() if count >= 0.25 * most}
    if main:
        _extend(blocks, decisions, story, hits, main)
    begin, end = story.first - offset, story.end - offset
    for place in range(begin, end):
        block = blocks[place]
        if decisions[place].role != "story":
            continue
        lone = "deck" in box_groups(block.box) and kin_of(block) not in main
        if (block.tag in HEADINGS or lone) and 4 <= block.words <= 70:
            decisions[place] = Decision("deck", "before the first paragraph")
        break
    for place in range(end - 1, begin - 1, -1):
        block, decision = blocks[place], decisions[place]
        markup = decision.role != "other" and decision.reason.startswith("markup")
        if not (decision.role == "other" or markup) or hits[place] is not None or block.link_share >= 0.5:
            continue
        score = story.score(block.index)
        follows = any(d.role == "story" for d in decisions[place + 1 : place + 4])
        precedes = any(d.role == "story" for d in decisions[max(0, place - 3) : place])
        within = kin_of(block) in main
        if within and block.words >= 10 and _PROSE_END.search(block.text) and block.link_share < 0.3:
            decisions[place] = Decision("story", "among its paragraphs")
        elif markup:
            continue
        elif (block.tag in HEADINGS or block.bold) and follows and precedes and score >= 0.05:
            decisions[place] = Decision("story", "sub-heading")
        elif within and precedes and (follows or score >= 0.3) and score >= 0.12:
            decisions[place] = Decision("story", f"between paragraphs, score {score:.2f}")


def _extend(
    blocks: Sequence[Block],
    decisions: list[Decision],
    story: Story,
    hits: Sequence[Hit | None],
    main: set[Kin],
) -> None:
    """Take in paragraphs before and after the run that stand in the same container, over what interrupts them."""
    offset = story.offset
    end = story.end - offset
    for ahead in range(end, len(blocks)):
        hit = hits[ahead]
        if hit is not None and hit.how == "line" and hit.kind in _CLOSING and blocks[ahead].link_share < 0.5:
            break
        if _continues(blocks[ahead], story, hit, main):
            for place in range(end, ahead):
                decisions[place] = _inside(blocks[place], story, hits[place])
            decisions[ahead] = Decision("story", "goes on in the same container")
            end = ahead + 1
    begin = story.first - offset
    for back in range(begin - 1, -1, -1):
        if _continues(blocks[back], story, hits[back], main):
            for place in range(back + 1, begin):
                decisions[place] = _inside(blocks[place], story, hits[place])
            decisions[back] = Decision("story", "begins in the same container")
            begin = back
    story.first, story.end = begin + offset, end + offset


def _continues(block: Block, story: Story, hit: Hit | None, main: set[Kin]) -> bool:
    """Whether a block right after the story's run is still part of it."""
    if hit is not None or kin_of(block) not in main or block.link_share >= 0.3 or _forced(block, hit) is not None:
        return False
    score = story.score(block.index)
    return score >= 0.25 or (block.words >= 8 and score >= 0.08 and bool(_PROSE_END.search(block.text)))


def _label_before(
    blocks: Sequence[Block], decisions: list[Decision], story: Story, headline: int | None, hits: Sequence[Hit | None]
) -> None:
    """Deck, captions and lines between headline and story."""
    offset = story.offset
    deck_seen = False
    for place in range(max(0, story.first - offset)):
        block = blocks[place]
        decision = _forced(block, hits[place]) or _by_markup(block, hits[place])
        groups = box_groups(block.box)
        near = headline is None or place < 8
        if (
            not deck_seen and near and headline is not None and 4 <= block.words <= 70 and block.link_share < 0.5
            and (decision is None or decision.role in ("other",))
            and ("deck" in groups or block.tag in HEADINGS or (block.words >= 8 and place < 3))
        ):  # fmt: skip
            decision, deck_seen = Decision("deck", "under the headline"), True
        decisions[place] = decision or Decision("other", "before the story")


def _label_after(
    blocks: Sequence[Block], decisions: list[Decision], story: Story, hits: Sequence[Hit | None]
) -> None:
    """Blocks after the story, until its surroundings end; what is farther stays outside."""
    offset = story.offset
    if story.end <= story.first:
        return
    area = _area(blocks, story)
    for place in range(story.end - offset, len(blocks)):
        block = blocks[place]
        if not _within(block.box, area) or _is_site(block.box, area):
            continue
        decisions[place] = (
            _forced(block, hits[place]) or _by_markup(block, hits[place]) or Decision("other", "after the story")
        )


def _area(blocks: Sequence[Block], story: Story) -> Box:
    """The container of the article: the smallest that holds headline and story, and one step more where that
    step adds no other article."""
    offset = story.offset
    first, last = blocks[max(0, story.first - offset)], blocks[story.end - 1 - offset]
    box: Box = first.box
    while box.end < last.index + 1 or not (box.first <= first.index):
        if box.parent is None:
            return box
        box = box.parent
    while box.parent is not None and box.parent.tag != "body" and box.first >= offset:
        box = box.parent
    return box


def _within(box: Box | None, area: Box) -> bool:
    while box is not None:
        if box is area:
            return True
        box = box.parent
    return False


def _is_site(box: Box | None, area: Box) -> bool:
    """In a menu, side column or site footer inside the area."""
    while box is not None and box is not area:
        if box.tag in ("nav", "aside", "footer") and "story" not in box_groups(box):
            return True
        box = box.parent
    return False


def _label_related(
    blocks: Sequence[Block], decisions: list[Decision], story: Story, hits: Sequence[Hit | None]
) -> None:
    """Carry a heading's scope to the links under it."""
    topical: bool | None = None
    carrier: Box | None = None
    for place, (block, decision) in enumerate(zip(blocks, decisions, strict=True)):
        hit = hits[place]
        if decision.role == "outside":
            topical = None
            continue
        if hit is not None and hit.kind == "related" and decision.role == "related":
            heads = hit.how == "line" or (hit.how == "prefix" and not hit.rest and not block.links)
            if heads:
                topical, carrier = hit.scope == "topical", block.box
                decision.topical = decision.topical and bool(block.links) and block.link_share < 0.9
                continue
            decision.topical = hit.scope == "topical"
            continue
        if decision.role == "story":
            topical = None
            continue
        if topical is None:
            continue
        linked = block.link_share >= 0.5 and block.words >= 3
        if linked and decision.role in ("related", "other", "caption", "credit", "video", "share"):
            decisions[place] = Decision("related", "under a related heading", topical=topical)
        elif block.tag in HEADINGS or (hit is not None and decision.role not in ("related",)):
            topical = None
        elif decision.role == "other" and carrier is not None:
            decisions[place] = Decision("related", "in a related list")

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
from crawler.extractors.features import HEADINGS, box_groups, ends_sentence, markup_groups
from crawler.extractors.lexicon import Hit
from crawler.extractors.moments import read_moments
from crawler.extractors.story import Kin, Story, kin_of
from crawler.items import BoilerplateKind

Role = (
    Literal["headline", "deck", "byline", "date", "section", "dateline", "story", "outside"] | BoilerplateKind
)

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

_APART = frozenset({"sidebar", "site_footer"})
MAX_TAIL = 300
#: Blocks after the story that are looked at.

_LISTED: frozenset[str] = frozenset(
    {"related", "other", "caption", "credit", "video", "share", "ad_marker", "subscribe"}
)
#: Roles of blocks that may be a linked title all the same.

NEAR_STORY = 40
#: Blocks after the story within which a list is taken to be on its subject.

LONGEST_LIST = 15
#: Entries of such a list; a longer one is a feed.

_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'’-]{3,}")
_TEASER_END = re.compile(r"(?:…|\.\.\.)\s*$")


@dataclass(slots=True)
class Decision:
    """A block's role and why it has it."""

    role: Role
    reason: str
    topical: bool = False
    #: For related blocks: a link to a story on the subject, not an entry of a general list.


def decide_roles(
    flow: Flow,
    story: Story,
    headline: int | None,
    hits: Sequence[Hit | None],
    subject: str = "",
    names: Sequence[str] = (),
) -> list[Decision]:
    """A decision for each block from ``story.offset`` on.

    ``subject`` is the headline, for what is topical; ``names`` are the outlet's.
    """
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
    _label_related(blocks, decisions, story, hits, _subject(blocks, decisions, subject), names)
    return decisions


def _inside(block: Block, story: Story, hit: Hit | None) -> Decision:
    """A block within the run that is the story."""
    score = story.score(block.index)
    forced = _forced(block, hit)
    if forced is not None:
        return forced
    if score >= 0.5 or (
        score >= 0.15 and block.words >= 20 and block.link_share < 0.3 and "quote" in box_groups(block.box)
    ):
        return Decision("story", f"score {score:.2f}")
    return _by_markup(block, hit) or Decision("other", f"score {score:.2f}")


def _forced(block: Block, hit: Hit | None) -> Decision | None:
    """What a block is by its words or its markup, whatever its score."""
    if hit is not None and _counts(block, hit) and not (hit.kind == "pagination" and block.text.isdigit()):
        return Decision(hit.kind, f"phrase ({hit.how})", topical=hit.scope == "topical")
    if block.box.tag in ("figcaption", "figure") or (
        block.box.parent is not None and block.box.parent.tag == "figcaption"
    ):
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


def _close_story(
    blocks: Sequence[Block], decisions: list[Decision], story: Story, hits: Sequence[Hit | None]
) -> None:
    """End the story at a heading such as "About us" or "Leave a reply" with little of the story after it, and
    take out the teasers of lists: cut sentences under a linked title."""
    begin, end = story.first - story.offset, story.end - story.offset
    words = [
        b.words if d.role == "story" else 0
        for b, d in zip(blocks[begin:end], decisions[begin:end], strict=True)
    ]
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
        if (
            before is not None
            and before.link_share > 0.8
            and before.words >= 3
            and _TEASER_END.search(block.text)
        ):
            decisions[place] = Decision("related", "teaser under a link")


def _label_captions(flow: Flow, decisions: list[Decision], story: Story) -> None:
    """A line right after an image, outside the container of the paragraphs, is its caption."""
    offset = story.offset
    homes = [
        kin_of(b)
        for b, d in zip(flow.blocks[offset:], decisions, strict=True)
        if d.role == "story" and b.words >= 12
    ]
    for picture in flow.pictures:
        place = picture.before - offset
        if not 0 <= place < len(decisions) or decisions[place].role not in ("story", "other", "deck"):
            continue
        block = flow.blocks[picture.before]
        near = _within(block.box, picture.box) or (
            picture.box.parent is not None and _within(block.box, picture.box.parent)
        )
        if (
            near
            and block.words <= 25
            and block.tag not in HEADINGS
            and homes.count(kin_of(block)) <= 1
            and len(homes) >= 3
        ):
            decisions[place] = Decision("caption", "under an image")


def _join_story(
    blocks: Sequence[Block], decisions: list[Decision], story: Story, hits: Sequence[Hit | None]
) -> None:
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
        if _tells_time(block) and not ends_sentence(block.text):
            decisions[place] = Decision("date", "a date before the first paragraph")
            continue
        lone = "deck" in box_groups(block.box) and kin_of(block) not in main
        if (block.tag in HEADINGS or lone) and 4 <= block.words <= 70 and not _tells_time(block):
            decisions[place] = Decision("deck", "before the first paragraph")
        break
    begin = next((p for p in range(begin, end) if decisions[p].role == "story"), begin)
    story.first = begin + offset
    for place in range(end - 1, begin - 1, -1):
        block, decision = blocks[place], decisions[place]
        markup = decision.role != "other" and decision.reason.startswith("markup")
        if not (decision.role == "other" or markup) or hits[place] is not None or block.link_share >= 0.5:
            continue
        score = story.score(block.index)
        follows = any(d.role == "story" for d in decisions[place + 1 : place + 4])
        precedes = any(d.role == "story" for d in decisions[max(0, place - 3) : place])
        within = kin_of(block) in main
        if within and block.words >= 10 and ends_sentence(block.text) and block.link_share < 0.3:
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
    if (
        hit is not None
        or kin_of(block) not in main
        or block.link_share >= 0.3
        or _forced(block, hit) is not None
    ):
        return False
    score = story.score(block.index)
    return score >= 0.25 or (block.words >= 8 and score >= 0.08 and ends_sentence(block.text))


def _label_before(
    blocks: Sequence[Block],
    decisions: list[Decision],
    story: Story,
    headline: int | None,
    hits: Sequence[Hit | None],
) -> None:
    """Deck, captions and lines between headline and story."""
    offset = story.offset
    deck_seen = False
    for place in range(max(0, story.first - offset)):
        block = blocks[place]
        decision = _forced(block, hits[place]) or _by_markup(block, hits[place])
        if decision is not None and decision.reason == "link":
            decision = None
        groups = box_groups(block.box)
        near = headline is None or place < 8
        if (
            not deck_seen and near and headline is not None and 5 <= block.words <= 70 and block.link_share < 0.5
            and (decision is None or decision.role in ("other",))
            and ("deck" in groups or block.tag in HEADINGS or (block.words >= 8 and place < 3))
            and not _tells_time(block)
        ):  # fmt: skip
            decision, deck_seen = Decision("deck", "under the headline"), True
        decisions[place] = decision or Decision("other", "before the story")


def _tells_time(block: Block) -> bool:
    """A line that is mostly a date."""
    return block.words <= 16 and bool(read_moments(block.text))


def _label_after(
    blocks: Sequence[Block], decisions: list[Decision], story: Story, hits: Sequence[Hit | None]
) -> None:
    """Blocks after the story, until the site's footer; menus and side columns stay outside."""
    offset = story.offset
    if story.end <= story.first:
        return
    anchor = blocks[story.end - 1 - offset]
    cache: dict[int, bool] = {}
    for place in range(story.end - offset, len(blocks)):
        block = blocks[place]
        apart = cache.get(id(block.box))
        if apart is None:
            apart = cache[id(block.box)] = _is_apart(block.box, anchor)
        if apart:
            if block.box.tag == "footer" or place - (story.end - offset) > MAX_TAIL:
                break
            continue
        decisions[place] = (
            _forced(block, hits[place])
            or _by_markup(block, hits[place])
            or Decision("other", "after the story")
        )


def _is_apart(box: Box | None, anchor: Block) -> bool:
    """In a menu, side column or footer that does not hold the story's last block too."""
    while box is not None and not box.first <= anchor.index < box.end:
        groups = box_groups(box)
        if box.tag in ("nav", "aside", "footer") or (_APART.intersection(groups) and "related" not in groups):
            return True
        box = box.parent
    return False


def _within(box: Box | None, area: Box) -> bool:
    while box is not None:
        if box is area:
            return True
        box = box.parent
    return False


def _label_related(
    blocks: Sequence[Block],
    decisions: list[Decision],
    story: Story,
    hits: Sequence[Hit | None],
    subject: frozenset[str],
    names: Sequence[str],
) -> None:
    """Tell links on the story's subject from lists of whatever else there is to read.

    A heading speaks for the links under it, a container's name for those inside, their own words otherwise.
    """
    begin, end = story.first - story.offset, story.end - story.offset
    homes = {
        id(block.box.parent)
        for block, decision in zip(blocks, decisions, strict=True)
        if decision.role == "story"
    }
    scope: str | None = None
    entries = 0
    listed: list[int] = []
    for place, (block, decision) in enumerate(zip(blocks, decisions, strict=True)):
        hit = hits[place]
        linked = block.link_share >= 0.6 and block.words >= 3 and len(block.links) <= 2
        if decision.role in ("outside", "story") or place < begin:
            scope = None
        elif (
            hit is not None and hit.kind == "related" and decision.role == "related" and hit.scope is not None
        ):
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            heads = hit.how == "line" or (
                block.link_share < 0.5
                and following is not None
                and following.link_share >= 0.8
                and place > end
            )
            if heads:
                scope = "general" if _names_outlet(block.text, names) else hit.scope
                decision.topical, entries = False, 0
            else:
                decision.topical = hit.scope == "topical" and not _names_outlet(block.text, names)
        elif _ends_list(block, hit):
            scope = None
        elif (
            linked
            and decision.role in _LISTED
            and not _is_phrase(decision)
            and "sponsored" not in _names_around(block)
        ):
            listed.append(place)
            if decision.role != "related":
                decision = decisions[place] = Decision("related", "linked title")
            entries += 1
            about = bool(subject & set(block.text.casefold().split()))
            beside = id(block.box.parent) in homes and place <= end + 6
            named = "topical" in _names_around(block)
            if place >= end + NEAR_STORY or entries > LONGEST_LIST:
                decision.topical = about and scope == "topical" and entries <= LONGEST_LIST
            else:
                decision.topical = scope == "topical" or begin <= place < end or beside or named or about
            if decision.topical:
                decision.reason += ", topical"
        elif scope is not None and decision.role == "other":
            decisions[place] = Decision("related", "in a related list")
    _keep_titles(blocks, decisions, listed)


def _subject(blocks: Sequence[Block], decisions: Sequence[Decision], headline: str) -> frozenset[str]:
    """The words that tell what the story is about: long ones of the headline, names that recur in the story."""
    counts: dict[str, int] = {}
    for block, decision in zip(blocks, decisions, strict=True):
        if decision.role == "story":
            for word in _NAME.findall(block.text):
                counts[word.casefold()] = counts.get(word.casefold(), 0) + 1
    names = {word for word, count in counts.items() if count >= 3}
    return frozenset(names | {word for word in headline.casefold().split() if len(word) >= 5})


def _names_outlet(text: str, names: Sequence[str]) -> bool:
    """A heading such as "More from the Daily Example": a list of the outlet's, not of the subject."""
    folded = text.casefold().replace(" ", "")
    return any(len(name) >= 4 and name.casefold().replace(" ", "") in folded for name in names)


def _ends_list(block: Block, hit: Hit | None) -> bool:
    """Whether a list of related links cannot go on over this block."""
    if hit is not None and hit.how == "line" and hit.kind in _CLOSING:
        return True
    return block.tag in HEADINGS and block.link_share < 0.5 and hit is None


def _is_phrase(decision: Decision) -> bool:
    """A credit or prompt by its words: no title, though it is a link."""
    return decision.role in ("credit", "share", "subscribe") and decision.reason.startswith("phrase")


def _names_around(block: Block) -> set[str]:
    names: set[str] = set(markup_groups(block.inner)) if block.inner else set()
    box: Box | None = block.box
    for _ in range(4):
        if box is None or box.parent is None:
            break
        names.update(box_groups(box))
        box = box.parent
    return names


def _keep_titles(blocks: Sequence[Block], decisions: list[Decision], listed: Sequence[int]) -> None:
    """Where the entries of a list have headings, only those are titles; the rest are their teasers."""
    headed = {id(_entry(blocks[place])) for place in listed if blocks[place].tag in HEADINGS}
    for place in listed:
        block = blocks[place]
        if decisions[place].topical and block.tag not in HEADINGS and id(_entry(block)) in headed:
            decisions[place].topical = False


def _entry(block: Block) -> Box:
    """The container of a list's entry, as far up as a heading and its teaser are apart."""
    box = block.box
    for _ in range(2):
        if box.parent is not None and box.parent.tag != "body":
            box = box.parent
    return box

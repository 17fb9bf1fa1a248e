"""Which links around a story lead to others on its subject, and which are lists of whatever there is to read.

A heading speaks for the links under it, a container's name for those inside, their own words otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extractors.blocks import Block, Box
from crawler.extractors.decisions import Decision, Placed, Scene
from crawler.extractors.features import HEADINGS, box_groups, markup_groups

NEAR_STORY = 40
#: Blocks after the story within which a list is taken to be on its subject.

LONGEST_LIST = 15
#: Entries of such a list; a longer one is a feed.

_LISTED: frozenset[str] = frozenset(
    {"related", "other", "caption", "credit", "video", "share", "ad_marker", "subscribe"}
)
#: Roles of blocks that may be a linked title all the same.

_ENDING: frozenset[str] = frozenset({"comment_prompt", "tags", "subscribe", "other", "copyright", "credit"})
#: Kinds of lines that end a list.

_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'’-]{3,}")


def label_related(scene: Scene, headline: str, names: Sequence[str]) -> None:
    """Tell topical links from others; ``names`` are the outlet's."""
    subject = _subject(scene, headline)
    homes = {id(item.block.box.parent) for item in scene.items if item.is_story}
    listed: list[Placed] = []
    scope: str | None = None
    entries = 0
    for place, item in enumerate(scene.items):
        block = item.block
        if item.decision.role in ("outside", "story") or place < scene.begin:
            scope = None
        elif _has_scope(item):
            after = scene.items[place + 1].block if place + 1 < len(scene.items) else None
            if _heads_list(item, after, place > scene.end):
                scope = "general" if _names_outlet(block.text, names) else _scope(item)
                item.decision.topical, entries = False, 0
            else:
                item.decision.topical = _scope(item) == "topical" and not _names_outlet(block.text, names)
        elif _ends_list(item):
            scope = None
        elif _is_entry(item):
            entries += 1
            listed.append(item)
            if item.decision.role != "related":
                item.decision = Decision("related", "linked title")
            about = bool(subject & set(block.text.casefold().split()))
            beside = place < scene.end or (id(block.box.parent) in homes and place <= scene.end + 6)
            near = place < scene.end + NEAR_STORY and entries <= LONGEST_LIST
            if near:
                item.decision.topical = (
                    scope == "topical" or beside or about or "topical" in _names_around(block)
                )
            else:
                item.decision.topical = about and scope == "topical" and entries <= LONGEST_LIST
            if item.decision.topical:
                item.decision.reason += ", topical"
        elif scope is not None and item.decision.role == "other":
            item.decision = Decision("related", "in a related list")
    _keep_titles(listed)


def _has_scope(item: Placed) -> bool:
    hit = item.hit
    return (
        item.decision.role == "related"
        and hit is not None
        and hit.kind == "related"
        and hit.scope is not None
    )


def _scope(item: Placed) -> str | None:
    return item.hit.scope if item.hit is not None else None


def _heads_list(item: Placed, after: Block | None, behind_story: bool) -> bool:
    """Whether a phrase such as "Baca juga" heads the links that follow, or has its own."""
    if item.hit is not None and item.hit.how == "line":
        return True
    return behind_story and item.block.link_share < 0.5 and after is not None and after.link_share >= 0.8


def _is_entry(item: Placed) -> bool:
    """A linked title: no credit or prompt that happens to be a link, nothing sponsored."""
    block, decision = item.block, item.decision
    if block.link_share < 0.6 or block.words < 3 or len(block.links) > 2 or decision.role not in _LISTED:
        return False
    if decision.role in ("credit", "share", "subscribe") and decision.reason.startswith("phrase"):
        return False
    return "sponsored" not in _names_around(block)


def _ends_list(item: Placed) -> bool:
    """Whether a list of related links cannot go on over this block."""
    hit = item.hit
    if hit is not None and hit.how == "line" and hit.kind in _ENDING:
        return True
    return item.block.tag in HEADINGS and item.block.link_share < 0.5 and hit is None


def _subject(scene: Scene, headline: str) -> frozenset[str]:
    """The words that tell what the story is about: long ones of its headline, names that recur in it."""
    counts: dict[str, int] = {}
    for item in scene.items[scene.begin : scene.end]:
        if item.is_story:
            for word in _NAME.findall(item.block.text):
                counts[word.casefold()] = counts.get(word.casefold(), 0) + 1
    names = {word for word, count in counts.items() if count >= 3}
    return frozenset(names | {word for word in headline.casefold().split() if len(word) >= 5})


def _names_outlet(text: str, names: Sequence[str]) -> bool:
    """A heading such as "More from the Daily Example": a list of the outlet's, not of the subject."""
    folded = text.casefold().replace(" ", "")
    return any(len(name) >= 4 and name.casefold().replace(" ", "") in folded for name in names)


def _names_around(block: Block) -> set[str]:
    names: set[str] = set(markup_groups(block.inner)) if block.inner else set()
    box: Box | None = block.box
    for _ in range(4):
        if box is None or box.parent is None:
            break
        names.update(box_groups(box))
        box = box.parent
    return names


def _keep_titles(listed: Sequence[Placed]) -> None:
    """Where the entries of a list have headings, only those are titles; the rest are their teasers."""
    headed = {id(_entry(item.block)) for item in listed if item.block.tag in HEADINGS}
    for item in listed:
        block = item.block
        if item.decision.topical and block.tag not in HEADINGS and id(_entry(block)) in headed:
            item.decision.topical = False


def _entry(block: Block) -> Box:
    """The container of a list's entry, as far up as a heading and its teaser are apart."""
    box = block.box
    for _ in range(2):
        if box.parent is not None and box.parent.tag != "body":
            box = box.parent
    return box

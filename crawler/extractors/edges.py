"""What stands at a story's edges and in its lists: summaries before it, notes behind it, steps within.

Called by `roles`, on the scene in which each block has been decided by itself.
"""

from __future__ import annotations

import re
from collections.abc import Set

from crawler.extractors.blocks import Box
from crawler.extractors.decisions import Decision, Placed, Scene, by_markup
from crawler.extractors.features import HEADINGS
from crawler.extractors.lexicon import load_lexicon
from crawler.extractors.story import Kin, kin_of

LONGEST_NOTE = 60
#: Words of a note behind the story, such as what its author does for a living.

LONGEST_LABEL = 8
#: Words of a line such as "Rujukan:".

PROSE = 12
#: Words of a paragraph that surely is one.

LONGEST_SUMMARY = 12
#: Entries of a summary or of a table of contents.

FORM_DEPTH = 4
#: Containers up to a form; in what is deeper inside the page itself may be one.

LEAST_LISTED = 0.1
#: Probability of being story of each item of a list that ends one.

MOST_LISTED = 40
#: Items of a list between paragraphs; a longer one is a feed.

_BRACKETED = re.compile(r"[(\[][^()\[\]]{1,40}[)\]][.*]?")
_NOTE_MARK = re.compile(r"\*{1,5}\s?[)A-Z]")
#: Leads a note: ``*) Siti Rahma adalah …``; a footnote that explains a word begins small.
_NOTES: frozenset[str] = frozenset({"credit", "copyright", "follow", "subscribe", "share", "comment_prompt"})
#: Kinds whose phrases speak at a story's end, whatever the score.

_NAMED: frozenset[str] = frozenset({"pagination", "subscribe", "share", "tags", "comment_prompt"})
#: Kinds that a container's name tells there, outside the template of the paragraphs.

_PLEAS: frozenset[str] = frozenset({"follow", "subscribe", "copyright"})
#: Of them those that speak there wherever in the block they stand.


def leave_asides(scene: Scene) -> None:
    """What an ``aside`` or a form within the story says is none of it, unless most of it stands there."""
    within = [
        item for item in scene.items[scene.begin : scene.end] if item.decision.role in ("story", "other")
    ]
    total = sum(item.block.words for item in within if item.is_story)
    asides = [item for item in within if item.block.box.apart == "aside"]
    forms = [item for item in within if item.block.words <= LONGEST_NOTE and _is_in_form(item.block.box)]
    if 2 * sum(item.block.words for item in asides if item.is_story) < total:
        for item in asides:
            item.decision = Decision("other", "in an aside")
    if 2 * sum(item.block.words for item in forms if item.is_story) < total:
        for item in forms:
            item.decision = Decision("subscribe", "in a form")


def _is_in_form(box: Box | None) -> bool:
    for _ in range(FORM_DEPTH):
        if box is None or box.tag == "form":
            break
        box = box.parent
    return box is not None and box.tag == "form"


def label_summaries(scene: Scene) -> None:
    """The list under a heading such as "Ringkasan", before the first paragraph, is none of the story."""
    for place, item in enumerate(scene.items[: scene.end]):
        if item.is_story and item.block.words >= PROSE and item.block.tag != "li":
            return
        if item.hit is None or item.hit.scope != "list":
            continue
        item.decision = Decision("other", "heads a summary")
        for entry in scene.items[place + 1 : place + 1 + LONGEST_SUMMARY]:
            if entry.block.tag != "li" and not _is_beside(entry, item):
                break
            entry.decision = Decision("other", "in a summary")


def _is_beside(entry: Placed, heading: Placed) -> bool:
    """Whether a block stands with the heading in a container that is theirs alone."""
    box, head = entry.block.box, heading.block.box
    own = head if head.tag not in ("p", "b", "strong") and head.tag[:1] != "h" else head.parent
    if own is None or "story" in own.groups or own.end - own.first > LONGEST_SUMMARY:
        return False
    return own.first <= entry.block.index < own.end and own is not box


def trim_end(scene: Scene, main: Set[Kin]) -> None:
    """Take credits, prompts and names in brackets off the story's end: a phrase speaks there.

    A heading or a label under which nothing of the story is left belongs to what follows.
    """
    last = scene.end - 1
    while last > scene.begin:
        item = scene.items[last]
        if item.is_story:
            decision = _note(item) or _heads_nothing(item)
            if decision is None and kin_of(item.block) not in main:
                named = by_markup(item)
                decision = named if named is not None and named.role in _NAMED else None
            if decision is None:
                break
            item.decision = decision
        last -= 1
    scene.end = max(last + 1, scene.begin)


def _note(item: Placed) -> Decision | None:
    block, hit = item.block, item.hit
    if block.words <= 5 and _BRACKETED.fullmatch(block.text):
        return Decision("credit", "in brackets at the story's end")
    if block.words > LONGEST_NOTE or _is_item(block.box):
        return None
    if hit is not None and hit.kind in _NOTES and (hit.how != "contains" or hit.kind in _PLEAS):
        return Decision(hit.kind, "phrase at the story's end")
    if _NOTE_MARK.match(block.text):
        return Decision("credit", "a note at the story's end")
    ending = load_lexicon().endings.find(block.text)
    return Decision(ending.kind, "phrase of a story's end") if ending is not None else None


def _heads_nothing(item: Placed) -> Decision | None:
    block = item.block
    label = block.text.endswith(":") and block.words <= LONGEST_LABEL
    return Decision("other", "heads nothing of the story") if label or block.tag in HEADINGS else None


def join_lists(scene: Scene, main: Set[Kin]) -> None:
    """The items of a list that stands among the paragraphs belong to the story, all or none of them."""
    own = [item for item in scene.items if item.is_story and kin_of(item.block) in main]
    around = [home for item in own if (home := _home(item.block.box)) is not None]
    homes = {id(home) for home in around}
    _take_last_list(scene, {(home.tag, home.names) for home in around})
    lists: dict[int, list[Placed]] = {}
    for place in scene.story_places():
        item = scene.items[place]
        if _is_item(item.block.box) and (box := _list_of(item.block.box)) is not None:
            lists.setdefault(id(box), []).append(item)
    for items in lists.values():
        box = _list_of(items[0].block.box)
        if box is None or box.parent is None or len(items) > MOST_LISTED:
            continue
        above = (box, box.parent, box.parent.parent)
        among = id(box.parent) in homes or id(box.parent.parent) in homes
        if not among and not any(step is not None and "recipe" in step.groups for step in above):
            continue
        if all(_is_listed(item) for item in items):
            for item in items:
                if not item.is_story:
                    item.decision = Decision("story", "in a list among its paragraphs")


def _take_last_list(scene: Scene, homes: Set[tuple[str, str]]) -> None:
    """The list right under the story's last block, where its paragraphs stand, goes on with it."""
    begin = end = scene.end
    box = _list_of(scene.items[end].block.box) if end < len(scene.items) else None
    if box is None or box.parent is None or (box.parent.tag, box.parent.names) not in homes:
        return
    while end < len(scene.items) and box.first <= scene.items[end].block.index < box.end:
        item = scene.items[end]
        if item.hit is not None or item.block.links or item.score < LEAST_LISTED:
            return
        end += 1
    if end - begin <= MOST_LISTED:
        for item in scene.items[begin:end]:
            item.decision = Decision("story", "in a list under its last block")
        scene.end = end


def _is_listed(item: Placed) -> bool:
    decided = item.decision
    return item.is_story or (
        (item.hit is None or (item.hit.how == "contains" and not item.block.links))
        and item.block.link_share < 0.3
        and (decided.role == "other" or decided.reason.startswith(("markup", "phrase (contains)")))
        and not decided.reason.startswith(("heads", "in a summary"))
    )


def _home(box: Box) -> Box | None:
    """The container of a paragraph."""
    return box.parent if box.tag == "p" else box


def _is_item(box: Box) -> bool:
    """Whether a block stands in a list's item, or in a paragraph that is all of one."""
    return box.tag == "li" or (box.tag == "p" and box.parent is not None and box.parent.tag == "li")


def _list_of(box: Box | None) -> Box | None:
    """The ``ul`` or ``ol`` that an item stands in."""
    for _ in range(3):
        if box is None or box.tag in ("ul", "ol"):
            return box
        box = box.parent
    return None

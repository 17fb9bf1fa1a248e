"""The role of every block between the headline and the article's end, decided together.

A block's words, its markup and its neighbours each say something; the page's order decides between them. A
short line between two paragraphs of the story is part of it, a paragraph in a comment thread is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from crawler.extractors.blocks import LANDMARKS, Block, Box, Flow
from crawler.extractors.captions import label_captions
from crawler.extractors.decisions import Decision, Placed, Scene, by_markup, forced, inside, set_scene
from crawler.extractors.edges import join_lists, label_summaries, leave_asides, trim_end
from crawler.extractors.features import HEADINGS, ends_sentence
from crawler.extractors.lexicon import Hit
from crawler.extractors.openings import label_before, open_story
from crawler.extractors.related import label_related
from crawler.extractors.story import Kin, Story, kin_of

CLOSING: frozenset[str] = frozenset({"comment_prompt", "tags", "subscribe", "other", "copyright", "credit"})
#: Kinds whose heading ends a story.

LEAST_STORY = 40
#: Words of a story from which another h1 below it heads the next article, and of such an h1.
LEAST_TITLE = 4

LEAST_ENTRIES = 4
#: Headings of one template that make the story a list of entries.

MAX_TAIL = 300
#: Blocks after the story that are looked at.

_APART = frozenset({"sidebar", "site_footer"})
_ELLIPSIS = ("…", "...")


def decide_roles(
    flow: Flow,
    story: Story,
    headline: int | None,
    hits: Sequence[Hit | None],
    *,
    subject: str = "",
    names: Sequence[str] = (),
) -> list[Decision]:
    """A decision for each block from ``story.offset`` on; the story's bounds are corrected on the way.

    ``subject`` is the headline, for what is topical; ``names`` are the outlet's.
    """
    scene = set_scene(flow, story, hits)
    leave_asides(scene)
    _close_story(scene)
    main = _main_kin(scene)
    _extend(scene, main)
    label_summaries(scene)
    open_story(scene, main, subject)
    _join_story(scene, main)
    join_lists(scene, main)
    trim_end(scene, main)
    label_captions(scene)
    label_before(scene, has_headline=headline is not None)
    _label_after(scene)
    label_related(scene, subject, names)
    story.first, story.end = scene.begin + story.offset, scene.end + story.offset
    return [item.decision for item in scene.items]


def _close_story(scene: Scene) -> None:
    """End the story at a heading such as "Leave a reply" that has little of it behind; take out teasers.

    The teasers of lists are cut sentences under a linked title.
    """
    items = scene.items
    total = sum(item.block.words for item in items[scene.begin : scene.end] if item.is_story)
    seen = 0
    for place in scene.story_places():
        item = items[place]
        if _heads_another(scene, place):
            for later in items[place : scene.end]:
                later.decision = Decision("outside", "of another article")
            scene.end = place
            return
        if seen >= 0.6 * total and _closes(item) and (_is_heading(item.block) or _is_general(item.hit)):
            for later in items[place : scene.end]:
                later.decision = Decision("outside", "")
            scene.end = place
            return
        if item.is_story:
            seen += item.block.words
        before = items[place - 1].block if place else None
        if (
            before is not None
            and before.link_share > 0.8
            and before.words >= 3
            and item.block.text.endswith(_ELLIPSIS)
        ):
            item.decision = Decision("related", "teaser under a link")
        elif item.block.text.endswith(_ELLIPSIS) and place and _turns_page(items[place - 1]):
            item.decision = Decision("pagination", "teaser of the next page")
        elif place and _is_title(item) and _heads_related(items[place - 1]):
            item.decision = Decision("related", "link under a heading")


def _heads_another(scene: Scene, place: int) -> bool:
    """Whether a block is the headline of the next article, which some pages show below the first.

    It is another h1, in an article of its own.
    """
    block = scene.items[place].block
    if block.tag != "h1" or block.words < LEAST_TITLE:
        return False
    before = [item.block for item in scene.items[:place] if item.is_story and item.block.words >= 8]
    if len(before) < 2 or sum(story.words for story in before) < LEAST_STORY:
        return False
    step = block.box.parent
    while step is not None and step.first > before[-1].index:
        if step.tag == "article" or "story" in step.groups:
            return True
        step = step.parent
    return False


def _closes(item: Placed) -> bool:
    """A line that heads something other than a story."""
    hit = item.hit
    return hit is not None and hit.how == "line" and (hit.kind in CLOSING or _is_general(hit))


def _is_title(item: Placed) -> bool:
    return item.is_story and item.block.link_share > 0.9 and item.block.words >= 3


def _heads_related(item: Placed) -> bool:
    """A line such as "Baca juga:", or a link under one."""
    hit = item.hit
    line = hit is not None and hit.how == "line" and hit.scope == "topical"
    listed = item.block.tag == "li" and item.decision.reason in ("link", "link under a heading")
    return line or listed or item.decision.reason == "link under a heading"


def _turns_page(item: Placed) -> bool:
    """A line that leads to the next page: what follows it may be how that page begins."""
    return item.hit is not None and item.hit.kind == "pagination" and not item.is_story


def _is_general(hit: Hit | None) -> bool:
    return hit is not None and hit.scope == "general"


def _is_heading(block: Block) -> bool:
    return block.tag in HEADINGS or block.bold


def _main_kin(scene: Scene) -> set[Kin]:
    """The templates that most of the story's paragraphs are of."""
    words: dict[Kin, int] = {}
    for item in scene.items:
        if item.is_story and item.block.words >= 8:
            kin = kin_of(item.block)
            words[kin] = words.get(kin, 0) + item.block.words
    most = max(words.values(), default=0)
    return {kin for kin, count in words.items() if count >= 0.25 * most}


def _extend(scene: Scene, main: set[Kin]) -> None:
    """Take in paragraphs of the same template before and after the run, over what interrupts them."""
    items = scene.items
    if not main:
        return
    for ahead in range(scene.end, len(items)):
        item = items[ahead]
        if _heads_another(scene, ahead):
            break
        if _closes(item) and not _is_general(item.hit) and item.block.link_share < 0.5:
            break
        if _continues(item, main):
            for between in items[scene.end : ahead]:
                between.decision = inside(between)
            item.decision = Decision("story", "goes on in the same template")
            scene.end = ahead + 1
    for back in range(scene.begin - 1, -1, -1):
        item = items[back]
        if item.block.words >= 8 and _continues(item, main):
            for between in items[back + 1 : scene.begin]:
                between.decision = inside(between)
            item.decision = Decision("story", "begins in the same template")
            scene.begin = back


def _continues(item: Placed, main: set[Kin]) -> bool:
    """Whether a block outside the run is still part of the story."""
    block = item.block
    if item.hit is not None or block.link_share >= 0.3 or kin_of(block) not in main:
        return False
    prose = block.words >= 8 and item.score >= 0.08 and ends_sentence(block.text)
    return (item.score >= 0.25 or prose) and forced(item) is None


def _join_story(scene: Scene, main: set[Kin]) -> None:
    """Sub-headings, list items and short lines between paragraphs belong to the story they stand in."""
    items = scene.items
    recurring = _recurring_headings(scene)
    homes = {id(item.block.box.parent) for item in items if item.is_story and kin_of(item.block) in main}
    for place in reversed(scene.story_places()):
        item = items[place]
        named = item.decision.reason.startswith("markup")
        if (
            item.hit is not None
            or item.block.link_share >= 0.5
            or not (item.decision.role == "other" or named)
        ):
            continue
        block, score = item.block, item.score
        follows = any(other.is_story for other in items[place + 1 : place + 4])
        precedes = any(other.is_story for other in items[max(0, place - 3) : place])
        within = kin_of(block) in main or (block.tag == "p" and id(block.box.parent) in homes)
        if within and block.words >= 10 and ends_sentence(block.text):
            item.decision = Decision("story", "among its paragraphs")
        elif named:
            continue
        elif _is_heading(block) and follows and precedes and (score >= 0.05 or kin_of(block) in recurring):
            item.decision = Decision("story", "sub-heading")
        elif within and precedes and (follows or score >= 0.3) and score >= 0.12:
            item.decision = Decision("story", f"between paragraphs, score {score:.2f}")


def _recurring_headings(scene: Scene) -> set[Kin]:
    """The templates of headings that stand above many paragraphs: those of a list's entries."""
    heads = Counter(
        kin_of(item.block)
        for place, item in enumerate(scene.items[scene.begin : scene.end], scene.begin)
        if item.block.tag in HEADINGS
        and item.block.link_share < 0.5
        and any(other.is_story and other.block.words >= 8 for other in scene.items[place + 1 : place + 4])
    )
    return {kin for kin, count in heads.items() if count >= LEAST_ENTRIES}


def _label_after(scene: Scene) -> None:
    """Blocks after the story, until the site's footer; menus and side columns stay outside."""
    if scene.end <= scene.begin:
        return
    anchor = scene.items[scene.end - 1].block
    known: dict[int, bool] = {}
    for place in range(scene.end, min(scene.end + MAX_TAIL, len(scene.items))):
        item = scene.items[place]
        box = item.block.box
        apart = known.get(id(box))
        if apart is None:
            apart = known[id(box)] = _is_apart(box, anchor)
        if not apart and item.decision.role in ("outside", "other"):
            item.decision = forced(item) or by_markup(item) or Decision("other", "after the story")
            if item.block.text.endswith(_ELLIPSIS) and _turns_page(scene.items[place - 1]):
                item.decision = Decision("pagination", "teaser of the next page")


def _is_apart(box: Box | None, anchor: Block) -> bool:
    """In a menu, side column or footer of the site.

    It neither holds the story's last block nor stands within the article itself.
    """
    while box is not None and not box.first <= anchor.index < box.end:
        groups = box.groups
        named = _APART.intersection(groups) and "related" not in groups
        if (box.tag in LANDMARKS or named) and not _is_of_article(box.parent, anchor):
            return True
        box = box.parent
    return False


def _is_of_article(box: Box | None, anchor: Block) -> bool:
    """Whether a container is the story's own: an article element, or one that calls itself so."""
    if box is None or not box.first <= anchor.index < box.end:
        return False
    return box.tag == "article" or ("story" in box.groups and box.tag not in ("body", "main"))

"""Which links around a story lead to others on its subject, and which are lists of whatever there is to read.

A heading speaks for the links under it, a container's name for those inside, their own words otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.extractors.blocks import Block, Box
from crawler.extractors.decisions import Decision, Placed, Scene
from crawler.extractors.features import HEADINGS
from crawler.extractors.markup import markup_groups

NEAR_STORY = 40
#: Blocks after the story within which a list is taken to be on its subject.

BESIDE = 6
#: Blocks after the story within which a link in its own container belongs to it.

LONGEST_LIST = 15
#: Entries of such a list; a longer one is a feed.

LEAST_TITLE = 4
#: Words of a title; what is shorter may be a tag.

MOST_BESIDE = 9
#: Words that may stand beside a title: ``Senin, 6 Juli 2026 10:15 WIB``, ``1.204 kali dibaca``.

_LISTED: frozenset[str] = frozenset(
    {"related", "other", "caption", "credit", "video", "share", "ad_marker", "subscribe"}
)
#: Roles of blocks that may be a linked title all the same.

_ENDING: frozenset[str] = frozenset({"comment_prompt", "tags", "subscribe", "other", "copyright", "credit"})
#: Kinds of lines that end a list.

_NO_TITLES: frozenset[str] = frozenset({"sponsored", "byline", "tags", "advert"})
#: Groups of containers whose links are no stories.

_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'’-]{3,}")


def label_related(scene: Scene, headline: str, names: Sequence[str]) -> None:
    """Tell topical links from others; ``names`` are the outlet's."""
    subject = _subject(scene, headline)
    homes = {id(item.block.box.parent) for item in scene.items if item.is_story}
    run = _Run(None)
    runs = [run]
    for place, item in enumerate(scene.items):
        if item.decision.role in ("outside", "story"):
            run = _Run(None)
        elif _has_scope(item):
            after = scene.items[place + 1].block if place + 1 < len(scene.items) else None
            outlet = _names_outlet(item.block.text, names)
            if _heads_list(item, after, place > scene.end):
                run = _Run("general" if outlet else _scope(item))
                item.decision.topical = False
            else:
                item.decision.topical = _scope(item) == "topical" and not outlet
                continue
        elif _ends_list(item):
            run = _Run("other" if item.block.tag in HEADINGS else None)
        elif _is_entry(item, headed=run.scope == "topical" and place in scene.story_places()) and (
            place >= scene.begin or run.scope == "topical"
        ):
            beside = scene.begin <= place < scene.end or (
                id(item.block.box.parent) in homes and scene.end <= place <= scene.end + BESIDE
            )
            run.entries.append(_Entry(item, beside, near=place < scene.end + NEAR_STORY))
        elif run.scope in ("topical", "general") and item.decision.role == "other":
            item.decision = Decision("related", "in a related list")
        if run is not runs[-1]:
            runs.append(run)
    for run in runs:
        _judge(run, subject)
        _keep_titles([entry.item for entry in run.entries])


@dataclass(slots=True)
class _Entry:
    """A linked title."""

    item: Placed
    beside: bool
    #: Within the story or right under it in its container.

    near: bool


@dataclass(slots=True)
class _Run:
    """Linked titles under one heading, or in a row without one."""

    scope: str | None
    #: Of the heading: ``topical``, ``general``, ``other`` where it says neither; null where there is none.

    entries: list[_Entry] = field(default_factory=list)


def _judge(run: _Run, subject: frozenset[str]) -> None:
    """Which of a run's entries are topical: all under a telling heading, else as most of their words are."""
    about = [bool(subject & set(entry.item.block.text.casefold().split())) for entry in run.entries]
    most_about = len(about) >= 2 and sum(about) * 2 >= len(about)
    for place, (entry, on_subject) in enumerate(zip(run.entries, about, strict=True)):
        item = entry.item
        if item.decision.role != "related":
            item.decision = Decision("related", "linked title")
        around = names_around(item.block)
        if run.scope == "topical":
            topical = place < LONGEST_LIST and (entry.near or on_subject)
        elif "topical" in around:
            topical = place < LONGEST_LIST and entry.near and (run.scope != "other" or on_subject)
        elif "popular" in around or "video" in around:
            topical = False
        elif run.scope == "general":
            topical = on_subject and entry.near and most_about
        else:
            topical = entry.beside or (entry.near and on_subject and most_about and place < LONGEST_LIST)
        item.decision.topical = topical
        if topical:
            item.decision.reason += ", topical"


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


def _is_entry(item: Placed, *, headed: bool) -> bool:
    """A linked title: no credit, tag or prompt that happens to be a link, nothing sponsored.

    Right under a heading such as "Baca juga" it is one though its container is called after tags.
    """
    block, decision = item.block, item.decision
    if block.words < 3 or len(block.links) > 2:
        return False
    named = decision.reason in ("markup: tags", "markup: byline")
    if headed and named and block.words >= LEAST_TITLE and block.link_share > 0.8:
        return True
    if decision.role not in _LISTED:
        return False
    if block.link_share < 0.6 and not _is_dated_title(block):
        return False
    return not (_is_spoken_for(item) or _NO_TITLES & names_around(block))


def _is_spoken_for(item: Placed) -> bool:
    """Whether a phrase says that a link is none to a story: "Simak video: …", but for one in its title."""
    role = item.decision.role
    if not item.decision.reason.startswith("phrase"):
        return False
    return role in ("credit", "share", "subscribe") or (role == "video" and item.block.link_share < 0.95)


def _is_dated_title(block: Block) -> bool:
    """A linked title in one line with its date or how often it was read."""
    if len(block.links) != 1:
        return False
    title = block.links[0].text
    rest = block.text.replace(title, " ", 1)
    return title.count(" ") >= 2 and any(map(str.isdigit, rest)) and len(rest.split()) <= MOST_BESIDE


def _ends_list(item: Placed) -> bool:
    """Whether a list of related links cannot go on over this block."""
    hit = item.hit
    if hit is not None and hit.kind in _ENDING and (hit.how == "line" or item.block.link_share < 0.5):
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


def names_around(block: Block) -> set[str]:
    """The markup groups of a block's nearest containers."""
    names: set[str] = set(markup_groups(block.inner)) if block.inner else set()
    box: Box | None = block.box
    for _ in range(4):
        if box is None or box.parent is None:
            break
        names.update(box.groups)
        box = box.parent
    return names


def _keep_titles(listed: Sequence[Placed]) -> None:
    """Where several entries lead to one address, the heading is the title; the rest are its teaser."""
    headed = {anchor.href for item in listed if item.block.tag in HEADINGS for anchor in item.block.links}
    for item in listed:
        if item.block.tag not in HEADINGS and any(anchor.href in headed for anchor in item.block.links):
            item.decision.topical = False

"""The lines that may be bylines: where they stand makes them so, or a label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crawler.extractors.blocks import Block, Box
from crawler.extractors.byline import Byline, read_byline
from crawler.extractors.lexicon import fold
from crawler.extractors.markup import markup_groups
from crawler.extractors.moments import AGO, read_moment
from crawler.extractors.reading import Reading

MAX_TAIL = 40
#: Blocks after the story in which a byline is looked for.

NEAR_END = 6
#: Of them those among which the author's own box may stand.

_AUTHOR_PATH = re.compile(
    r"/(?:authors?|penulis|reporters?|editors?|profiles?|profil|oleh|people|staff|contributors?|kontributor)/"
)
#: Addresses of pages about a writer.

_NO_BYLINE = frozenset(
    {"deck", "caption", "related", "tags", "share", "video", "copyright", "dateline", "ad_marker"}
)


@dataclass(slots=True)
class Line:
    """A line that names persons."""

    byline: Byline
    sure: bool
    #: Its place or markup alone makes it a byline.

    far: bool
    #: It stands after the story.

    apart: bool
    #: After the story, with the label on a line of its own.

    index: int
    #: Of its block.


def read_lines(reading: Reading) -> Iterable[Line]:
    """The bylines of a page, in its order."""
    blocks = list(_lines(reading))
    texts = [block.text.strip(" :|") for block, _, _ in blocks]
    labels = reading.lexicon.byline_labels
    named = ""
    for place, (block, sure, far) in enumerate(blocks):
        text = block.text
        alone = fold(texts[place]) in labels
        if alone:
            listed = _listed_names([block for block, _, _ in blocks[place + 1 : place + 7]], labels)
            text = f"{texts[place]}: {listed}" if listed else _with_name(texts, place, labels)
        elif named and named == f"{texts[place - 1]}: {texts[place]}":
            continue  # the label before it has taken this name
        named = text if alone else ""
        byline = read_byline(
            text, outlet_names=reading.names, lexicon=reading.lexicon, labelled_only=not sure
        )
        if byline is not None:
            yield Line(byline, sure, far, far and alone, block.index + alone)


def _listed_names(blocks: Sequence[Block], labels: Mapping[str, str]) -> str:
    """The names in a list under a label, where it has several: they are one line."""
    names: list[str] = []
    for block in blocks:
        same = not names or block.box.parent is blocks[0].box.parent
        if block.tag != "li" or not same or block.words > 5 or fold(block.text.strip(" :|")) in labels:
            break
        if any(map(str.isdigit, block.text)) or ":" in block.text:
            break
        names.append(block.text)
    return ", ".join(names) if len(names) > 1 else ""


def _with_name(texts: Sequence[str], place: int, labels: Mapping[str, str]) -> str:
    """A label that stands as a line of its own, with the name before or after it."""
    before = texts[place - 1] if place else ""
    after = texts[place + 1] if place + 1 < len(texts) else ""
    earlier = texts[place - 2] if place > 1 else ""
    name_first = (
        bool(before) and fold(before) not in labels and fold(earlier) not in labels and before.istitle()
    )
    if name_first and (not after or len(before.split()) <= 5):
        follows = texts[place + 2] if place + 2 < len(texts) else ""
        if not after or fold(follows) in labels or not after.istitle():
            return f"{texts[place]}: {before}"
    if place > 1 and fold(earlier) in labels and before.istitle() and (not after or not after.istitle()):
        return f"{texts[place]}: {before}"
    return f"{texts[place]}: {after}" if after and len(after.split()) <= 6 else ""


def _lines(reading: Reading) -> Iterable[tuple[Block, bool, bool]]:
    """The lines that may be bylines, whether their place makes them one, whether they follow the story."""
    before = [b for b in reading.before_story() if b.words <= 30 and _may_be_byline(reading, b)]
    dates = [b.words <= 14 and bool(read_moment(b.text) or AGO.search(b.text)) for b in before]
    for place, block in enumerate(before):
        dated = any(dates[max(0, place - 1) : place + 2])
        linked = any(_AUTHOR_PATH.search(anchor.href) for anchor in block.links)
        yield block, "byline" in _names_of(block) or (block.words <= 14 and (dated or linked)), False
    for block in reading.above()[:5]:
        if block.words <= 20 and block.link_share < 1:
            yield block, "byline" in _names_of(block), False
    begin, end = reading.story.first - reading.story.offset, reading.story.end - reading.story.offset
    for block, decision in zip(reading.tail[begin:end], reading.decisions[begin:end], strict=True):
        if decision.role == "credit" or (decision.role == "other" and block.words <= 12):
            yield block, False, False
    previous: Block | None = None
    for place, block in enumerate(reading.after_story()[:MAX_TAIL]):
        teaser = previous is not None and previous.link_share > 0.8 and previous.words >= 4
        if (
            block.words <= 30
            and not (teaser and ":" not in block.text)
            and reading.decision(block.index).role not in _NO_BYLINE
        ):
            yield block, place < NEAR_END and _is_author_box(block), True
        previous = block


def _may_be_byline(reading: Reading, block: Block) -> bool:
    """Whether a line above the story is not taken for something else.

    What only its containers are called does not count against a name that leads to its bearer's page.
    """
    decision = reading.decision(block.index)
    if decision.role not in _NO_BYLINE:
        return True
    named = decision.reason.startswith(("markup", "figure"))
    return named and block.words <= 14 and any(_AUTHOR_PATH.search(anchor.href) for anchor in block.links)


def _is_author_box(block: Block) -> bool:
    """A name that leads to its bearer's page, in a container that calls itself the author's."""
    linked = any(_AUTHOR_PATH.search(anchor.href) for anchor in block.links)
    return linked and block.words <= 6 and block.link_share > 0.8 and "byline" in _names_of(block)


def _names_of(block: Block) -> set[str]:
    names = set(markup_groups(block.inner)) if block.inner else set()
    box: Box | None = block.box
    for _ in range(2):
        if box is not None:
            names.update(box.groups)
            box = box.parent
    return names

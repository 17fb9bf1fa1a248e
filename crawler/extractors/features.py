"""What is known of each block before its role is decided, as the names of a linear model's features.

A block is described by three keys: what it is by itself, what its containers are, what stands around it. Each
key stands for a list of feature names. Pages repeat the same few hundred keys, so that a key's sum of weights
is looked up and not added again. The weights live in ``story_model.json`` and are fitted by
``tests/benchmarks/fit_story_model.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawler.extractors.blocks import Block, Box, Flow
from crawler.extractors.markup import markup_groups

OwnKey = tuple[str, str, str, bool, str | None, str, tuple[str, ...]]
UpperKey = tuple[tuple[tuple[str, ...], ...], str, int, int, int, int]
BoxKey = tuple[str, tuple[str, ...], str, int, int, int, int, UpperKey]
AroundKey = tuple[str, str, int, int, bool, str, bool, bool]

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_ELLIPSIS = ("…", "...")
_OPENS = tuple("\"“‘'«")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TAGS = {
    **dict.fromkeys(HEADINGS, "heading"),
    "p": "p", "li": "li", "dd": "li", "dt": "li", "div": "div", "section": "div", "article": "div",
    "body": "div",
    "td": "td", "th": "td", "blockquote": "quote", "figcaption": "caption", "figure": "caption",
    "button": "button",
}  # fmt: skip
_LANDMARKS = {
    "aside": "side", "footer": "footer", "nav": "navigation", "header": "top", "form": "form",
    "figure": "caption", "ul": "list", "ol": "list", "table": "table", "blockquote": "quote",
    "article": "article",
}  # fmt: skip
_BINS = (1, 2, 3, 5, 8, 12, 18, 28, 45)
_BIN_OF = [str(next((limit for limit in _BINS if count <= limit), "more")) for count in range(_BINS[-1] + 2)]


def words_bin(words: int) -> str:
    """The size class of a number of words.

    >>> words_bin(7), words_bin(400)
    ('8', 'more')
    """
    return _BIN_OF[min(words, _BINS[-1] + 1)]


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return bool(_SENTENCE_END.search(text, max(0, len(text) - 6)))


def looks_like_prose(block: Block) -> bool:
    """Running text: sentences that are not mostly link."""
    return (
        block.words >= 8
        and block.link_share < 0.4
        and (block.words >= 20 or ends_sentence(block.text) or block.text.startswith(_OPENS))
    )


def weigh_boxes(flow: Flow) -> None:
    """Put on each box how much of the page's running text is inside, and how much of its own text is link."""
    total = 0.0
    for block in flow.blocks:
        own = block.box
        own.chars += len(block.text)
        own.link_chars += block.link_chars
        if looks_like_prose(block):
            weight = block.words * (1.0 - block.link_share)
            total += weight
            own.story += weight
    for box in reversed(flow.boxes):  # a box stands after its parent
        parent = box.parent
        if parent is not None:
            parent.chars += box.chars
            parent.link_chars += box.link_chars
            parent.story += box.story
    half, tenth = 0.5 * total, 10 / (total or 1.0)
    for box in flow.boxes:
        box.mass = min(9, int(box.story * tenth))
        if box.chars:
            box.linked = min(9, box.link_chars * 10 // box.chars)
        if box.parent is not None and box.story < half:
            box.to_main = box.parent.to_main + 1


def block_keys(
    flow: Flow, first: int, headline: int | None, kinds: Sequence[str | None]
) -> Iterator[tuple[OwnKey, BoxKey, AroundKey]]:
    """The keys of each block from the one with index ``first`` on.

    ``headline`` is the index of the headline's block, ``kinds`` the kind of boilerplate that each block's
    phrases speak for, from ``first`` on.
    """
    weigh_boxes(flow)
    blocks = flow.blocks[first : first + len(kinds)]
    near = [
        f"{words_bin(block.words)},{_links(block)}:{kind or ''}"
        for block, kind in zip(blocks, kinds, strict=True)
    ]
    prose = [looks_like_prose(block) for block in blocks]
    uppers: dict[int, UpperKey] = {}
    last = len(blocks) - 1
    for index, (block, kind) in enumerate(zip(blocks, kinds, strict=True)):
        box = block.box
        upper = uppers.get(id(box.parent))
        if upper is None:
            upper = uppers[id(box.parent)] = _upper(box.parent)
        before, after = sum(prose[max(0, index - 3) : index]), sum(prose[index + 1 : index + 4])
        teaser = bool(index and blocks[index - 1].link_share > 0.8 and block.text.endswith(_ELLIPSIS))
        around = (
            near[index - 1] if index else "start",
            near[index + 1] if index < last else "end",
            before,
            after,
            prose[index],
            _below(None if headline is None else block.index - headline),
            bool(index and blocks[index - 1].box is box),
            teaser,
        )
        yield _own(block, kind), _containers(box, upper), around


def _links(block: Block) -> str:
    share = block.link_share
    return "0" if not block.links else "low" if share < 0.3 else "half" if share < 0.8 else "all"


def _below(distance: int | None) -> str:
    if distance is None:
        return "no-headline"
    if distance <= 0:
        return "above-headline"
    step = next((str(limit) for limit in (1, 3, 8) if distance <= limit), "far")
    return f"below-headline={step}"


def _own(block: Block, kind: str | None) -> OwnKey:
    text = block.text
    marks = ""
    if block.bold:
        marks += "b"
    if block.box.hidden:
        marks += "h"
    if block.after_break:
        marks += "n"
    if text.startswith(_OPENS):
        marks += "q"
    if text.isupper():
        marks += "u"
    if len(text) < 60:
        digits = sum(map(str.isdigit, text))
        if digits:
            marks += "D" if digits * 4 > len(text) else "d"
    if "," in text:
        marks += "c"
    if "|" in text or "©" in text:
        marks += "m"
    tag, words = _TAGS.get(block.tag, "other"), words_bin(block.words)
    inner = markup_groups(block.inner) if block.inner else ()
    return (tag, words, _links(block), ends_sentence(text), kind, marks, inner)


def own_features(key: OwnKey) -> list[str]:
    """The feature names of what a block is by itself."""
    tag, words, links, ends, kind, marks, inner = key
    names = [f"w={words},{links}", f"{tag},w={words}", f"{tag},{links},{ends}", f"ends={ends},w={words}"]
    if kind:
        names += [f"kind={kind}", f"kind={kind},w={words}"]
    for mark in marks:
        names.append(f"{_MARKS[mark]},w={words}" if mark in "bc" else _MARKS[mark])
    if "u" in marks:
        names.append(f"upper,{links}")
    names += [f"inner={group}" for group in inner]
    return names


_MARKS = {
    "b": "bold", "h": "hidden", "n": "after-break", "q": "quote", "u": "upper", "D": "digits=many",
    "d": "digits=some", "c": "comma", "m": "mark",
}  # fmt: skip


def _containers(box: Box, upper: UpperKey) -> BoxKey:
    depth = min((box.depth - box.to_main) // 3, 4)
    groups = box.groups if box.parent is not None else ()
    return (box.tag, groups, box.apart, box.mass, box.linked, min(box.to_main, 5), depth, upper)


def _upper(box: Box | None) -> UpperKey:
    """What the three containers around a block's own are."""
    groups: list[tuple[str, ...]] = []
    landmarks = ""
    step = box
    for _ in range(3):
        if step is None or step.parent is None:
            break
        groups.append(step.groups)
        landmark = _LANDMARKS.get(step.tag)
        if landmark:
            landmarks += f" {landmark}"
        step = step.parent
    if box is None:
        return ((), "", 9, 9, 0, 0)
    grand = box.parent if box.parent is not None else box
    return (tuple(groups), landmarks, box.mass, grand.mass, box.linked, grand.linked)


_NUMBERS = (
    "mass-box",
    "mass-parent",
    "mass-grand",
    "links-box",
    "links-parent",
    "links-grand",
    "to-main",
    "main-depth",
)


def box_features(key: BoxKey) -> list[str]:
    """The feature names of a block's containers."""
    tag, groups, under, mass, linked, to_main, depth, upper = key
    above, landmarks, mass_parent, mass_grand, linked_parent, linked_grand = upper
    landmark = _LANDMARKS.get(tag, "")
    names = [f"in={landmark or '-'}"]
    every: set[str] = set()
    for level, own in enumerate((groups, *above)):
        every.update(own)
        names += [f"box{min(level, 2)}={group}" for group in own]
    names += [f"any={group}" for group in every]
    if "story" not in every:
        names.append("no-story-name")
    names += [f"within={name}" for name in f"{landmark}{landmarks}".split()]
    if under:
        names.append(f"under={under}")
    numbers = (mass, mass_parent, mass_grand, linked, linked_parent, linked_grand, to_main, depth)
    names += [f"{name}={value}" for name, value in zip(_NUMBERS, numbers, strict=True)]
    return names


def around_features(key: AroundKey) -> list[str]:
    """The feature names of what stands around a block."""
    previous, following, before, after, prose, below, same_box, teaser = key
    names = [
        f"prev={previous}", f"next={following}", f"prose-before={before}", f"prose-after={after}",
        f"prose-around={prose}{before > 0}{after > 0}", below, "same-box" if same_box else "other-box",
    ]  # fmt: skip
    if teaser:
        names.append("teaser")
    return names

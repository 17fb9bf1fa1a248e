"""What is known of each block before its role is decided, as the names of a linear model's features.

Each block gets the names of the features that hold for it: its own (length, links, tag, phrases), those of
its containers (what they call themselves, how much of the page's running text they hold) and its neighbours'.
The weights live in ``story_model.json`` and are fitted by ``tests/benchmarks/fit_story_model.py``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from crawler.extractors.blocks import Block, Box, Flow

_GROUPS: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent / "lexicon" / "markup.toml").read_text("utf-8")
)["groups"]


def _group_pattern(words: list[str]) -> str:
    return "|".join(
        re.escape(word[:-1]) + r"(?![a-z])" if word.endswith("$") else re.escape(word)
        for word in sorted(words, key=len, reverse=True)
    )


_NAMES = {
    group: re.compile(rf"(?<![a-z])(?:{_group_pattern(words)})") for group, words in _GROUPS.items()
}
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_ELLIPSIS = ("…", "...")
_OPENS = tuple("\"“‘'«")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TAGS = {
    **dict.fromkeys(HEADINGS, "heading"),
    "p": "p", "li": "li", "div": "div", "td": "td", "th": "td", "blockquote": "quote", "figcaption": "caption",
    "figure": "caption", "section": "div", "article": "div", "dd": "li", "dt": "li", "button": "button", "body": "div",
}  # fmt: skip
_LANDMARKS = {"aside": "side", "footer": "footer", "nav": "navigation", "header": "top", "form": "form", "figure": "caption",
              "ul": "list", "ol": "list", "table": "table", "blockquote": "quote", "article": "article"}  # fmt: skip


@lru_cache(maxsize=20_000)
def markup_groups(names: str) -> tuple[str, ...]:
    """The groups whose words occur in an element's class, id, role and itemprop.

    >>> markup_groups("detail__body-tag mgt-16")
    ('story', 'tags')
    """
    return tuple(sorted(group for group, pattern in _NAMES.items() if pattern.search(names)))


def words_bin(words: int) -> str:
    for limit in (1, 2, 3, 5, 8, 12, 18, 28, 45):
        if words <= limit:
            return str(limit)
    return "more"


def box_groups(box: Box) -> tuple[str, ...]:
    """The markup groups of one container."""
    return markup_groups(box.names) if box.names else ()


def looks_like_prose(block: Block) -> bool:
    """Running text: sentences that are not mostly link."""
    return block.words >= 8 and block.link_share < 0.4 and (
        block.words >= 20 or bool(_SENTENCE_END.search(block.text)) or block.text.startswith(_OPENS)
    )


def weigh_boxes(flow: Flow) -> float:
    """Put on each box the words of running text and the links inside; the page's total of words is returned."""
    total = 0.0
    for block in flow.blocks:
        box: Box | None = block.box
        chars, links = len(block.text), block.link_chars
        while box is not None:
            box.chars += chars
            box.link_chars += links
            box = box.parent
        if not looks_like_prose(block):
            continue
        weight = block.words * (1.0 - block.link_share)
        total += weight
        box = block.box
        while box is not None:
            box.story += weight
            box = box.parent
    return total


def block_features(
    flow: Flow, first: int, headline: int | None, kinds: Sequence[str | None]
) -> Iterator[tuple[list[str], list[str]]]:
    """The names of the features of each block from the one with index ``first`` on.

    Yields two lists a block: what is its own and its neighbours', and what all blocks of its container share
    (the same list object for the same container). ``headline`` is the index of the headline's block, ``kinds``
    the kind of boilerplate that each block's phrases speak for, from ``first`` on.
    """
    total = weigh_boxes(flow) or 1.0
    blocks = flow.blocks[first:]
    local = [_own(block, kind) for block, kind in zip(blocks, kinds, strict=True)]
    near = [row[0] if not kind else f"{row[0]}:{kind}" for row, kind in zip(local, kinds, strict=True)]
    prose = [looks_like_prose(block) for block in blocks]
    containers: dict[int, list[str]] = {}
    last = len(blocks) - 1
    for index, (block, row) in enumerate(zip(blocks, local, strict=True)):
        shared = containers.get(id(block.box))
        if shared is None:
            shared = containers[id(block.box)] = _containers(block.box, total)
        if index and block.text.endswith(_ELLIPSIS) and blocks[index - 1].link_share > 0.8:
            row.append("teaser")
        before, after = sum(prose[max(0, index - 3) : index]), sum(prose[index + 1 : index + 4])
        row.append(f"prev={near[index - 1]}" if index else "first")
        row.append(f"next={near[index + 1]}" if index < last else "last")
        row.append(f"prose-before={before}")
        row.append(f"prose-after={after}")
        row.append(f"prose-around={prose[index]}{before > 0}{after > 0}")
        row.append(_below(None if headline is None else block.index - headline))
        row.append("same-box" if index and blocks[index - 1].box is block.box else "other-box")
        yield row, shared


def _below(distance: int | None) -> str:
    if distance is None:
        return "no-headline"
    if distance <= 0:
        return "above-headline"
    return f"below-headline={'1' if distance == 1 else '3' if distance <= 3 else '8' if distance <= 8 else 'far'}"


def _own(block: Block, kind: str | None) -> list[str]:
    text = block.text
    words = words_bin(block.words)
    share = block.link_share
    links = "0" if not block.links else "low" if share < 0.3 else "half" if share < 0.8 else "all"
    tag = _TAGS.get(block.tag, "other")
    ends = bool(_SENTENCE_END.search(text))
    row = [
        f"w={words},{links}",
        f"{tag},w={words}",
        f"{tag},{links},{ends}",
        f"ends={ends},w={words}",
    ]
    if kind:
        row.append(f"kind={kind}")
        row.append(f"kind={kind},w={words}")
    if block.bold:
        row.append(f"bold,w={words}")
    if block.box.hidden:
        row.append("hidden")
    if block.after_break:
        row.append("after-break")
    if text.startswith(_OPENS):
        row.append("quote")
    if text.isupper():
        row.append(f"upper,{links}")
    digits = sum(map(str.isdigit, text)) if len(text) < 60 else 0
    if digits:
        row.append(f"digits={'many' if digits * 4 > len(text) else 'some'}")
    if "," in text:
        row.append(f"comma,w={words}")
    if "|" in text or "©" in text:
        row.append("mark")
    if block.inner:
        row.extend(f"inner={group}" for group in markup_groups(block.inner))
    return row


def _containers(box: Box, total: float) -> list[str]:
    row = [f"in={_LANDMARKS.get(box.tag, '-')}"]
    step: Box | None = box
    names: set[str] = set()
    for level in range(4):
        if step is None or step.parent is None:
            break
        groups = box_groups(step)
        row.extend(f"box{min(level, 2)}={group}" for group in groups)
        names.update(groups)
        if step.tag in _LANDMARKS:
            row.append(f"within={_LANDMARKS[step.tag]}")
        step = step.parent
    while step is not None:
        if step.tag in ("aside", "footer", "nav"):
            row.append(f"under={step.tag}")
        step = step.parent
    row.extend(f"any={group}" for group in names)
    if "story" not in names:
        row.append("no-story-name")
    share = box.story / total
    parent = box.parent.story / total if box.parent is not None else 1.0
    grand = box.parent.parent.story / total if box.parent is not None and box.parent.parent is not None else 1.0
    for name, value in (("box", share), ("parent", parent), ("grand", grand)):
        row.append(f"mass-{name}={min(9, int(value * 10))}")
    step = box
    for name in ("box", "parent", "grand"):
        density = step.link_chars / step.chars if step.chars else 0.0
        row.append(f"links-{name}={min(9, int(density * 10))}")
        if step.parent is not None:
            step = step.parent
    height, up = 0, box
    while up.story < 0.5 * total and up.parent is not None:
        up = up.parent
        height += 1
    row.append(f"to-main={min(height, 5)}")
    up_main = up.depth
    row.append(f"main-depth={min(up_main // 3, 4)}")
    return row

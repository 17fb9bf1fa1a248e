"""A page as the sequence of blocks a reader sees: one pass over the tree.

A block is a run of text between two block-level boundaries (or line breaks), with what is cheap to know
about it: where it stands, how much of it is link, what its containers call themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output q rp rt ruby "
    "s samp small span strike strong sub sup time tt u var wbr".split()
)
SKIPPED = frozenset(
    "script style noscript template svg math head iframe object embed audio canvas map select option datalist "
    "textarea input progress meter".split()
)
#: Elements whose content no reader sees as text of the page.

MAX_BLOCKS = 20_000
#: Blocks that are read of one page; a page with more is no article.

_SPACED = frozenset({"a", "span", "time", "label", "small", "cite"})
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


@dataclass(slots=True)
class Box:
    """An element that holds blocks: a step of the way from the page to a block."""

    tag: str
    names: str
    #: Its class, id, role and itemprop in lower case, parted by blanks.

    parent: Box | None
    depth: int
    hidden: bool
    element: etree._Element
    first: int = 0
    #: Index of the first block inside.

    end: int = 0
    #: Index after the last block inside.

    chars: int = 0
    link_chars: int = 0
    story: float = 0.0
    #: Weight of the story-like text inside, set by the reader of roles.


@dataclass(slots=True)
class Anchor:
    """A link inside a block."""

    text: str
    href: str


@dataclass(slots=True)
class Block:
    """A run of text as the reader sees it."""

    index: int
    text: str
    box: Box
    tag: str
    #: The element the text stands in: ``p``, ``li``, ``h2``, ``div``…

    pieces: list[str]
    #: The text by inline element, for lines whose parts run together.

    links: list[Anchor] = field(default_factory=list)
    link_chars: int = 0
    inner: str = ""
    #: Class and id of inline elements that begin the block.

    bold: bool = False
    #: All of it is bold.

    after_break: bool = False
    #: Parted from the block before only by a line break.

    words: int = 0
    time: str | None = None
    #: ``datetime`` of a time element inside.

    image: str | None = None
    #: URL of the last image before the block within the same container.

    @property
    def link_share(self) -> float:
        """How much of the text is link, 0 to 1."""
        return self.link_chars / len(self.text) if self.text else 0.0


@dataclass(slots=True)
class Picture:
    """An image in the page's flow."""

    before: int
    #: Index of the block that follows it.

    url: str
    alt: str
    box: Box


@dataclass(slots=True)
class Flow:
    """All blocks and pictures of a page, in page order."""

    blocks: list[Block]
    boxes: list[Box]
    pictures: list[Picture]
    truncated: bool = False


def clean(text: str) -> str:
    """Text with white space folded and invisible characters removed.

    >>> clean("  Warga\\u00a0 desa\\u200b ")
    'Warga desa'
    """
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    return " ".join(text.split())


class _Walk:
    """The state of one pass over a tree."""

    __slots__ = ("bold", "bold_chars", "box", "boxes", "blocks", "buffer", "chars", "hrefs", "inner", "last_inline_end", "links",
                 "pictures", "soft", "time", "truncated")  # fmt: skip

    def __init__(self, root_box: Box) -> None:
        self.box = root_box
        self.boxes = [root_box]
        self.blocks: list[Block] = []
        self.pictures: list[Picture] = []
        self.buffer: list[str] = []
        self.links: list[Anchor] = []
        self.hrefs: list[tuple[str, int]] = []
        self.bold = 0
        self.bold_chars = 0
        self.inner = ""
        self.soft = False
        self.last_inline_end = ""
        self.time: str | None = None
        self.truncated = False

    def text(self, value: str) -> None:
        self.buffer.append(value)
        if self.bold:
            self.bold_chars += len(value)

    def flush(self, soft: bool = False) -> None:
        """End the current block, if it holds text."""
        buffer = self.buffer
        if buffer:
            text = clean("".join(buffer))
            if text:
                self._add(text)
            self.buffer = []
            self.hrefs = [(href, 0) for href, _ in self.hrefs]
            self.links = []
            self.bold_chars = 0
            self.inner = ""
            self.soft = False
            self.time = None
        self.soft = (self.soft or soft) if not soft else True
        self.last_inline_end = ""

    def _add(self, text: str) -> None:
        links = self.links
        for href, start in self.hrefs:
            inner = clean("".join(self.buffer[start:]))
            if inner:
                links = [*links, Anchor(inner, href)]
        pieces = [p for p in map(clean, self.buffer) if p]
        self.blocks.append(
            Block(
                index=len(self.blocks),
                text=text,
                box=self.box,
                tag=self.box.tag,
                pieces=pieces,
                links=links,
                link_chars=min(len(text), sum(len(link.text) for link in links)),
                inner=self.inner,
                bold=self.bold_chars >= 0.9 * len(text),
                after_break=self.soft,
                words=text.count(" ") + 1,
                time=self.time,
            )
        )


def read_blocks(root: etree._Element) -> Flow:
    """The blocks of a page, in one pass over its tree; linear in the number of elements."""
    body = root.find("body")
    start = body if body is not None else root
    walk = _Walk(Box("body", _names(start), None, 0, False, start))
    # skip_subtree() of iterwalk still reports the end event of the skipped element.
    walker = etree.iterwalk(start, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if tag in SKIPPED:
                walker.skip_subtree()
                continue
            if len(walk.blocks) >= MAX_BLOCKS:
                walk.truncated = True
                break
            _open(walk, element, tag, start)
        else:
            if tag not in SKIPPED:
                _close(walk, element, tag, start)
            if element is not start and element.tail:
                walk.text(element.tail)
    walk.flush()
    for box in walk.boxes:
        if not box.end:
            box.end = len(walk.blocks)
    return Flow(walk.blocks, walk.boxes, walk.pictures, walk.truncated)


def _open(walk: _Walk, element: etree._Element, tag: str, start: etree._Element) -> None:
    if tag in INLINE or ":" in tag:
        if walk.last_inline_end and tag in _SPACED and walk.buffer:
            walk.buffer.append(" ")
        if tag == "a":
            href = element.get("href")
            if href:
                walk.hrefs.append((href, len(walk.buffer)))
        elif tag in ("b", "strong"):
            walk.bold += 1
        elif tag == "time":
            walk.time = element.get("datetime") or walk.time
        if not walk.buffer or not any(part.strip() for part in walk.buffer):
            names = _names(element)
            if names:
                walk.inner = f"{walk.inner} {names}" if walk.inner else names
        walk.last_inline_end = ""
    elif tag == "br":
        if walk.box.tag in ("h1", "h2", "h3", "h4", "h5", "h6") or walk.box.tag == "button":
            walk.buffer.append(" ")
        else:
            walk.flush(soft=True)
    elif tag == "img" or tag == "amp-img":
        _picture(walk, element)
    elif element is not start:
        walk.flush()
        parent = walk.box
        style = element.get("style")
        hidden = parent.hidden or element.get("hidden") is not None or bool(style and _HIDDEN.search(style))
        walk.box = Box(tag, _names(element), parent, parent.depth + 1, hidden, element, len(walk.blocks))
        walk.boxes.append(walk.box)
        walk.soft = False
    if element.text:
        walk.text(element.text)


def _close(walk: _Walk, element: etree._Element, tag: str, start: etree._Element) -> None:
    if tag in INLINE or ":" in tag:
        if tag == "a" and walk.hrefs and element.get("href"):
            href, begin = walk.hrefs.pop()
            text = clean("".join(walk.buffer[begin:]))
            if text:
                walk.links.append(Anchor(text, href))
        elif tag in ("b", "strong"):
            walk.bold -= 1
        walk.last_inline_end = tag if tag in _SPACED else ""
        if element.tail and element.tail.strip():
            walk.last_inline_end = ""
    elif tag not in ("br", "img", "amp-img") and element is not start:
        walk.flush()
        walk.box.end = len(walk.blocks)
        if walk.box.parent is not None:
            walk.box = walk.box.parent
        walk.soft = False


def _picture(walk: _Walk, element: etree._Element) -> None:
    url = element.get("data-src") or element.get("data-original") or element.get("data-lazy-src") or element.get("src")
    if url and not url.startswith("data:"):
        walk.pictures.append(Picture(len(walk.blocks), url.strip(), clean(element.get("alt") or ""), walk.box))


def _names(element: etree._Element) -> str:
    get = element.get
    names = get("class") or ""
    for attribute in ("id", "itemprop", "role"):
        value = get(attribute)
        if value:
            names = f"{names} {value}"
    return names.lower()

"""A page as the sequence of blocks a reader sees: one pass over the tree.

A block is a run of text between two block-level boundaries (or line breaks), with what is cheap to know
about it: where it stands, how much of it is link, what its containers call themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "output",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "head",
        "iframe",
        "object",
        "embed",
        "audio",
        "canvas",
        "map",
        "select",
        "option",
        "datalist",
        "textarea",
        "input",
        "progress",
        "meter",
    ]
)
#: Elements whose content no reader sees as text of the page.

MAX_BLOCKS = 20_000
#: Blocks that are read of one page; a page with more is no article.

LANDMARKS = frozenset({"nav", "aside", "footer"})
_BLOCK, _INLINE, _BREAK, _IMAGE, _SKIP = range(5)
_KIND = {
    **dict.fromkeys(INLINE, _INLINE),
    **dict.fromkeys(SKIPPED, _SKIP),
    "br": _BREAK,
    "img": _IMAGE,
    "amp-img": _IMAGE,
}
_UNBROKEN = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "button"})
#: Elements in which a line break is a blank.

_SPACED = frozenset({"a", "span", "time", "label", "small", "cite"})
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


class Box:
    """An element that holds blocks: a step of the way from the page to a block."""

    __slots__ = (
        "apart", "chars", "depth", "element", "end", "first", "hidden", "link_chars", "names", "parent", "story", "tag",
        "to_main",
    )  # fmt: skip

    names: str
    #: Its class, id, role and itemprop in lower case, parted by blanks; read from the element when first asked for.

    def __init__(
        self, tag: str, parent: Box | None, element: etree._Element, first: int, hidden: bool
    ) -> None:
        self.tag = tag
        self.parent = parent
        self.element = element
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.hidden = hidden
        #: Not displayed, itself or a container of it.
        self.first = first
        #: Index of the first block inside.
        self.end = first
        #: Index after the last block inside.
        self.apart: str = tag if tag in LANDMARKS else parent.apart if parent is not None else ""
        #: The nearest nav, aside or footer it stands in, or is; empty where there is none.
        self.chars = 0
        self.link_chars = 0
        self.story = 0.0
        #: Words of running text inside.
        self.to_main = 0
        #: Steps up to a container of at least half of the page's running text.

    def __getattr__(self, attribute: str) -> str:
        if attribute != "names":
            raise AttributeError(attribute)
        self.names = names_of(self.element)
        return self.names


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
    width: str = ""
    #: As the markup says it, in pixels.


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
    if not text.isascii() and _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())


class _Walk:
    """The state of one pass over a tree: the block that is being collected and where it stands."""

    __slots__ = (
        "blocks", "bold", "bold_chars", "box", "boxes", "buffer", "hrefs", "inner", "joint", "links", "pictures", "soft",
        "time",
    )  # fmt: skip

    def __init__(self, root: Box) -> None:
        self.box = root
        self.boxes = [root]
        self.blocks: list[Block] = []
        self.pictures: list[Picture] = []
        self.buffer: list[str] = []
        self.links: list[Anchor] = []
        self.hrefs: list[tuple[str, int]] = []
        #: Links that are open: address and where in the buffer their text begins.
        self.bold = 0
        self.bold_chars = 0
        self.inner = ""
        self.joint = False
        #: An inline element has just ended, without text after it.
        self.soft = False
        #: The block before ended at a line break.
        self.time: str | None = None

    def flush(self) -> None:
        """End the current block, if it holds text."""
        text = clean("".join(self.buffer))
        if text:
            links = self.links
            for href, start in self.hrefs:
                inner = clean("".join(self.buffer[start:]))
                if inner:
                    links.append(Anchor(inner, href))
            link_chars = min(len(text), sum([len(link.text) for link in links])) if links else 0
            self.blocks.append(
                Block(
                    len(self.blocks), text, self.box, self.box.tag, links, link_chars, self.inner,
                    self.bold_chars >= 0.9 * len(text), self.soft, text.count(" ") + 1, self.time,
                )
            )  # fmt: skip
            self.soft = False
        self.buffer = []
        self.links = []
        self.bold_chars = 0
        self.inner = ""
        self.joint = False
        self.time = None
        if self.hrefs:
            self.hrefs = [(href, 0) for href, _ in self.hrefs]


def read_blocks(root: etree._Element) -> Flow:
    """The blocks of a page, in one pass over its tree; linear in the number of elements."""
    body = root.find("body")
    start = body if body is not None else root
    walk = _Walk(Box("body", None, start, 0, False))
    truncated = False
    kind_of = _KIND.get
    walker = etree.iterwalk(start, events=("start", "end"))
    next(walker)
    if start.text:
        walk.buffer.append(start.text)
    for event, element in walker:
        tag = element.tag
        kind = kind_of(tag, _BLOCK)
        if kind == _BLOCK and ":" in tag:
            kind = _INLINE
        if event == "start":
            if kind == _SKIP:
                walker.skip_subtree()
                continue
            if kind == _BLOCK:
                _open_box(walk, element, tag)
                if len(walk.blocks) >= MAX_BLOCKS:
                    truncated = True
                    break
            elif kind == _INLINE:
                _open_inline(walk, element, tag)
            elif kind == _BREAK:
                _break(walk)
            else:
                _picture(walk, element)
            text = element.text
            if text and (walk.buffer or not text.isspace()):
                walk.buffer.append(text)
                if walk.bold:
                    walk.bold_chars += len(text)
                walk.joint = False
            continue
        if kind == _BLOCK:
            if element is start:
                break
            _close_box(walk)
        elif kind == _INLINE:
            _close_inline(walk, element, tag)
        tail = element.tail
        if tail and (walk.buffer or not tail.isspace()):
            walk.buffer.append(tail)
            if walk.bold:
                walk.bold_chars += len(tail)
            walk.joint = False
    if walk.buffer:
        walk.flush()
    while walk.box.parent is not None:
        _close_box(walk)
    walk.box.end = len(walk.blocks)
    return Flow(walk.blocks, walk.boxes, walk.pictures, truncated)


def _open_box(walk: _Walk, element: etree._Element, tag: str) -> None:
    if walk.buffer:
        walk.flush()
    parent = walk.box
    hidden = parent.hidden
    if not hidden:
        style = element.get("style")
        hidden = bool(style and _HIDDEN.search(style)) or element.get("hidden") is not None
    walk.box = Box(tag, parent, element, len(walk.blocks), hidden)
    walk.boxes.append(walk.box)
    walk.soft = False


def _close_box(walk: _Walk) -> None:
    if walk.buffer:
        walk.flush()
    box = walk.box
    box.end = len(walk.blocks)
    if box.parent is not None:
        walk.box = box.parent
    walk.soft = False


def _open_inline(walk: _Walk, element: etree._Element, tag: str) -> None:
    if walk.joint and tag in _SPACED:
        # Neighbouring spans and links are set apart by style sheets, not by the markup.
        walk.buffer.append(" ")
    if not walk.buffer:
        names = names_of(element)
        if names:
            walk.inner = f"{walk.inner} {names}" if walk.inner else names
    if tag == "a":
        href = element.get("href")
        if href:
            walk.hrefs.append((href, len(walk.buffer)))
    elif tag in ("b", "strong"):
        walk.bold += 1
    elif tag in ("time", "abbr"):
        walk.time = element.get("datetime") or element.get("title") or walk.time
    walk.joint = False


def _close_inline(walk: _Walk, element: etree._Element, tag: str) -> None:
    if tag == "a":
        if walk.hrefs and element.get("href"):
            href, begin = walk.hrefs.pop()
            text = clean("".join(walk.buffer[begin:]))
            if text:
                walk.links.append(Anchor(text, href))
    elif tag in ("b", "strong") and walk.bold:
        walk.bold -= 1
    walk.joint = tag in _SPACED and bool(walk.buffer)


def _break(walk: _Walk) -> None:
    if walk.box.tag in _UNBROKEN:
        walk.buffer.append(" ")
        return
    if walk.buffer:
        walk.flush()
    walk.soft = True


def _picture(walk: _Walk, element: etree._Element) -> None:
    get = element.get
    url = get("data-src") or get("data-original") or get("data-lazy-src") or get("src")
    if url and not url.startswith("data:"):
        walk.pictures.append(
            Picture(len(walk.blocks), url.strip(), clean(get("alt") or ""), walk.box, get("width") or "")
        )


def names_of(element: etree._Element) -> str:
    """An element's class, id, itemprop and role in lower case, parted by blanks."""
    get = element.get
    names = get("class") or ""
    for attribute in ("id", "itemprop", "role"):
        value = get(attribute)
        if value:
            names = f"{names} {value}"
    return names.lower()

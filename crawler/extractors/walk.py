"""A page's tree as the sequence of blocks a reader sees, listed in one pass."""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from crawler.extractors.asides import part_asides
from crawler.extractors.blocks import Anchor, Attributes, Block, Box, Flow, Picture, clean, names_of

INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output q rp rt "
    "ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
SKIPPED = frozenset(
    "script style noscript template svg math head iframe object embed audio canvas map select option "
    "datalist textarea input progress meter".split()
)
#: Elements whose content no reader sees as text of the page.

MAX_BLOCKS = 20_000
#: Blocks that are read of one page; a page with more is no article.

_BLOCK, _INLINE, _BREAK, _IMAGE, _SKIP, _TEXT = range(6)
_KIND = {
    **dict.fromkeys(INLINE, _INLINE),
    **dict.fromkeys(SKIPPED, _SKIP),
    "br": _BREAK,
    "img": _IMAGE,
    "amp-img": _IMAGE,
    "-text": _TEXT,
    "-comment": _SKIP,
}
_UNBROKEN = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "button"})
#: Elements in which a line break is a blank.

_SPACED = frozenset({"a", "span", "time", "label", "small", "cite"})
#: Inline elements that style sheets set apart where the markup does not.

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


NEAR_ANCHOR = 3
#: Containers around the anchor whose content above it is read.

QUIET = 150
#: Blocks without running text, after the anchor, behind which nothing of the article comes.

LONG_TEXT = 80
#: Characters from which a block is taken for running text.

SITE_FOOTER_DEPTH = 2
#: Containers down to which a footer is the site's and not an article's.


def read_blocks(root: LexborNode, anchor: LexborNode | None = None) -> Flow:
    """The blocks of a page; linear in the number of its elements.

    ``anchor`` is the headline's element where it is known: what stands above its nearest containers (menus,
    logos, tickers) and the site's footer are passed over then, which is a third of a page.
    """
    body = next((child for child in root.iter() if child.tag == "body"), root)
    walk = _Walk(body, _Reach(anchor) if anchor is not None else None)
    walk.read(body)
    return walk.finish()


class _Reach:
    """What of a page is read where the headline's element is known."""

    __slots__ = ("above", "ahead", "anchor", "near")

    def __init__(self, anchor: LexborNode) -> None:
        self.anchor: int = anchor.mem_id
        containers = [self.anchor]
        element = anchor.parent
        while element is not None:
            containers.append(element.mem_id)
            element = element.parent
        self.above = frozenset(containers)
        self.near = frozenset(containers[: NEAR_ANCHOR + 1])
        self.ahead = True
        #: The headline has not been met yet.

    def passes_over(self, place: int, parent: int) -> bool:
        """Whether a box above the headline, in the box ``parent``, is none of its nearest surroundings."""
        if not self.ahead:
            return False
        if place == self.anchor:
            self.ahead = False
        return parent not in self.near and place not in self.above


def _is_the_sites(box: Box) -> bool:
    """Whether a footer in this container is the site's."""
    return box.depth < SITE_FOOTER_DEPTH and box.tag not in ("article", "main") and "story" not in box.groups


_KIND_BY_ID: dict[int, int] = {}
_TAG_BY_ID: dict[int, str] = {}
#: What lexbor's numbers of the elements of HTML stand for, learnt as they are met.

_MOST_ID = 4096
#: The numbers of elements that HTML does not know are larger and each document's own.


def _learn(node: LexborNode, tag_id: int) -> int:
    """The kind of an element that was not met yet."""
    tag = node.tag or ""
    kind = _KIND.get(tag, _INLINE if ":" in tag else _BLOCK)
    if tag_id < _MOST_ID:
        _KIND_BY_ID[tag_id], _TAG_BY_ID[tag_id] = kind, tag
    return kind


class _Walk:
    """The state of one pass over a tree: the block that is being collected and where it stands."""

    __slots__ = (
        "blocks", "bold", "bold_chars", "box", "boxes", "buffer", "enough", "hrefs", "inner", "joint",
        "links", "pictures", "reach", "soft", "time",
    )  # fmt: skip

    def __init__(self, start: LexborNode, reach: _Reach | None) -> None:
        self.reach = reach
        self.box = Box("body", None, start.attributes, place=start.mem_id)
        self.boxes = [self.box]
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
        self.enough = MAX_BLOCKS
        #: Blocks after which nothing of the article comes any more, or the page is none.

    def read(self, start: LexborNode) -> None:
        """Go through all that is in an element, or within reach of the headline."""
        frames = [(start.iter(include_text=True), "")]
        while frames:
            for node in frames[-1][0]:
                number = node.tag_id
                kind = _KIND_BY_ID.get(number)
                if kind is None:
                    kind = _learn(node, number)
                if kind == _TEXT:
                    text = node.text_content or ""
                    if text and (self.buffer or not text.isspace()):
                        self.text(text)
                elif kind == _BREAK:
                    self.break_line()
                elif kind != _SKIP:
                    inline = self.open(node, kind, _TAG_BY_ID.get(number) or node.tag or "")
                    if inline is not None:
                        frames.append((node.iter(include_text=True), inline))
                        break
            else:
                inline = frames.pop()[1]
                if inline:
                    self.close_inline(inline)
                elif frames:
                    self.close_box()
                if len(self.blocks) >= self.enough:
                    break

    def open(self, node: LexborNode, kind: int, tag: str) -> str | None:
        """Go into an element: its tag where it is within a line, an empty one for a box; null to pass it."""
        attributes: Attributes = node.attributes
        if kind == _INLINE:
            inline = "span" if tag == "a" and not attributes.get("href") else tag
            self.open_inline(inline, attributes)
            return inline
        if kind == _IMAGE:
            self.see_picture(attributes)
            return tag
        place = node.mem_id
        if self.reach is not None:
            if self.reach.passes_over(place, self.box.place):
                return None
            if tag == "footer" and _is_the_sites(self.box):
                return None
        self.open_box(tag, attributes, place)
        return ""

    def text(self, text: str) -> None:
        """Add to the current block; blanks before its first word do not count."""
        self.buffer.append(text)
        if self.bold:
            self.bold_chars += len(text)
        self.joint = False

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
            if len(text) > LONG_TEXT and link_chars < 0.4 * len(text):
                self.note_prose()
            parts = part_asides(text, links) if links and len(text) > LONG_TEXT else ()
            if parts:
                self.add_parts(parts)
            else:
                self.blocks.append(
                    Block(
                        len(self.blocks), text, self.box, self.box.tag, links, link_chars, self.inner,
                        self.bold_chars >= 0.9 * len(text), self.soft, text.count(" ") + 1, self.time,
                        link_chars / len(text),
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

    def add_parts(self, parts: Sequence[tuple[str, Anchor | None]]) -> None:
        """The blocks of a paragraph inside which links to other stories stand."""
        for place, (text, aside) in enumerate(parts):
            links = [aside] if aside else [link for link in self.links if link.text in text]
            link_chars = min(len(text), sum([len(link.text) for link in links]))
            self.blocks.append(
                Block(
                    len(self.blocks), text, self.box, self.box.tag, links, link_chars, self.inner,
                    after_break=self.soft and not place, words=text.count(" ") + 1, time=self.time,
                    link_share=link_chars / len(text), goes_on=place > 0 and aside is None,
                )
            )  # fmt: skip

    def note_prose(self) -> None:
        """The next block is running text: so many more are read, where the headline has been met."""
        if self.reach is not None and not self.reach.ahead:
            self.enough = min(MAX_BLOCKS, len(self.blocks) + QUIET + 1)

    def open_box(self, tag: str, attributes: Attributes, place: int) -> None:
        if self.buffer:
            self.flush()
        hidden = self.box.hidden
        if not hidden and attributes:
            style = attributes.get("style")
            hidden = "hidden" in attributes or bool(style and _HIDDEN.search(style))
        self.box = Box(tag, self.box, attributes, first=len(self.blocks), hidden=hidden, place=place)
        self.boxes.append(self.box)
        self.soft = False

    def close_box(self) -> None:
        if self.buffer:
            self.flush()
        box = self.box
        box.end = len(self.blocks)
        if box.parent is not None:
            self.box = box.parent
        self.soft = False

    def open_inline(self, tag: str, attributes: Attributes) -> None:
        if not self.buffer:
            names = names_of(attributes)
            if names:
                self.inner = f"{self.inner} {names}" if self.inner else names
        elif self.joint and tag in _SPACED:
            self.buffer.append(" ")
        if tag == "a":
            self.hrefs.append((attributes.get("href") or "", len(self.buffer)))
        elif tag in ("b", "strong"):
            self.bold += 1
        elif tag in ("time", "abbr"):
            self.time = attributes.get("datetime") or attributes.get("title") or self.time
        self.joint = False

    def close_inline(self, tag: str) -> None:
        if tag == "a":
            href, begin = self.hrefs.pop()
            text = clean("".join(self.buffer[begin:]))
            if text:
                self.links.append(Anchor(text, href))
        elif tag in ("b", "strong"):
            self.bold -= 1
        self.joint = tag in _SPACED and bool(self.buffer)

    def break_line(self) -> None:
        if self.box.tag in _UNBROKEN:
            self.buffer.append(" ")
            return
        if self.buffer:
            self.flush()
        self.soft = True

    def see_picture(self, attributes: Attributes) -> None:
        if self.buffer:
            self.buffer.append(" ")
        get = attributes.get
        url = get("data-src") or get("data-original") or get("data-lazy-src") or get("src")
        if url and not url.startswith("data:"):
            place, alt = len(self.blocks), clean(get("alt") or "")
            self.pictures.append(Picture(place, url.strip(), alt, self.box, get("width") or ""))

    def finish(self) -> Flow:
        """End all that is open."""
        truncated = len(self.blocks) >= MAX_BLOCKS
        while self.box.parent is not None:
            self.close_box()
        if self.buffer:
            self.flush()
        self.box.end = len(self.blocks)
        return Flow(self.blocks, self.boxes, self.pictures, truncated)

"""A page's tree as the sequence of blocks a reader sees, listed in one pass."""

from __future__ import annotations

import re

from lxml import etree

from crawler.extractors.blocks import Anchor, Block, Box, Flow, Picture, clean, names_of

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


def read_blocks(root: etree._Element, anchor: etree._Element | None = None) -> Flow:
    """The blocks of a page; linear in the number of its elements.

    ``anchor`` is the headline's element where it is known: what stands above its nearest containers (menus,
    logos, tickers) and the site's footer are passed over then, which is a third of a page.
    """
    body = root.find("body")
    start = body if body is not None else root
    walk = _Walk(start)
    above, near = _around(anchor)
    walker = etree.iterwalk(start, events=("start", "end"))
    next(walker)
    for event, element in walker:
        if event == "start":
            if (above and _is_passed_over(element, above, near)) or (
                anchor is not None and element.tag == "footer" and _is_the_sites(walk.box)
            ):
                walker.skip_subtree()
                walk.skipped = element
            elif walk.open(element):
                walker.skip_subtree()
            if element is anchor:
                above = None
        elif element is start:
            break
        elif element is walk.skipped:
            walk.skipped = None
        else:
            walk.close(element)
            if len(walk.blocks) - walk.last_prose > QUIET and anchor is not None and not above:
                break
            if len(walk.blocks) >= MAX_BLOCKS:
                break
    return walk.finish()


def _is_the_sites(box: Box) -> bool:
    """Whether a footer in this container is the site's."""
    return box.depth < SITE_FOOTER_DEPTH and box.tag not in ("article", "main") and "story" not in box.groups


def _around(anchor: etree._Element | None) -> tuple[set[etree._Element] | None, set[etree._Element]]:
    """The containers of the anchor, and those of them that are near."""
    if anchor is None:
        return None, set()
    above = [anchor, *anchor.iterancestors()]
    return set(above), set(above[: NEAR_ANCHOR + 1])


def _is_passed_over(element: etree._Element, above: set[etree._Element], near: set[etree._Element]) -> bool:
    """Whether an element before the anchor is out of its reach."""
    if element in above or element.getparent() in near:
        return False
    return _KIND.get(element.tag, _BLOCK) == _BLOCK


class _Walk:
    """The state of one pass over a tree: the block that is being collected and where it stands."""

    __slots__ = (
        "blocks", "bold", "bold_chars", "box", "boxes", "buffer", "hrefs", "inner", "joint", "last_prose",
        "links", "pictures", "skipped", "soft", "time",
    )  # fmt: skip

    def __init__(self, start: etree._Element) -> None:
        self.box = Box("body", None, start, 0, False)
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
        self.last_prose = 10**9
        #: Index of the last block of running text; there is none yet.
        self.skipped: etree._Element | None = None
        #: The element that is being passed over.
        self.text(start.text)

    def open(self, element: etree._Element) -> bool:
        """Go into an element; true where nothing in it is to be read."""
        tag = element.tag
        kind = _KIND.get(tag, _BLOCK)
        if kind == _SKIP:
            return True
        if kind == _BLOCK and ":" not in tag:
            self.open_box(element, tag)
        elif kind == _BREAK:
            self.break_line()
        elif kind == _IMAGE:
            self.see_picture(element)
        else:
            self.open_inline(element, tag)
        self.text(element.text)
        return False

    def close(self, element: etree._Element) -> None:
        """Leave an element, and read the text behind it."""
        tag = element.tag
        kind = _KIND.get(tag, _BLOCK)
        if kind == _INLINE or (kind == _BLOCK and ":" in tag):
            self.close_inline(element, tag)
        elif kind == _BLOCK:
            self.close_box()
        self.text(element.tail)

    def text(self, text: str | None) -> None:
        """Add to the current block; blanks before its first word do not count."""
        if text and (self.buffer or not text.isspace()):
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
                self.last_prose = len(self.blocks)
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

    def open_box(self, element: etree._Element, tag: str) -> None:
        if self.buffer:
            self.flush()
        hidden = self.box.hidden
        if not hidden:
            style = element.get("style")
            hidden = bool(style and _HIDDEN.search(style)) or element.get("hidden") is not None
        self.box = Box(tag, self.box, element, len(self.blocks), hidden)
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

    def open_inline(self, element: etree._Element, tag: str) -> None:
        if not self.buffer:
            names = names_of(element)
            if names:
                self.inner = f"{self.inner} {names}" if self.inner else names
        elif self.joint and tag in _SPACED:
            self.buffer.append(" ")
        if tag == "a":
            href = element.get("href")
            if href:
                self.hrefs.append((href, len(self.buffer)))
        elif tag in ("b", "strong"):
            self.bold += 1
        elif tag in ("time", "abbr"):
            self.time = element.get("datetime") or element.get("title") or self.time
        self.joint = False

    def close_inline(self, element: etree._Element, tag: str) -> None:
        if tag == "a":
            if self.hrefs and element.get("href"):
                href, begin = self.hrefs.pop()
                text = clean("".join(self.buffer[begin:]))
                if text:
                    self.links.append(Anchor(text, href))
        elif tag in ("b", "strong") and self.bold:
            self.bold -= 1
        self.joint = tag in _SPACED and bool(self.buffer)

    def break_line(self) -> None:
        if self.box.tag in _UNBROKEN:
            self.buffer.append(" ")
            return
        if self.buffer:
            self.flush()
        self.soft = True

    def see_picture(self, element: etree._Element) -> None:
        get = element.get
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

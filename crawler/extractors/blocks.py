"""What a page is read as: blocks of text in their containers, with links and pictures.

A block is a run of text between two block-level boundaries or line breaks, with what is cheap to know about
it: where it stands, how much of it is link, what its containers call themselves. `walk` lists them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.extractors.markup import markup_groups

Attributes = Mapping[str, str | None]
#: Of an element, by name; null where one has no value.

LANDMARKS = frozenset({"nav", "aside", "footer"})
#: Elements that set what they hold apart from the story.

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")


class Box:
    """An element that holds blocks: a step of the way from the page to a block."""

    __slots__ = (
        "_groups", "_names", "apart", "attributes", "chars", "depth", "end", "first", "hidden",
        "link_chars", "linked", "mass", "parent", "place", "story", "tag", "to_main",
    )  # fmt: skip

    def __init__(
        self,
        tag: str,
        parent: Box | None,
        attributes: Attributes,
        *,
        first: int = 0,
        hidden: bool = False,
        place: int = 0,
    ) -> None:
        self._names: str | None = None
        self._groups: tuple[str, ...] | None = None
        self.tag = tag
        self.parent = parent
        self.attributes = attributes
        self.place = place
        #: What the tree knows the element by.
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
        self.mass = 0
        self.linked = 0
        #: Tenths of the page's running text that is inside, and of the text inside that is link; at most 9.
        self.to_main = 0
        #: Steps up to a container of at least half of the page's running text.

    @property
    def names(self) -> str:
        """Its class, id, role and itemprop in lower case, parted by blanks; read when first asked for."""
        if self._names is None:
            self._names = names_of(self.attributes)
        return self._names

    @property
    def groups(self) -> tuple[str, ...]:
        """The markup groups of its names, likewise."""
        if self._groups is None:
            names = self.names
            self._groups = markup_groups(names) if names else ()
        return self._groups


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

    link_share: float = 0.0
    #: How much of the text is link, 0 to 1.

    goes_on: bool = False
    #: The rest of a paragraph inside which a link to another story stands.


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


def names_of(attributes: Attributes) -> str:
    """An element's class, id, itemprop and role in lower case, parted by blanks."""
    if not attributes:
        return ""
    get = attributes.get
    names = get("class") or ""
    for attribute in ("id", "itemprop", "role"):
        value = get(attribute)
        if value:
            names = f"{names} {value}"
    return names.lower()

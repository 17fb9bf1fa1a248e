"""The tree of a page as browsers make it (lexbor), and what keeps hostile markup from stopping it.

lexbor is twice as fast as libxml2, but its time grows with the square of the open elements. A page of
so much markup that this could count goes through libxml2 first, whose time grows with the page and no faster;
what it writes again is balanced and of bounded depth. The time of both grows with the square of an element's
attributes: tags with more than any page has are taken out of such pages.
"""

from __future__ import annotations

import re

from lxml import etree
from selectolax.lexbor import LexborHTMLParser, LexborNode

MANY_TAGS = 6_000
#: Tags up to which a page goes to lexbor as it is.

FEW_TAGS = 2_500
MANY_STYLES = 100
#: Of more than so many tags, those that style text in a way of their own: left open, each paragraph of the
#: page repeats them.

LARGE = 2**20
LONG_TAG = 32_768
#: Bytes of a page, and of what follows a ``<``, up to which it does.

MOST_ATTRIBUTES = 500
#: Of one element; a tag with more is taken out.

_PLAIN_TAG = re.compile(
    rb"/?+[a-zA-Z][\w:-]*+(?:\s++[\w:@.-]++(?:\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'=<>`]++))?+)*+\s*+/?>"
)
#: A tag after its ``<`` about whose end all parsers agree.

_ATTRIBUTE = re.compile(
    rb"[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+)?+)?+"
)
_TAG = re.compile(rb"<[a-zA-Z][^\s/>]*+((?:[\s/]++|" + _ATTRIBUTE.pattern + rb")*+)>?+")
#: Attribute and tag as the HTML standard's tokeniser parts them.

_STYLE = re.compile(rb"(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/]", re.IGNORECASE)


def parse_tree(source: bytes) -> tuple[LexborNode | None, bool]:
    """The root of a page in UTF-8, null for a page of blanks, and whether some of it was too deep to read."""
    cut = False
    parts = source.split(b"<")
    if len(source) > LARGE or _has_long_tag(parts):
        source = _TAG.sub(_without_floods, source)
    if len(parts) > MANY_TAGS or _has_many_styles(parts):
        source, cut = _balanced(source)
    if not source.strip():
        return None, cut
    return LexborHTMLParser(source).root, cut


def _has_many_styles(parts: list[bytes]) -> bool:
    return len(parts) > FEW_TAGS and sum(map(bool, map(_STYLE.match, parts))) > MANY_STYLES


def _has_long_tag(parts: list[bytes]) -> bool:
    if max(map(len, parts)) <= LONG_TAG:
        return False
    return any(_may_be_long_tag(part) for part in parts if len(part) > LONG_TAG)


def _may_be_long_tag(part: bytes) -> bool:
    """Whether what follows a ``<`` may be a tag of that length, or go on with one that holds a ``<``."""
    tag = _PLAIN_TAG.match(part)
    return tag is None or tag.end() > LONG_TAG


def _balanced(source: bytes) -> tuple[bytes, bool]:
    """A page as libxml2 understands it, and whether elements were nested too deep for that.

    libxml2 goes 256 elements deep, 2,048 where its limits are lifted, which only pages that need it get.
    """
    root, cut = _by_libxml2(source, deep=False)
    if cut:
        root, cut = _by_libxml2(source, deep=True)
    if root is None:
        return b"", cut
    return etree.tostring(root, encoding="utf-8", method="html"), cut


def _without_floods(tag: re.Match[bytes]) -> bytes:
    attributes = tag[1]
    if len(attributes) > 2 * MOST_ATTRIBUTES and len(_ATTRIBUTE.findall(attributes)) > MOST_ATTRIBUTES:
        return b""
    return tag[0]


def _by_libxml2(source: bytes, *, deep: bool) -> tuple[etree._Element | None, bool]:
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=deep
    )
    try:
        root = etree.fromstring(source, parser) if source.strip() else None
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None, False
    last = parser.error_log.last_error
    return root, last is not None and last.type_name == "ERR_RESOURCE_LIMIT"

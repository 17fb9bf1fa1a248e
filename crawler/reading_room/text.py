"""Stored text on its way into a template: cut, marked, and freed of what does no good in a page.

Escaping is the template's own; what is given back as ``Markup`` was escaped here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from pipelines.database.asking.search import MARK_END, MARK_START

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKED = re.compile(f"{MARK_START}([^{MARK_END}]*){MARK_END}")

_CUT = 190
#: A beginning of so many characters was cut from more.


def shortened(text: str | None, most: int = 300) -> str:
    """The text, cut at so many characters.

    >>> shortened("kata demi kata", 9)
    'kata demi…'
    """
    text = text or ""
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


def excerpt(text: str, most: int = 600) -> str:
    """The beginning of a story, or the words around a match, without the half of a word at its end.

    >>> excerpt("kata " * 39 + "terpotong d")[-13:]
    'ta terpotong…'
    """
    text = shortened(text, most)
    if len(text) < _CUT or text.endswith(("…", ".", "”", '"', "!", "?")):
        return text
    return text.rpartition(" ")[0] + "…"


def plain(text: object) -> str:
    """Without control characters and without those that turn the direction of what comes after."""
    return _DIRECTION.sub("", _CONTROLS.sub("", str(text)))


def marked(snippet: str) -> Markup:
    """A snippet with its matches as ``<mark>``."""
    parts: list[Markup] = []
    end = 0
    for match in _MARKED.finditer(snippet):
        parts += [_safe(snippet[end : match.start()]), Markup("<mark>{}</mark>").format(_safe(match[1]))]
        end = match.end()
    return Markup("").join([*parts, _safe(snippet[end:])])


def paragraphs(body: str | None) -> Sequence[str]:
    """The paragraphs of a story."""
    return [part for part in (body or "").split("\n\n") if part.strip()]


def _safe(text: str) -> Markup:
    return escape(plain(text))


FILTERS = {
    "shortened": shortened,
    "plain": plain,
    "marked": marked,
    "excerpt": excerpt,
    "paragraphs": paragraphs,
}

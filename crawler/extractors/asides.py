"""Links to other stories that stand inside a paragraph: "… terputus. Baca juga: Tanggul Jebol Lagi. Warga …".

The walk parts such a paragraph into what stands before the link, the link, and what goes on after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extractors.blocks import Anchor
from crawler.extractors.lexicon import alternation, load_lexicon

LEAST_TITLE = 3
#: Words of a title; "Read more here" sends the reader on within the sentence.

LONGEST = 10_000
#: Characters of a paragraph that is looked at.

MOST_LINKS = 30
#: Links of such a paragraph; what has more is a list.

LEAST_REST = 12
#: Characters of a part that is worth a block of its own.

_LABELS = load_lexicon().aside_labels
_ASIDE = re.compile(
    rf"(?P<open>[(\[]\s?)?(?<!\w)(?P<label>(?:{alternation(_LABELS)}))(?!\w)\s?[:;|–—-]?\s?[\"“'‘]?",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"[\"”'’]?\s?[)\].]{0,2}\s*")
_SENTENCE_END = re.compile(r"[.!?…:][\"”’)\]]*\s*$")


def part_asides(text: str, links: Sequence[Anchor]) -> list[tuple[str, Anchor | None]]:
    """A paragraph's parts in order, each link to another story with its anchor; empty where it has none.

    >>> link = Anchor("Tanggul Jebol Lagi", "/tanggul")
    >>> part_asides("Jalan itu terputus. Baca juga: Tanggul Jebol Lagi Warga menunggu bantuan.", [link])[1]
    ('Baca juga: Tanggul Jebol Lagi', Anchor(text='Tanggul Jebol Lagi', href='/tanggul'))
    """
    if len(text) > LONGEST or len(links) > MOST_LINKS:
        return []
    parts: list[tuple[str, Anchor | None]] = []
    begin = 0
    for match in _ASIDE.finditer(text):
        start = match.start()
        if start < begin or not (match["open"] or _opens_sentence(text, match.start("label"))):
            continue
        found = _linked(text, match, links)
        if found is None:
            continue
        anchor, end = found
        closing = _CLOSING.match(text, end)
        stop = closing.end() if closing and match["open"] else end
        parts += [(text[begin:start].strip(), None), (text[match.start("label") : end].strip(), anchor)]
        begin = stop
    if not parts:
        return []
    parts.append((text[begin:].strip(), None))
    return [(part, anchor) for part, anchor in parts if anchor is not None or len(part) >= LEAST_REST]


def _opens_sentence(text: str, place: int) -> bool:
    before = text[max(0, place - 8) : place]
    return text[place].isupper() and (not before or bool(_SENTENCE_END.search(before)))


def _linked(text: str, label: re.Match[str], links: Sequence[Anchor]) -> tuple[Anchor, int] | None:
    """The link right behind a label, or the one that the label is a part of, and where it ends."""
    for anchor in links:
        if anchor.text.count(" ") < LEAST_TITLE - 1:
            continue
        for start in (label.end(), label.start("label")):
            if text.startswith(anchor.text, start) and start + len(anchor.text) > label.end():
                return anchor, start + len(anchor.text)
    return None

"""What changed between two texts, as a person reads it: by sentence, and by word where a sentence changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

Piece = tuple[Literal["=", "-", "+"], str]
#: What is in both, was taken away, or was put in; the words of a text are those of its pieces.

_SENTENCE = re.compile(r"(?<=[.!?…][\"'”’) ])\s*|(?<=[.!?…])\s+|\s*\n\s*")
_MOST_WORDS = 1_500
#: Longer passages are shown as replaced: difflib's time grows with the square.


def difference(before: str | None, after: str | None) -> list[Piece]:
    """The pieces of both texts in the order in which they are read.

    >>> difference("Harga naik. Pasar tutup.", "Harga turun. Pasar tutup.")
    [('=', 'Harga'), ('-', 'naik.'), ('+', 'turun.'), ('=', 'Pasar tutup.')]
    """
    ours, theirs = _sentences(before), _sentences(after)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("=", " ".join(ours[a:b])))
        else:
            pieces += _by_word(" ".join(ours[a:b]).split(), " ".join(theirs[c:d]).split())
    return pieces


def _sentences(text: str | None) -> list[str]:
    return [sentence for part in _SENTENCE.split(text or "") if (sentence := " ".join(part.split()))]


def _by_word(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    opcodes: list[tuple[str, int, int, int, int]] = [("replace", 0, len(before), 0, len(after))]
    if max(len(before), len(after)) <= _MOST_WORDS:
        opcodes = list(SequenceMatcher(None, before, after, autojunk=False).get_opcodes())
    for tag, a, b, c, d in opcodes:
        if tag == "equal":
            yield "=", " ".join(before[a:b])
            continue
        if a < b:
            yield "-", " ".join(before[a:b])
        if c < d:
            yield "+", " ".join(after[c:d])

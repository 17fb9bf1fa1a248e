"""What makes two texts near copies: keys under which a text is found, and what two texts share.

Pure functions of words (:func:`pipelines.database.fingerprints.words_of`). A stored key is as good as the
rule it came from: whoever changes a constant or a step raises ``ALGORITHM``, and the file is keyed anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import compress
from typing import Literal

ALGORITHM = 1
#: Number of the rule that keys come from.

KEY_WORDS = 10
#: Words of a passage that is a key: so many in a row are seldom the same by chance.

KEYS = 16
#: Keys of a text: of its passages the ones with the smallest hashes, so that two texts choose alike.

MIN_WORDS = 50
#: Shorter texts have no keys: too little to tell a copy from a coincidence.

NEAR = 0.6
#: Share of all shingles of two texts that both have, from which they are one text with small changes.

CONTAINED = 0.8
#: Share of a text's shingles from which it counts as contained in the other.

PARTLY = 0.4
#: Share of the shorter text's shingles from which one is made from the other.

LITTLE = 0.15
#: Share of all shingles under which two texts are two stories, though one may quote or contain the other.

_TEMPLATE = 0.3
#: Share of figures among the words that differ, from which two texts are one form filled in twice.

_SAME_DAY = 0.95
#: Share of all shingles from which a form was filled in alike, so that it is a copy.

_ONE_IN = 8
#: One passage in so many is looked at: those that begin with a word whose number this one divides.

_MIDDLE, _LAST = 4, KEY_WORDS - 1
_ODD, _OTHER, _MASK = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, (1 << 64) - 1
#: Words of a passage that choose it, and how their numbers are mixed.

_DIGIT = re.compile(r"\d")

SHINGLE_WORDS = 3
#: Words in a row that two texts are compared by.

Relation = Literal["exact", "near", "contains", "partial", "template"]
Shingles = frozenset[tuple[str, str, str]]


@dataclass(slots=True, frozen=True)
class Shared:
    """What two texts share; shares are 0 to 1."""

    relation: Relation
    jaccard: float
    #: Of all shingles of both.

    of_first: float
    #: Of the first one's shingles.

    of_second: float

    @property
    def joins(self) -> bool:
        """Whether the two tell one story. A round-up that contains a story does not join it to others."""
        return self.relation != "template" and self.jaccard >= LITTLE


def copy_keys(words: Sequence[str]) -> list[int]:
    """Keys of a text in rising order, 48 bits each, at most ``KEYS``; none for a short one.

    The bottom sketch of Broder (1997) over passages of ``KEY_WORDS`` words: a text that keeps a share of the
    passages keeps, on average, that share of the keys. Three words of a passage say whether it is chosen,
    since that is quick; BLAKE2b of the whole passage is the key.
    """
    if len(words) < MIN_WORDS:
        return []
    begins = compress(range(len(words) - _LAST), map(_begins.__getitem__, words))
    chosen = {
        (
            _numbers[words[begin]]
            ^ _numbers[words[begin + _MIDDLE]] * _ODD
            ^ _numbers[words[begin + _LAST]] * _OTHER
        )
        & _MASK: begin
        for begin in begins
    }
    passages = [" ".join(words[chosen[rank] : chosen[rank] + KEY_WORDS]) for rank in sorted(chosen)[:KEYS]]
    return sorted({int.from_bytes(blake2b(passage.encode(), digest_size=6).digest()) for passage in passages})


def shingles(words: Sequence[str]) -> Shingles:
    """All runs of three words."""
    return frozenset(zip(words, words[1:], words[2:]))  # noqa: B905


def compare(
    first: Sequence[str], second: Sequence[str], first_shingles: Shingles | None = None
) -> Shared | None:
    """What two texts of words share; null where they are different stories."""
    ours, theirs = first_shingles or shingles(first), shingles(second)
    common = len(ours & theirs)
    contained = common / (min(len(ours), len(theirs)) or 1)
    jaccard = common / (len(ours) + len(theirs) - common or 1)
    if contained < PARTLY or (jaccard < LITTLE and contained < CONTAINED):
        return None
    return _named(first, second, jaccard, common / len(ours), common / len(theirs))


def measure(first: Sequence[str], second: Sequence[str]) -> Shared:
    """The same of two texts that are of one story by way of others, however little they share."""
    ours, theirs = shingles(first), shingles(second)
    common = len(ours & theirs)
    jaccard = common / (len(ours) + len(theirs) - common)
    return _named(first, second, jaccard, common / len(ours), common / len(theirs))


def _named(first: Sequence[str], second: Sequence[str], jaccard: float, ours: float, theirs: float) -> Shared:
    relation: Relation = "partial"
    if jaccard < _SAME_DAY and _differ_in_figures(first, second):
        relation = "template"
    elif jaccard >= NEAR:
        relation = "near"
    elif max(ours, theirs) >= CONTAINED:
        relation = "contains"
    return Shared(relation, jaccard, ours, theirs)


def _differ_in_figures(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether both have figures that the other has not, and these are much of what differs.

    A copy that was cut, added to or reworded differs in words.
    """
    ours, theirs = set(first), set(second)
    gone, come = ours - theirs, theirs - ours
    figures = [sum(map(bool, map(_DIGIT.search, words))) for words in (gone, come)]
    return all(figures) and sum(figures) >= _TEMPLATE * (len(gone) + len(come))


class _Numbers(dict[str, int]):
    """A 64-bit number for each word; remembered, since most words of a text are common ones."""

    def __missing__(self, word: str) -> int:
        if len(self) >= 500_000:
            self.clear()
        self[word] = number = int.from_bytes(blake2b(word.encode(), digest_size=8).digest())
        return number


class _Begins(dict[str, bool]):
    """Whether a passage that begins with a word is looked at."""

    def __missing__(self, word: str) -> bool:
        if len(self) >= 500_000:
            self.clear()
        self[word] = answer = _numbers[word] % _ONE_IN == 0
        return answer


_numbers = _Numbers()
_begins = _Begins()

"""What two texts share, and what that makes of them.

One story, one inside the other, one made from the other, or one form filled in twice.
Pure functions of words (:func:`pipelines.database.fingerprints.words_of`), compared by runs of three.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

SHINGLE_WORDS = 3
#: Words in a row that two texts are compared by.

NEAR = 0.6
#: Share of all shingles of two texts that both have, from which they are one text with small changes.

CONTAINED = 0.8
#: Share of a text's shingles from which it counts as contained in the other.

PARTLY = 0.4
#: Share of the shorter text's shingles from which one is made from the other.

LITTLE = 0.15
#: Share of all shingles under which two texts are two stories, though one may quote or contain the other.

_TEMPLATE = 0.3
#: Share of words with figures among those that differ, from which two texts are one form filled in twice.

_SAME_DAY = 0.95
#: Share of all shingles from which a form was filled in alike, so that it is a copy.

_MOST, _TOP = 0.8, 0.2
#: Share of what two texts share that makes it one passage, and the part of a text that is its top.

_DIGIT = re.compile(r"\d")

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


def shingles(words: Sequence[str]) -> Shingles:
    """All runs of three words."""
    return frozenset(zip(words, words[1:], words[2:]))  # noqa: B905


def compare(
    first: Sequence[str], second: Sequence[str], first_shingles: Shingles | None = None
) -> Shared | None:
    """What two texts of words share; null where they are different stories."""
    ours, theirs = first_shingles or shingles(first), shingles(second)
    both = ours & theirs
    contained = len(both) / (min(len(ours), len(theirs)) or 1)
    jaccard = len(both) / (len(ours) + len(theirs) - len(both) or 1)
    if contained < PARTLY or (jaccard < LITTLE and contained < CONTAINED):
        return None
    shared = _named(first, second, jaccard, len(both) / len(ours), len(both) / len(theirs))
    return None if shared.relation == "partial" and _is_one_passage(first, second, both) else shared


def measure(first: Sequence[str], second: Sequence[str]) -> Shared:
    """The same of two texts that are of one story by way of others, however little they share."""
    ours, theirs = shingles(first), shingles(second)
    both = len(ours & theirs)
    return _named(
        first, second, both / (len(ours) + len(theirs) - both), both / len(ours), both / len(theirs)
    )


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


def _is_one_passage(first: Sequence[str], second: Sequence[str], both: Shingles) -> bool:
    """Whether two texts share a quotation or standing lines: one run of words, not the top of both."""
    at_top = True
    for words in (first, second):
        begin, length = _longest_run(words, both)
        if length < _MOST * len(both):
            return False
        at_top = at_top and begin <= _TOP * len(words)
    return not at_top


def _longest_run(words: Sequence[str], both: Shingles) -> tuple[int, int]:
    """Where the longest run of shared shingles begins, and how many they are."""
    longest = begin = length = 0
    for place, shingle in enumerate(zip(words, words[1:], words[2:])):  # noqa: B905
        length = length + 1 if shingle in both else 0
        if length > longest:
            longest, begin = length, place - length + 1
    return begin, longest

"""Keys under which near copies of a text are found: a few passages, chosen so that copies choose alike.

Pure functions of words (:func:`pipelines.database.fingerprints.words_of`). A stored key is as good as the
rule it came from: whoever changes a constant or a step raises ``ALGORITHM``, and files are keyed anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import compress

ALGORITHM = 1
#: Number of the rule that keys come from.

PASSAGE_WORDS = 10
#: Words of a passage that is a key: so many in a row are seldom the same by chance.

KEYS = 16
#: Keys of a text: of its passages those with the smallest ranks.

MIN_WORDS = 25
#: Shorter texts have no keys: too little to tell a copy from a coincidence.

_ONE_IN = 8
#: One passage in so many is looked at: those that begin with a word whose number this one divides.

_ONE_IN_SHORT = 2
#: The same where a text has too few of them; they come after those, so that a short copy of a long text has
#: keys that the long one has.

_MIDDLE, _LAST = 4, PASSAGE_WORDS - 1
_ODD, _OTHER_ODD, _MASK = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, (1 << 64) - 1
#: Words of a passage that rank it, beside the first, and how their numbers are mixed.

_REMEMBERED = 500_000
#: Words.


def copy_keys(words: Sequence[str]) -> list[int]:
    """Keys of a text in rising order, 48 bits each, at most ``KEYS``; none for a short one.

    The bottom sketch of Broder (1997) over passages: a text that keeps a share of the passages keeps, on
    average, that share of the keys. Three words of a passage rank it, since that is quick; BLAKE2b of the
    whole passage is the key.
    """
    if len(words) < MIN_WORDS:
        return []
    chosen = _ranked(words, _few)
    if len(chosen) < KEYS:
        chosen += [begin for begin in _ranked(words, _more) if begin not in chosen]
    passages = (" ".join(words[begin : begin + PASSAGE_WORDS]) for begin in chosen[:KEYS])
    return sorted({int.from_bytes(blake2b(passage.encode(), digest_size=6).digest()) for passage in passages})


def _ranked(words: Sequence[str], beginning: Mapping[str, bool]) -> list[int]:
    """Where passages begin whose first word is *beginning*, by rank; equal passages once."""
    ranks = {}
    for begin in compress(range(len(words) - _LAST), map(beginning.__getitem__, words)):
        first, middle, last = words[begin], words[begin + _MIDDLE], words[begin + _LAST]
        rank = _numbers[first] ^ _numbers[middle] * _ODD ^ _numbers[last] * _OTHER_ODD
        ranks[rank & _MASK] = begin
    return [ranks[rank] for rank in sorted(ranks)]


class _Numbers(dict[str, int]):
    """A 64-bit number for each word; remembered, since most words of a text are common ones."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = number = int.from_bytes(blake2b(word.encode(), digest_size=8).digest())
        return number


class _Beginnings(dict[str, bool]):
    """Whether a passage that begins with a word is looked at."""

    def __init__(self, one_in: int) -> None:
        self._one_in = one_in

    def __missing__(self, word: str) -> bool:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = answer = _numbers[word] % self._one_in == 0
        return answer


_numbers = _Numbers()
_few, _more = _Beginnings(_ONE_IN), _Beginnings(_ONE_IN_SHORT)

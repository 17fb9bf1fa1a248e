"""Keys under which near copies of a text are found: a few passages, chosen so that copies choose alike.

Pure functions of words (:func:`pipelines.database.fingerprints.words_of`). A stored key is as good as the
rule it came from: whoever changes a constant or a step raises ``ALGORITHM``, and files are keyed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from zlib import crc32

ALGORITHM = 1
#: Number of the rule that keys come from.

PASSAGE_WORDS = 10
#: Words of a passage that is a key: so many in a row are seldom the same by chance.

KEYS = 16
#: Keys of a text: of its passages those with the smallest ranks.

MIN_WORDS = 25
#: Shorter texts have no keys: too little to tell a copy from a coincidence.

_BEGINNINGS: tuple[Callable[[list[int]], list[int]], ...] = (
    lambda lengths: [place for place, letters in enumerate(lengths) if letters == 7],
    lambda lengths: [place for place, letters in enumerate(lengths) if letters % 2 == 1 and letters != 7],
    lambda lengths: [place for place, letters in enumerate(lengths) if letters % 2 == 0],
)
#: Which passages are looked at, by the length of their first word: one in eight or ten of them. The others
#: come after those where a text has too few, so that a short copy of a long text has keys of the long one.


def copy_keys(words: Sequence[str]) -> list[int]:
    """Keys of a text in rising order, 48 bits each, at most ``KEYS``; none for a short one.

    The bottom sketch of Broder (1997) over passages: a text that keeps a share of the passages keeps, on
    average, that share of the keys. CRC-32 ranks them, since it is quick; BLAKE2b is the key.
    """
    if len(words) < MIN_WORDS:
        return []
    lengths = list(map(len, words[: 1 - PASSAGE_WORDS]))
    chosen: list[bytes] = []
    for beginning in _BEGINNINGS:
        ranked = {}
        for begin in beginning(lengths):
            passage = " ".join(words[begin : begin + PASSAGE_WORDS]).encode()
            ranked[crc32(passage)] = passage
        chosen += [ranked[rank] for rank in sorted(ranked)]
        if len(chosen) >= KEYS:
            break
    return sorted({int.from_bytes(blake2b(passage, digest_size=6).digest()) for passage in chosen[:KEYS]})

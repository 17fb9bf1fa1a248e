"""The language of a story, told by its most frequent words; a page's own declaration is often its template's."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+")
SAMPLE = 400
#: Words of a story that are counted.

LEAST = 12
#: Words below which a text tells nothing by itself.


@lru_cache(maxsize=1)
def _function_words() -> dict[str, frozenset[str]]:
    path = Path(__file__).parent / "lexicon" / "function_words.toml"
    return {code: frozenset(words) for code, words in tomllib.loads(path.read_text("utf-8")).items()}


def language_of(text: str, declared: str | None) -> str | None:
    """ISO 639-1 code of a text's language; the declared one where the text is too short or says no other.

    >>> language_of("Warga yang mengungsi sudah pulang karena air di kampung itu surut dan jalan bisa dilalui.", "en")
    'id'
    """
    words = [word.lower() for word in _WORD.findall(text[: SAMPLE * 8])[:SAMPLE]]
    if len(words) < LEAST:
        return declared
    shares = {
        code: sum(map(known.__contains__, words)) / len(words) for code, known in _function_words().items()
    }
    best = max(shares, key=lambda code: shares[code])
    if shares[best] < 0.1 or (declared in shares and shares[best] - shares[declared or ""] < 0.02):
        return declared
    return best

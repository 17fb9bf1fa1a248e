"""The language of a story, told by its most frequent words; what a page declares is often its template's."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

_WORD = re.compile(r"[^\W\d_]+")
SAMPLE = 200
#: Words of a story that are counted.

LEAST_SHARE = 0.1
#: Share of a text's words that its language's frequent words make up, at the least.

MARGIN = 0.1
#: Difference of two languages' shares below which only the words that they do not share decide.

LEAST = 12
#: Words below which a text tells nothing by itself.


@lru_cache(maxsize=1)
def _function_words() -> dict[str, frozenset[str]]:
    path = files("crawler.extractors.lexicon").joinpath("function_words.toml")
    return {code: frozenset(words) for code, words in tomllib.loads(path.read_text("utf-8")).items()}


def language_of(text: str, declared: str | None) -> str | None:
    """ISO 639-1 code of a text's language; the declared one where the text is too short or says no other.

    >>> language_of("Warga yang mengungsi sudah pulang karena air surut dan jalan itu bisa dilalui", "en")
    'id'
    """
    words = [word.lower() for word in _WORD.findall(text[: SAMPLE * 8])[:SAMPLE]]
    if len(words) < LEAST:
        return declared
    shares = {
        code: sum(map(known.__contains__, words)) / len(words) for code, known in _function_words().items()
    }
    best = max(shares, key=lambda code: shares[code])
    if shares[best] < LEAST_SHARE:
        return declared
    near = [code for code in shares if shares[best] - shares[code] < MARGIN]
    return best if len(near) == 1 else _apart(words, near, declared)


def _apart(words: list[str], codes: list[str], declared: str | None) -> str:
    """Which of some languages that share most of their frequent words it is, by the words they do not."""
    known = _function_words()
    shared = frozenset.intersection(*(known[code] for code in codes))
    own = {code: sum(map((known[code] - shared).__contains__, words)) for code in codes}
    most = max(own.values())
    tied = [code for code in codes if own[code] == most]
    return declared if declared in tied else tied[0]

"""What containers call themselves: the groups of ``lexicon/markup.toml`` in class, id, role and itemprop."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

_TABLES = tomllib.loads(files("crawler.extractors.lexicon").joinpath("markup.toml").read_text("utf-8"))
_GROUPS: dict[str, list[str]] = _TABLES["groups"]
_NONE = re.compile("|".join(map(re.escape, _TABLES["none"]["names"])))
_WORDS: dict[str, set[str]] = {}
for _group, _words in _GROUPS.items():
    for _word in _words:
        _WORDS.setdefault(_word, set()).add(_group)
_TEXTS = sorted({word.removesuffix("$") for word in _WORDS}, key=len, reverse=True)
#: The longest word at a place, and the letter behind it; a word begins where no letter stands before it.
_WORD_AT = re.compile(rf"(?<![a-z])(?=({'|'.join(map(re.escape, _TEXTS))})([a-z]?))")


def _held(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The groups of a word and of those it begins with: where a letter follows it, and where none does."""
    anyway = set(_WORDS.get(text, ()))
    for other in _TEXTS:
        if len(other) < len(text) and text.startswith(other):
            anyway |= _WORDS.get(other, set())
            if not text[len(other)].isalpha():
                anyway |= _WORDS.get(other + "$", set())
    return frozenset(anyway), frozenset(anyway | _WORDS.get(text + "$", set()))


_HELD = {text: _held(text) for text in _TEXTS}


@lru_cache(maxsize=50_000)
def _groups_of(name: str) -> frozenset[str]:
    found: set[str] = set()
    for word, letter in _WORD_AT.findall(_NONE.sub(" ", name)):
        found |= _HELD[word][0 if letter else 1]
    return frozenset(found)


@lru_cache(maxsize=50_000)
def markup_groups(names: str) -> tuple[str, ...]:
    """The groups whose words occur in an element's class, id, role and itemprop.

    >>> markup_groups("detail__body-tag mgt-16")
    ('story', 'tags')
    """
    return tuple(sorted(frozenset().union(*map(_groups_of, names.split()))))

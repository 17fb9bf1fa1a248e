"""Telling outlets and agencies from places and persons, in datelines and bylines.

An outlet is known by the names the caller gives (the catalogue's, the page's site name, its domain), an
agency by the lexicon; else the form of a domain or of a brand speaks.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.extractors.lexicon import Lexicon, fold

DOMAIN = re.compile(r"[A-Za-z0-9][\w-]{2,}(?:\.[A-Za-z]{2,12}){1,2}")
CAMEL = re.compile(r"[A-Za-z]*[a-z][A-Z]\w*|[A-Z]{2,}[a-z]{3,}\w*")
_CAMEL_PART = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")


def compact(folded: str) -> str:
    """Letters and digits alone: ``"warta.tv"`` is ``"wartatv"``."""
    return re.sub(r"[\W_]", "", folded)


@lru_cache(maxsize=512)
def outlet_keys(names: tuple[str, ...]) -> frozenset[str]:
    """Names and domains as compact keys: ``WARTA.com``, ``www.warta.com`` and ``Warta`` share ``warta``."""
    keys = set()
    for name in names:
        text = fold(name)
        keys.add(compact(text))
        if "." in text and " " not in text:
            labels = text.split(":")[0].split(".")[:-1]
            if len(labels) > 1 and len(labels[-1]) <= 3:
                labels.pop()  # the "co" of "co.id"
            keys |= {compact(label) for label in labels[-1:] + [part for part in labels if len(part) > 6]}
    return frozenset(key for key in keys if len(key) > 2)


def is_given_outlet(token: str, outlets: frozenset[str]) -> bool:
    """Whether a token is the outlet itself by the caller's names, or a section of it: ``wartaSport``."""
    folded = fold(token)
    key = compact(folded)
    if key in outlets or compact(folded.split(".")[0]) in outlets:
        return True
    return " " not in token and any(len(known) > 3 and key.startswith(known) for known in outlets)


def is_outlet(token: str, outlets: frozenset[str], words: Lexicon) -> bool:
    """Whether a token is surely an outlet or agency: listed, given, or a domain by its form."""
    folded = fold(token)
    if folded in words.agencies or DOMAIN.fullmatch(token):
        return True
    if folded in words.places:
        return False
    if is_given_outlet(token, outlets):
        return True
    first, _, rest = folded.partition(" ")
    if rest and first in words.agencies and len(rest) < 20:
        return True
    parts = {part.lower() for part in _CAMEL_PART.findall(token)} if CAMEL.fullmatch(token) else set()
    return not words.outlet_words.isdisjoint(parts)


def resembles_outlet(token: str, words: Lexicon, *, beside_place: bool) -> bool:
    """Whether a token is rather an outlet than a place: ``Warta News``, beside a place also ``wartacom``."""
    first, _, rest = token.partition(" ")
    if rest and first.isupper() and 2 < len(first) < 5 and not token.isupper():
        return True
    if not words.outlet_words.isdisjoint(fold(token).split()) and token[0].isupper():
        return token.count(" ") < 3
    return beside_place and bool(CAMEL.fullmatch(first) or (token[0].islower() and not rest))

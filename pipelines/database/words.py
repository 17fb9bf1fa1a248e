"""A person's search words as an FTS5 expression that can never be a syntax error."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_TOKEN = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))(?P<star>\*?)')
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))


@dataclass(slots=True, frozen=True)
class Words:
    """What is asked, as FTS5 expressions; both are null where nothing is."""

    wanted: str | None
    #: What to find, less what is not wanted.

    unwanted: str | None
    #: What must not be there, where nothing else is asked: FTS5 has no expression for that alone.


def parse_words(text: str) -> Words:
    """Read plain words (all of them), ``"phrases"``, ``prefix*``, ``one OR other``, ``-word``, ``NOT word``.

    Every word becomes a quoted FTS5 string, so that no sign in it is an operator; signs that the index
    does not keep fall away.

    >>> parse_words('banjir jakarta OR "kota bogor" -rob').wanted
    '("banjir" AND ("jakarta" OR "kota bogor")) NOT "rob"'
    """
    wanted: list[list[str]] = []
    unwanted: list[str] = []
    negated = either = False
    for token in _TOKEN.finditer(text.translate(_QUOTES)):
        word = token["word"]
        if word == "OR":
            either = bool(wanted)
        elif word == "NOT":
            negated = True
        elif word != "AND":
            if term := _term(token):
                if negated or token["minus"]:
                    unwanted.append(term)
                elif either:
                    wanted[-1].append(term)
                else:
                    wanted.append([term])
            negated = either = False
    if not wanted:
        return Words(None, _either(unwanted) or None)
    expression = " AND ".join(map(_either, wanted))
    return Words(f"({expression}) NOT {_either(unwanted)}" if unwanted else expression, None)


def _term(token: re.Match[str]) -> str | None:
    text = token["phrase"] if token["word"] is None else token["word"]
    prefix = token["star"] or text.endswith("*")
    kept = "".join(char if _is_indexed(char) else " " for char in text).split()
    if not kept:
        return None
    return f'"{" ".join(kept)}"' + ("*" if prefix else "")


def _either(terms: list[str]) -> str:
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})" if terms else ""


def _is_indexed(char: str) -> bool:
    """What the tokeniser ``unicode61`` takes for part of a word, combining accents included."""
    category = unicodedata.category(char)
    return category[0] in "LNM" or category == "Co"

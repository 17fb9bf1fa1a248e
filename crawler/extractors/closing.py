"""What stands in brackets at a story's end: a full name is an author's, initials are a credit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crawler.extractors.lexicon import Lexicon, fold, load_lexicon
from crawler.extractors.outlet_names import is_given_outlet, outlet_keys
from crawler.extractors.persons import person

_TRAILING_BRACKET = re.compile(r"[(\[]([^()\[\]]{1,60})[)\]]\s*[.*]?\s*$")
_TRAILING_STARS = re.compile(r"(?<=[.!?\"”])\*{1,5}$|(?<=[.!?\"”] )\*{1,5}$")
_INITIALS = re.compile(
    r"[A-Za-z*]{1,5}\d{0,2}(?:\s?[/\-.,;]\s?[A-Za-z0-9*]{1,7}){0,4}|[A-Z]{1,4}-?\d{1,2}|\*{1,5}|\d{1,3}"
)
#: Names in small letters, as desks sign: ``(rina/agus salim)``, ``(bersambung)``.
_LOWER_NAMES = re.compile(r"[a-z]{2,12}(?: [a-z]{2,12})?(?:/[a-z]{2,12}(?: [a-z]{2,12})?){0,2}")
_SENTENCE_ENDS = (".", "!", "?", '"', "”", "'", "*")


@dataclass(frozen=True, slots=True)
class ClosingName:
    """What stands in brackets at a story's end."""

    kind: Literal["author", "credit"]
    #: A full name, or initials and source marks.

    name: str | None
    text: str
    #: With its brackets.

    start: int
    #: Where it begins in the text, in characters.


def closing_name(
    text: str, *, outlet_names: Sequence[str] = (), lexicon: Lexicon | None = None
) -> ClosingName | None:
    """The brackets at a story's end: a full name is an author's, initials ``(abc/def)`` are a credit.

    None where there are none or where they belong to the sentence: ``(UU Nomor 5 Tahun 2014)``.
    """
    match = _TRAILING_BRACKET.search(text[-80:])
    if not match:
        stars = _TRAILING_STARS.search(text[-8:])
        return ClosingName("credit", None, stars[0], len(text) - len(stars[0])) if stars else None
    words = lexicon or load_lexicon()
    start = len(text) - len(text[-80:]) + match.start()
    inner = match[1].strip()
    whole = text[start:].strip()
    if _INITIALS.fullmatch(inner):
        return ClosingName("credit", None, whole, start) if _stands_alone(text, start, inner) else None
    if _LOWER_NAMES.fullmatch(inner) and text[:start].rstrip().endswith(_SENTENCE_ENDS):
        return ClosingName("credit", None, whole, start)
    outlets = outlet_keys(tuple(outlet_names))
    parts = [part.strip() for part in re.split(r"[/,;&]", inner) if part.strip(" *")]
    names = [name for part in parts if (name := person(part, outlets, words, labelled=False, single=False))]
    coded = any(part.isupper() and 1 < len(part) < 4 for name in names for part in name.split())
    if len(names) == 1 and fold(names[0]) not in words.agencies and not coded:
        after_sentence = text[:start].rstrip().endswith(_SENTENCE_ENDS) or not text[:start].strip()
        return ClosingName("author", names[0], whole, start) if after_sentence else None
    if all(
        fold(part) in words.agencies or is_given_outlet(part, outlets) or _INITIALS.fullmatch(part)
        for part in parts
    ):
        return ClosingName("credit", None, whole, start)
    return None


def _stands_alone(text: str, start: int, inner: str) -> bool:
    """Whether initials follow a finished sentence, or look like nothing else."""
    before = text[:start].rstrip()
    if not before or before[-1] in ".!?\"”'*)":
        return True
    return "/" in inner or inner.islower()

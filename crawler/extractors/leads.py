"""The words before a dateline's separator, sorted: which of them is a place, an outlet, a day.

Called by `dateline`, which knows the forms; a name that is none of these makes the words no dateline.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.extractors.lexicon import Lexicon, PlaceUse, alternation, fold, load_lexicon
from crawler.extractors.outlet_names import is_outlet, resembles_outlet

REACH = 110
#: A dateline ends within so many characters.

LONGEST_ABBREVIATION = 5
#: Letters of an outlet's abbreviation: ``PADANG, KP -``.

_WORDS = load_lexicon()
_MONTH = alternation(_WORDS.months) + r"\.?(?![^\W\d_])"
_WEEKDAY = alternation(_WORDS.weekdays) + r"\.?(?![^\W\d_])"
DAY = re.compile(
    rf"(?:(?:{_WEEKDAY})\s?,?\s?)?\(?(?:(?P<d1>\d{{1,2}})\s?[/-]\s?(?P<n1>\d{{1,2}})(?:\s?[/-]\s?(?P<y1>\d{{4}}|\d\d))?"
    rf"|(?P<d2>\d{{1,2}})\s(?P<m2>{_MONTH})(?:,?\s(?P<y2>\d{{4}}))?"
    rf"|(?P<m3>{_MONTH})\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<y3>\d{{4}}))?)\)?|{_WEEKDAY}|\d{{4}}",
    re.IGNORECASE,
)
#: A day or a year, as datelines write them.
NAME_WORD = r"(?:[A-ZÀ-Þ][\w'’.]*(?:-[A-Za-zÀ-ÿ][\w'’]*)*)"
NAME = re.compile(
    rf"{NAME_WORD}(?: (?:{NAME_WORD}|de|del|da|do|dos|di|la|le|el|al|of|the|au|upon|sur|am|en|and|y|bin))*"
)
_BRACKET = re.compile(r"\s?\(([^()]{2,40})\)\s?")


@dataclass(frozen=True, slots=True)
class Lead:
    """The words before a separator, sorted."""

    place: str | None
    use: PlaceUse | None
    #: What the gazetteer says of the place.

    outlet: str | None
    date: str | None
    rubric: bool = False
    guessed: bool = False
    #: True for an outlet that only its form speaks for.

    @property
    def certain(self) -> bool:
        """Whether more than its form speaks for it."""
        return not self.guessed and bool(self.outlet or self.date or self.use in ("comma", "dash"))


def is_place(token: str, words: Lexicon) -> bool:
    """Whether a token has the form of a place's name."""
    folded = fold(token)
    if folded in words.places:
        return True
    if not 3 <= len(token) <= 40 or not NAME.fullmatch(token) or token.count(" ") > 3:
        return False
    parts = folded.split()
    return parts[0].strip(".") not in words.never_places and folded not in words.never_places


@dataclass(slots=True)
class _Sorted:
    """The names before a separator by what they are."""

    places: list[str] = field(default_factory=list)
    outlets: list[str] = field(default_factory=list)
    likely: list[str] = field(default_factory=list)
    #: What is rather an outlet.

    days: list[str] = field(default_factory=list)


def sort_lead(lead: str, outlets: frozenset[str], words: Lexicon) -> Lead | None:
    """The words before a separator as place, outlet and date; None where one of them is none of these."""
    lead = lead.strip(" ,|/").removesuffix(".")
    if not lead or len(lead) > REACH:
        return None
    if fold(lead) in words.rubrics and (lead.isupper() or " " in lead):
        return Lead(None, None, lead, None, rubric=True)
    brackets = [inner.strip() for inner in _BRACKET.findall(lead)]
    tokens = [token for part in re.split(r"[,|]", _BRACKET.sub(" , ", lead)) if (token := part.strip())]
    names = _Sorted()
    for token in tokens + brackets:
        kind = _kind(token, names, outlets, words, bracketed=token in brackets)
        if kind is None:
            return None
        kind.append(token)
    return _lead(names, words, bracketed=bool(brackets))


def _kind(
    token: str, names: _Sorted, outlets: frozenset[str], words: Lexicon, *, bracketed: bool
) -> list[str] | None:
    """The list that a name belongs to, None where it is no part of a dateline."""
    parts = [part.strip() for part in token.split("/")]
    if DAY.fullmatch(token):
        return names.days
    if all(is_outlet(part, outlets, words) for part in parts):
        return names.outlets
    listed = fold(token) in words.places
    if bracketed or (not listed and resembles_outlet(token, words, beside_place=bool(names.places))):
        return names.likely
    if names.places and not listed and _is_beside_place(token, names.places[0]):
        return names.likely
    return names.places if all(is_place(part, words) for part in parts) else None


def _is_beside_place(token: str, place: str) -> bool:
    """Whether a name behind a place is an outlet's: an abbreviation, or named after the place."""
    short = token.isupper() and token.isalpha() and 2 <= len(token) <= LONGEST_ABBREVIATION
    return short or (" " not in token and fold(token).startswith(fold(place)) and len(token) > len(place))


def _lead(names: _Sorted, words: Lexicon, *, bracketed: bool) -> Lead | None:
    places, sure, likely = names.places, names.outlets, names.likely
    if len(places) > 2 or len(sure) > 2 or len(likely) > 1 or not (places or sure or likely):
        return None
    use = words.places.get(fold(places[0].split("/")[0])) if places else None
    if len(places) == 2 and use is None and fold(places[1]) in words.places:
        use = "dash"
    unsure = likely and (not (use or places[0].isupper()) if places else bracketed and not sure)
    if unsure:
        return None
    return Lead(
        place=", ".join(places) or None,
        use=use,
        outlet=next(iter(sure + likely), None),
        date=next(iter(names.days), None),
        guessed=not places and not sure,
    )

"""The dateline: what stands before a story's first sentence, ``JAKARTA, KOMPAS.com -``.

Read from the beginning of the first story paragraph by its form (names, then a separator); a list of places
helps only where the form decides nothing. A wrong dateline is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from crawler.extractors.lexicon import Lexicon, PlaceUse, alternation, fold, load_lexicon
from crawler.extractors.outlet_names import DOMAIN, is_given_outlet, is_outlet, outlet_keys, resembles_outlet
from crawler.items import Dateline

#: A dateline ends within so many characters.
_REACH = 110
_WIDEST_RAW = 100
LONGEST_ABBREVIATION = 5
#: Letters of an outlet's abbreviation: ``PADANG, KP -``.

_WORDS = load_lexicon()
_MONTH = alternation(_WORDS.months) + r"\.?(?![^\W\d_])"
_WEEKDAY = alternation(_WORDS.weekdays) + r"\.?(?![^\W\d_])"
_DAY = re.compile(
    rf"(?:(?:{_WEEKDAY})\s?,?\s?)?\(?(?:(?P<d1>\d{{1,2}})\s?[/-]\s?(?P<n1>\d{{1,2}})(?:\s?[/-]\s?(?P<y1>\d{{4}}|\d\d))?"
    rf"|(?P<d2>\d{{1,2}})\s(?P<m2>{_MONTH})(?:,?\s(?P<y2>\d{{4}}))?"
    rf"|(?P<m3>{_MONTH})\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<y3>\d{{4}}))?)\)?|{_WEEKDAY}|\d{{4}}",
    re.IGNORECASE,
)
_NAME_WORD = r"(?:[A-ZÀ-Þ][\w'’.]*(?:-[A-Za-zÀ-ÿ][\w'’]*)*)"
_NAME = re.compile(
    rf"{_NAME_WORD}(?: (?:{_NAME_WORD}|de|del|da|do|dos|di|la|le|el|al|of|the|au|upon|sur|am|en|and|y|bin))*"
)
_BRACKET = re.compile(r"\s?\(([^()]{2,40})\)\s?")
_DASH = re.compile(r"[^\S\n]*(?:[—–―−]|-{1,3})(?:[—–―−-])?[^\S\n]*")
_COLON = re.compile(r"\s?:(?:[^\S\n]+|(?=[A-Z]))")
_OPENING = re.compile(r"[\s\u200b\ufeff]*")


@dataclass(frozen=True, slots=True)
class _Lead:
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


def read_dateline(
    text: str,
    *,
    outlet_names: Sequence[str] = (),
    lexicon: Lexicon | None = None,
    near: date | None = None,
) -> tuple[Dateline, int] | None:
    """The dateline at the beginning of a story's first paragraph, and where in `text` the story begins.

    `outlet_names` are names or domains of the outlet, which tell ``VIVA -`` from a place; `near` (the day of
    publication) gives a dateline's day and month their year. None where there is none, or no certain one.
    """
    words = lexicon or _WORDS
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    head = text[start : start + _REACH + 60]
    if not head or not (head[0].isalpha() or head[0] == "(" or head[0].isdigit()):
        return None
    outlets = outlet_keys(tuple(outlet_names))
    for read in (_by_dash, _by_colon, _by_stop, _by_outlet, _by_bracket, _by_pipe, _by_comma):
        found = read(head, outlets, words)
        if found:
            lead, end = found
            raw = head[:end].strip()
            if len(raw) > _WIDEST_RAW:
                return None
            when = _iso_day(lead.date, near) if lead.date else None
            return Dateline(raw, lead.place, lead.outlet, when), start + end
    return None


def _is_place(token: str, words: Lexicon) -> bool:
    """Whether a token has the form of a place's name."""
    folded = fold(token)
    if folded in words.places:
        return True
    if not 3 <= len(token) <= 40 or not _NAME.fullmatch(token) or token.count(" ") > 3:
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


def _sort_lead(lead: str, outlets: frozenset[str], words: Lexicon) -> _Lead | None:
    """The words before a separator as place, outlet and date; None where one of them is none of these."""
    lead = lead.strip(" ,|/").removesuffix(".")
    if not lead or len(lead) > _REACH:
        return None
    if fold(lead) in words.rubrics and (lead.isupper() or " " in lead):
        return _Lead(None, None, lead, None, rubric=True)
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
    if _DAY.fullmatch(token):
        return names.days
    if all(is_outlet(part, outlets, words) for part in parts):
        return names.outlets
    listed = fold(token) in words.places
    if bracketed or (not listed and resembles_outlet(token, words, beside_place=bool(names.places))):
        return names.likely
    if names.places and not listed and _is_beside_place(token, names.places[0]):
        return names.likely
    return names.places if all(_is_place(part, words) for part in parts) else None


def _is_beside_place(token: str, place: str) -> bool:
    """Whether a name behind a place is an outlet's: an abbreviation, or named after the place."""
    short = token.isupper() and token.isalpha() and 2 <= len(token) <= LONGEST_ABBREVIATION
    return short or (" " not in token and fold(token).startswith(fold(place)) and len(token) > len(place))


def _lead(names: _Sorted, words: Lexicon, *, bracketed: bool) -> _Lead | None:
    places, sure, likely = names.places, names.outlets, names.likely
    if len(places) > 2 or len(sure) > 2 or len(likely) > 1 or not (places or sure or likely):
        return None
    use = words.places.get(fold(places[0].split("/")[0])) if places else None
    if len(places) == 2 and use is None and fold(places[1]) in words.places:
        use = "dash"
    unsure = likely and (not (use or places[0].isupper()) if places else bracketed and not sure)
    if unsure:
        return None
    return _Lead(
        place=", ".join(places) or None,
        use=use,
        outlet=next(iter(sure + likely), None),
        date=next(iter(names.days), None),
        guessed=not places and not sure,
    )


def _by_dash(head: str, outlets: frozenset[str], words: Lexicon) -> tuple[_Lead, int] | None:
    for dash in _DASH.finditer(head, 2, _REACH):
        before, mark, after = head[: dash.start()], dash[0], head[dash.end() :]
        if "\n" in before:
            return None
        lead = _sort_lead(before, outlets, words)
        if not lead or not after or not _parts(mark, before, lead):
            continue
        if not _opens_story(after, lead):
            return None
        if lead.outlet and not lead.place and not lead.rubric:
            return _place_after_outlet(lead, head, dash.end(), outlets, words)
        return lead, dash.end()
    return None


def _parts(mark: str, before: str, lead: _Lead) -> bool:
    """Whether a dash separates, or only joins two words."""
    if mark[0].isspace() and mark[-1].isspace():
        return True
    if len(mark.strip()) > 1 or mark[0].isspace() or mark[-1].isspace() or mark.strip() in "—―":
        return lead.certain or before.isupper()
    return bool(DOMAIN.search(before[-20:]) or before.endswith(")"))


def _opens_story(after: str, lead: _Lead) -> bool:
    """Whether what follows reads like a story's first sentence, for leads that only their form speaks for."""
    if lead.certain:
        return lead.use != "region"
    if lead.use == "region" or len(after) < 50 or not (after[0].isupper() or after[0].isdigit()):
        return False
    if re.match(r"[^.]{0,45}?\s[–—-]\s", after):
        return False
    words: list[str] = re.findall(r"[^\W\d_]{3,}", after)[:14]
    return len([word for word in words if word.islower()]) > 1


def _place_after_outlet(
    lead: _Lead, head: str, end: int, outlets: frozenset[str], words: Lexicon
) -> tuple[_Lead, int]:
    """``KONTAN.CO.ID - JAKARTA. …``, ``JPNN.com - JAKARTA - …``: a second part behind the outlet's dash."""
    rest = head[end:]
    match = re.match(rf"({_NAME_WORD}(?: {_NAME_WORD}){{0,3}})(?:\. |\s[-–—]{{1,2}}\s)", rest)
    if match:
        name = match[1].removesuffix(".")
        shouted = name.isupper() and len(name) > 3 and _is_place(name, words)
        if (shouted or words.places.get(fold(name)) in ("comma", "dash")) and len(rest) > match.end():
            return _Lead(name, None, lead.outlet, lead.date), end + match.end()
    return lead, end


def _by_colon(head: str, outlets: frozenset[str], words: Lexicon) -> tuple[_Lead, int] | None:
    colon = _COLON.search(head, 2, _REACH)
    if not colon:
        return None
    lead = _sort_lead(head[: colon.start()], outlets, words)
    if not lead or lead.rubric or not lead.place or not lead.certain or len(head) - colon.end() < 50:
        return None
    return lead, colon.end()


def _by_stop(head: str, outlets: frozenset[str], words: Lexicon) -> tuple[_Lead, int] | None:
    """``TANA PASER. Rapat …``: a place in capitals and a full stop."""
    match = re.match(r"([A-Z][A-Z' -]{2,30})\.\s+(?=[A-Z\"“])", head)
    if not match or words.places.get(fold(match[1])) not in ("comma", "dash"):
        return None
    return _Lead(match[1], "dash", None, None), match.end()


def _by_outlet(head: str, outlets: frozenset[str], words: Lexicon) -> tuple[_Lead, int] | None:
    """``Liputan6.com, Jakarta Teks …``: the outlet's name, at most a comma, and no separator."""
    match = re.match(r"((?:[A-Za-z0-9][\w.-]*)(?: [A-Z][\w.-]*){0,2}?)(\s?,\s*|\s+)(?=\S)", head)
    if not match:
        return None
    name, comma = match[1], "," in match[2]
    domain = bool(DOMAIN.fullmatch(name))
    known = is_given_outlet(name, outlets) or (not domain and is_outlet(name, outlets, words))
    if not known and not (domain and comma):
        return None
    rest = head[match.end() :]
    if comma and (place := _leading_place(rest, words)):
        end = match.end() + len(place)
        tail = re.match(r"\s*[,.:]?\s*", head[end:])
        return _Lead(place, None, name, None), end + (tail.end() if tail else 0)
    if not (domain or fold(name) not in words.places) or not rest[0].isupper():
        return None
    if DOMAIN.match(rest) or not ((comma and (known or name.isupper())) or (known and domain)):
        return None
    return _Lead(None, None, name, None), match.end()


def _leading_place(rest: str, words: Lexicon) -> str | None:
    """The place with which a text begins although nothing parts it: by the list, or by capitals."""
    match = _NAME.match(rest)
    if not match or DOMAIN.match(rest):
        return None
    parts = match[0].split(" ")[:4]
    for size in range(len(parts), 0, -1):
        name = " ".join(parts[:size])
        if words.places.get(fold(name)) in ("comma", "dash"):
            return name
    opener = next((size for size in range(1, len(parts)) if fold(parts[size]) in words.never_places), 0)
    if opener and _is_place(" ".join(parts[:opener]), words):
        return " ".join(parts[:opener])
    shouted = 0
    while shouted < len(parts) and len(parts[shouted]) > 2 and parts[shouted].isupper():
        shouted += 1
    if shouted and len(parts) > shouted:
        name = " ".join(parts[:shouted])
        return name if _is_place(name, words) else None
    return None


def _by_bracket(head: str, outlets: frozenset[str], words: Lexicon) -> tuple[_Lead, int] | None:
    """``JAKARTA (warta.id) Kepala dinas …``: a place, its outlet in brackets and no separator."""
    match = re.match(r"([A-Z][\w.'/ -]{2,30}?)\s?\(([^()]{2,30})\)\s+(?=[A-Z\"“])", head)
    if not match or not is_outlet(match[2].strip(), outlets, words) or not _is_place(match[1], words):
        return None
    use = words.places.get(fold(match[1]))
    return (_Lead(match[1], use, match[2].strip(), None), match.end()) if use or match[1].isupper() else None


def _by_pipe(head: str, outlets: frozenset[str], words: Lexicon) -> tuple[_Lead, int] | None:
    """``Warta.id | Kepala dinas …``: the outlet alone before an upright stroke or a dot."""
    match = re.match(r"([A-Za-z][\w. -]{2,30}?)\s?[|·•]\s+(?=[A-Z\"“])", head)
    if not match or not (DOMAIN.fullmatch(match[1]) or is_given_outlet(match[1], outlets)):
        return None
    return _Lead(None, None, match[1], None), match.end()


def _given_name(rest: str, outlets: frozenset[str]) -> str | None:
    """The outlet's name with which a text begins."""
    parts = rest.split(" ", 4)[:4]
    for size in range(min(3, len(parts) - 1), 0, -1):
        name = " ".join(parts[:size])
        if is_given_outlet(name, outlets) and parts[size][:1].isupper():
            return name
    return None


def _by_comma(head: str, outlets: frozenset[str], words: Lexicon) -> tuple[_Lead, int] | None:
    """``Jakarta, Kepala dinas …``: a listed place, a comma and a whole sentence behind it."""
    match = re.match(r"([A-Z][\w' -]{2,28}?)\s?,\s+(?=[A-Z\"“])", head)
    if not match or words.places.get(fold(match[1])) != "comma":
        return None
    rest = head[match.end() :]
    outlet = _given_name(rest, outlets)
    if outlet is not None:
        return _Lead(match[1], "comma", outlet, None), match.end() + len(outlet) + 1
    if re.match(r"[^.]{1,25}\s[-–—|]{1,2}\s", rest):
        return None  # "PADANG, XY - …": what stands before the dash belongs to the dateline, too
    clause = re.split(r"[,.]", rest, maxsplit=1)[0].split()
    if len(clause) < 4 or _leading_place(rest, words) or fold(clause[0]) in words.places:
        return None
    joined = sum(word[0].islower() and fold(word) not in words.list_words for word in clause)
    if not joined:
        return None
    return _Lead(match[1], "comma", None, None), match.end()


def _iso_day(text: str, near: date | None) -> str | None:
    """A dateline's day, its year taken from the day of publication where the dateline has none."""
    match = _DAY.fullmatch(text)
    if not match or not (match["d1"] or match["d2"] or match["d3"]):
        return None
    day = int(match["d1"] or match["d2"] or match["d3"])
    name = match["m2"] or match["m3"]
    month = int(match["n1"]) if match["n1"] else _WORDS.months[fold(name).rstrip(".")]
    year = match["y1"] or match["y2"] or match["y3"]
    years = [int(year) + (2000 if len(year) == 2 else 0)] if year else []
    if not years and near:
        years = [near.year, near.year - 1]
    for candidate in years:
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if not near or (found - near).days <= 7:
            return found.isoformat()
    return None

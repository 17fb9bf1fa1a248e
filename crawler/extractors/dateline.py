"""The dateline: what stands before a story's first sentence, ``JAKARTA, KOMPAS.com -``.

Read from the beginning of the first story paragraph by its form (names, then a separator); a list of places
helps only where the form decides nothing. A wrong dateline is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from crawler.extractors.leads import DAY, NAME, NAME_WORD, REACH, Lead, is_place, sort_lead
from crawler.extractors.lexicon import Lexicon, fold, load_lexicon
from crawler.extractors.outlet_names import DOMAIN, is_given_outlet, is_outlet, outlet_keys
from crawler.items import Dateline

_WIDEST_RAW = 100

_WORDS = load_lexicon()
_DASH = re.compile(r"[^\S\n]*(?:[—–―−]|-{1,3})(?:[—–―−-])?[^\S\n]*")
_COLON = re.compile(r"\s?:(?:[^\S\n]+|(?=[A-Z]))")
_OPENING = re.compile(r"[\s\u200b\ufeff]*")


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
    head = text[start : start + REACH + 60]
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


def _by_dash(head: str, outlets: frozenset[str], words: Lexicon) -> tuple[Lead, int] | None:
    for dash in _DASH.finditer(head, 2, REACH):
        before, mark, after = head[: dash.start()], dash[0], head[dash.end() :]
        if "\n" in before:
            return None
        lead = sort_lead(before, outlets, words)
        if not lead or not after or not _parts(mark, before, lead):
            continue
        if not _opens_story(after, lead):
            return None
        if lead.outlet and not lead.place and not lead.rubric:
            return _place_after_outlet(lead, head, dash.end(), outlets, words)
        return lead, dash.end()
    return None


def _parts(mark: str, before: str, lead: Lead) -> bool:
    """Whether a dash separates, or only joins two words."""
    if mark[0].isspace() and mark[-1].isspace():
        return True
    if len(mark.strip()) > 1 or mark[0].isspace() or mark[-1].isspace() or mark.strip() in "—―":
        return lead.certain or before.isupper()
    return bool(DOMAIN.search(before[-20:]) or before.endswith(")"))


def _opens_story(after: str, lead: Lead) -> bool:
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
    lead: Lead, head: str, end: int, outlets: frozenset[str], words: Lexicon
) -> tuple[Lead, int]:
    """``KONTAN.CO.ID - JAKARTA. …``, ``JPNN.com - JAKARTA - …``: a second part behind the outlet's dash."""
    rest = head[end:]
    match = re.match(rf"({NAME_WORD}(?: {NAME_WORD}){{0,3}})(?:\. |\s[-–—]{{1,2}}\s)", rest)
    if match:
        name = match[1].removesuffix(".")
        shouted = name.isupper() and len(name) > 3 and is_place(name, words)
        if (shouted or words.places.get(fold(name)) in ("comma", "dash")) and len(rest) > match.end():
            return Lead(name, None, lead.outlet, lead.date), end + match.end()
    return lead, end


def _by_colon(head: str, outlets: frozenset[str], words: Lexicon) -> tuple[Lead, int] | None:
    colon = _COLON.search(head, 2, REACH)
    if not colon:
        return None
    lead = sort_lead(head[: colon.start()], outlets, words)
    if not lead or lead.rubric or not lead.place or not lead.certain or len(head) - colon.end() < 50:
        return None
    return lead, colon.end()


def _by_stop(head: str, outlets: frozenset[str], words: Lexicon) -> tuple[Lead, int] | None:
    """``TANA PASER. Rapat …``: a place, or the outlet, in capitals and a full stop."""
    match = re.match(r"([A-Z][A-Z' -]{2,30})\.\s+(?=[A-Z\"“])", head)
    if match and is_given_outlet(match[1], outlets):
        return Lead(None, None, match[1], None), match.end()
    if not match or words.places.get(fold(match[1])) not in ("comma", "dash"):
        return None
    return Lead(match[1], "dash", None, None), match.end()


def _by_outlet(head: str, outlets: frozenset[str], words: Lexicon) -> tuple[Lead, int] | None:
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
        return Lead(place, None, name, None), end + (tail.end() if tail else 0)
    if not (domain or fold(name) not in words.places) or not rest[0].isupper():
        return None
    if DOMAIN.match(rest) or not ((comma and (known or name.isupper())) or (known and domain)):
        return None
    return Lead(None, None, name, None), match.end()


def _leading_place(rest: str, words: Lexicon) -> str | None:
    """The place with which a text begins although nothing parts it: by the list, or by capitals."""
    match = NAME.match(rest)
    if not match or DOMAIN.match(rest):
        return None
    parts = match[0].split(" ")[:4]
    for size in range(len(parts), 0, -1):
        name = " ".join(parts[:size])
        if words.places.get(fold(name)) in ("comma", "dash"):
            return name
    opener = next((size for size in range(1, len(parts)) if fold(parts[size]) in words.never_places), 0)
    if opener and is_place(" ".join(parts[:opener]), words):
        return " ".join(parts[:opener])
    shouted = 0
    while shouted < len(parts) and len(parts[shouted]) > 2 and parts[shouted].isupper():
        shouted += 1
    if shouted and len(parts) > shouted:
        name = " ".join(parts[:shouted])
        return name if is_place(name, words) else None
    return None


def _by_bracket(head: str, outlets: frozenset[str], words: Lexicon) -> tuple[Lead, int] | None:
    """``JAKARTA (warta.id) Kepala dinas …``: a place, its outlet in brackets and no separator."""
    match = re.match(r"([A-Z][\w.'/ -]{2,30}?)\s?\(([^()]{2,30})\)\s+(?=[A-Z\"“])", head)
    if not match or not is_outlet(match[2].strip(), outlets, words) or not is_place(match[1], words):
        return None
    use = words.places.get(fold(match[1]))
    return (Lead(match[1], use, match[2].strip(), None), match.end()) if use or match[1].isupper() else None


def _by_pipe(head: str, outlets: frozenset[str], words: Lexicon) -> tuple[Lead, int] | None:
    """``Warta.id | Kepala dinas …``: the outlet, or a place in capitals, before a bar or a dot."""
    match = re.match(r"([A-Za-z][\w. -]{2,30}?)\s?[|·•]\s+(?=[A-Z\"“])", head)
    if not match:
        return None
    if DOMAIN.fullmatch(match[1]) or is_given_outlet(match[1], outlets):
        return Lead(None, None, match[1], None), match.end()
    lead = sort_lead(match[1], outlets, words) if match[1].isupper() else None
    return (lead, match.end()) if lead is not None and lead.place and not lead.rubric else None


def _given_name(rest: str, outlets: frozenset[str]) -> str | None:
    """The outlet's name with which a text begins."""
    parts = rest.split(" ", 4)[:4]
    for size in range(min(3, len(parts) - 1), 0, -1):
        name = " ".join(parts[:size])
        if is_given_outlet(name, outlets) and parts[size][:1].isupper():
            return name
    return None


def _by_comma(head: str, outlets: frozenset[str], words: Lexicon) -> tuple[Lead, int] | None:
    """``Jakarta, Kepala dinas …``: a listed place, a comma and a whole sentence behind it."""
    match = re.match(r"([A-Z][\w' -]{2,28}?)\s?,\s+(?=[A-Z\"“])", head)
    if not match or words.places.get(fold(match[1])) != "comma":
        return None
    rest = head[match.end() :]
    outlet = _given_name(rest, outlets)
    if outlet is not None:
        return Lead(match[1], "comma", outlet.rstrip("."), None), match.end() + len(outlet) + 1
    if re.match(r"[^.]{1,25}\s[-–—|]{1,2}\s", rest):
        return None  # "PADANG, XY - …": what stands before the dash belongs to the dateline, too
    clause = re.split(r"[,.]", rest, maxsplit=1)[0].split()
    if len(clause) < 4 or _leading_place(rest, words) or fold(clause[0]) in words.places:
        return None
    joined = sum(word[0].islower() and fold(word) not in words.list_words for word in clause)
    if not joined:
        return None
    return Lead(match[1], "comma", None, None), match.end()


def _iso_day(text: str, near: date | None) -> str | None:
    """A dateline's day, its year taken from the day of publication where the dateline has none."""
    match = DAY.fullmatch(text)
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

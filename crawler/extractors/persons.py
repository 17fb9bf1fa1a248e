"""Names of persons: freeing them from titles, positions, outlets and addresses, and knowing what is none.

Serves the visible byline (`byline`) and the author values of metadata.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crawler.extractors.lexicon import Lexicon, alternation, fold, load_lexicon
from crawler.extractors.outlet_names import DOMAIN, compact, is_given_outlet, outlet_keys

#: Characters; longer "names" are sentences or companies' full names.
LONGEST = 60
_MOST_WORDS = 6
_MOST_WORDS_UNLABELLED = 5

_WORDS = load_lexicon()
_ADDRESS = re.compile(
    r"[\w.+-]+(?:@|\[at\])[\w-]+(?:\.[\w-]+)*|(?:https?://|www\.)\S+|(?<!\w)@\w+"
    r"|\b[\w-]{3,}\.(?:com|net|org|id|co|tv|my|info|news)(?:\.[a-z]{2})?\b",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[(\[{][^()\[\]{}]{0,60}[)\]}]")
#: Where a name is glued to what follows it: "RahmaSenior", "Rahma10".
_GLUED = re.compile(
    r"(?<=[a-zà-ÿ]{2})(?<!\bMac)(?<!\bFitz)(?<!\bVan)(?=[A-ZÀ-Þ][a-zà-ÿ])"
    r"|(?<=[^\W\d_]{3})(?=\d)|(?<=\.)(?=\d)"
)
_BETWEEN = re.compile(
    rf"\s*(?:[,;&+•·/|]|(?<!\w)(?:{alternation(_WORDS.list_words)})(?!\w)|\s[-–—]\s)\s*", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_](?:[\w'’`.-]*[\w.])?")
#: In capitals behind a name in small letters: an outlet's, no part of the name; not "III".
_ACRONYM = re.compile(r"(?![IVX]+$)[A-Z]{2,}")
#: "Showbiz & TV Reporter" is one position.
_POSITION_PAIR = re.compile(
    rf"(?<!\w)({alternation(_WORDS.qualifiers)})\s?&\s?(?={alternation(_WORDS.qualifiers)}(?!\w))",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    rf"\s*,?\s*(?<!\w)(?:{alternation(sorted(_WORDS.degrees - {'jr', 'sr', 'ii', 'iii'}))})\.?(?!\w)\s*$",
    re.IGNORECASE,
)
_TITLE = re.compile(rf"(?:(?:{alternation(_WORDS.titles)})\.?\s+)+", re.IGNORECASE)
_DIRECT = re.compile(r"^(?:by|oleh|penulis|author)\b\s*:?\s*", re.IGNORECASE)


def part_names(text: str) -> str:
    """The text without addresses and brackets, and with " | " where a name is glued to what follows it."""
    return _POSITION_PAIR.sub(r"\1 ", _GLUED.sub(" | ", _BRACKETS.sub(" ", _ADDRESS.sub(" | ", text))))


def split_names(text: str) -> Iterator[str]:
    """The parts of a list of names: ``A, B dan C``, ``A/B``, names glued to what follows."""
    for part in _BETWEEN.split(part_names(text)):
        if part and (name := part.strip(" \t\xa0.:-–—_*\"“”'|,>»<«")):
            yield name


def person(
    text: str, outlets: frozenset[str], words: Lexicon, *, labelled: bool, single: bool = True
) -> str | None:
    """One name, cleaned, as printed; None for an outlet, a desk, initials or what has not the form of a name.

    `labelled` names (a label says "written by") may be companies or in lower case; `single` allows one word.
    """
    name = _clean(text, outlets, words)
    for candidate in (text, name):
        if fold(candidate) in words.agencies:
            return None if is_given_outlet(candidate, outlets) else candidate
    if not name or len(name) > LONGEST or _is_desk(name, outlets, words):
        return None
    parts = name.split(" ")
    if len(parts) > _MOST_WORDS or not all(_WORD.fullmatch(part) for part in parts):
        return None
    if not labelled and not _is_persons(parts, text, words):
        return None
    if len(parts) == 1:
        return name if single and _single(name, labelled=labelled) else None
    return name if any(len(part.strip(".")) > 2 for part in parts) else None


def _is_desk(name: str, outlets: frozenset[str], words: Lexicon) -> bool:
    """Whether a name is the outlet's, a domain, or one that no label makes a writer's: ``Admin``."""
    tokens = [token.strip(".") for token in fold(name).split()]
    return (
        not tokens  # marks that nobody sees
        or fold(name) in words.not_persons
        or not words.desk_words.isdisjoint(tokens)
        or tokens[0] in words.interface_words
        or is_given_outlet(name, outlets)
        or bool(DOMAIN.fullmatch(name))
        or all(token in words.positions or token in words.qualifiers for token in tokens)
        or bool((hit := words.boilerplate_kind(name)) and hit.how == "line")
    )


def _is_persons(parts: Sequence[str], text: str, words: Lexicon) -> bool:
    """Whether words without a label can be a person's name: no place, company or position, but capitals."""
    tokens = [fold(part).strip(".") for part in parts]
    left_over = (
        len(parts) == 1 and len(text.split()) > 1 and not _TITLE.match(text)
    )  # of "Globe Correspondent"
    return (
        not left_over
        and len(parts) <= _MOST_WORDS_UNLABELLED
        and " ".join(tokens) not in words.places
        and words.company_words.isdisjoint(tokens)
        and words.outlet_words.isdisjoint(tokens)
        and tokens[0] not in words.qualifiers
        and tokens[0] not in words.positions
        and parts[0][:1].isupper()
        and all(part[:1].isupper() or part.lower() in words.particles or "'" in part[:3] for part in parts)
    )


def _clean(text: str, outlets: frozenset[str], words: Lexicon) -> str:
    """A name without titles and degrees around it, and without what follows it: position, outlet, buttons."""
    name = _DEGREE.sub("", _DEGREE.sub("", " ".join(text.split())))
    name = name[match.end() :] if (match := _TITLE.match(name)) and match.end() < len(name) else name
    parts = _before(name.split(" "), words.interface_words)
    if parts[0][:1].isupper():
        lower = (n for n, part in enumerate(parts) if part[:1].islower() and part not in words.particles)
        parts = parts[: next(lower, None)]
    shortened = _before(parts, words.positions)
    if len(shortened) < len(parts):
        parts = shortened
        while len(parts) > 2 and (fold(parts[-1]) in words.qualifiers or _of_outlet(parts[-1], outlets)):
            parts.pop()
    if not parts[0].isupper():
        while len(parts) > 2 and _ACRONYM.fullmatch(parts[-1]):
            parts.pop()
    for size in (3, 2, 1):
        if len(parts) > size + 1 and is_given_outlet(" ".join(parts[-size:]), outlets):
            parts = parts[:-size]
    return " ".join(parts).strip(" ,:-–—")


def _before(parts: list[str], stops: frozenset[str]) -> list[str]:
    """The words before the first, but the very first, that is a stop."""
    stop = next((n for n, part in enumerate(parts) if n and fold(part).strip(".,:") in stops), None)
    return parts[:stop]


def _of_outlet(word: str, outlets: frozenset[str]) -> bool:
    key = compact(fold(word))
    return len(key) > 3 and any(known.startswith(key) or known.endswith(key) for known in outlets)


def _single(name: str, *, labelled: bool) -> bool:
    """Whether one word can be a whole name; codes in capitals and logins are none."""
    if len(name) < 3 or "." in name or "_" in name:
        return False
    if name.isupper():
        return labelled and len(name) > 4
    return name[0].isupper()


def person_names(
    value: Any, *, outlet_names: Sequence[str] = (), lexicon: Lexicon | None = None
) -> list[str]:
    """The persons in a metadata author value: a string, a JSON-LD object, or a list of these.

    Drops addresses, logins, desks, the outlet itself and organisations that are no agency; no name twice.
    """
    words = lexicon or _WORDS
    outlets = outlet_keys(tuple(outlet_names))
    found: dict[str, str] = {}
    for text, organisation in _values(value):
        for part in split_names(_DIRECT.sub("", html.unescape(text).strip())):
            if organisation and fold(part) not in words.agencies:
                continue
            name = person(part, outlets, words, labelled=False)
            if name:
                found.setdefault(fold(name), name)
    return list(found.values())


def _values(value: Any, depth: int = 0) -> Iterator[tuple[str, bool]]:
    """The strings in a metadata value, each with whether it is said to be an organisation."""
    if depth > 3:
        return
    if isinstance(value, str):
        if len(value) < 300 and not value.strip().startswith(("http", "/", "#", "@")):
            yield value, False
    elif isinstance(value, Mapping):
        kind = value.get("@type")
        organisation = "Organization" in str(kind) and "Person" not in str(kind)
        for text, _ in _values(value.get("name"), depth + 1):
            yield text, organisation
    elif isinstance(value, Sequence):
        for item in value[:20]:
            yield from _values(item, depth + 1)

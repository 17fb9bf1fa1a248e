"""Whose story it is that several outlets have: the agency that the others name, else the first to publish."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipelines.database.copies.originals import Precedence
from pipelines.database.fingerprints import fold

_SHORTEST_NAME = 3
#: Letters of a name that is looked for in other outlets' credits.

_PARTS = re.compile(r"[:/|,;()\[\]\n–—-]+")
_NETWORK_LABELS = frozenset({"www", "com", "co", "id", "net", "org", "news"})


@dataclass(slots=True, frozen=True)
class Told:
    """What an article says of where it is from."""

    article_id: int
    source: str | None
    site: str
    published_utc: str | None
    precedence: Precedence
    text_hash: bytes | None
    dateline: str | None
    #: The outlet or agency in the dateline, as printed.

    credits: tuple[str, ...]
    #: Byline, writers and the credit lines under the story, as printed.


@dataclass(slots=True, frozen=True)
class Attribution:
    """Whose a story is among those that have it."""

    first_id: int
    #: The first to publish it.

    original_id: int
    evidence: dict[str, Any]
    #: Why: ``{"because": "named", "in": "dateline", "as": "ANTARA", "by": 2}`` where others name it, else
    #: ``{"because": "earliest", "published": …}``; ``agency`` is one that is named but is not among them.


def attribute(members: Sequence[Told]) -> Attribution:
    """Say which of the articles of one story is the original; the order they come in does not matter."""
    ordered = sorted(members, key=lambda member: member.precedence)
    first = ordered[0]
    #: Of each outlet the first article is its story.
    stories = {_outlet(member): member for member in reversed(ordered)}
    named = _named(ordered)
    if named:
        outlet = min(named, key=lambda name: (-named[name].total(), stories[name].precedence))
        (where, name), _ = min(named[outlet].items(), key=lambda item: (-item[1], item[0]))
        evidence = {"because": "named", "in": where, "as": name, "by": named[outlet].total()}
        return Attribution(first.article_id, stories[outlet].article_id, evidence)
    evidence = {"because": "earliest", "published": first.published_utc}
    if agency := _absent_agency(ordered):
        evidence["agency"] = agency
    return Attribution(first.article_id, first.article_id, evidence)


def _outlet(member: Told) -> str:
    return member.source or member.site


def _named(members: Sequence[Told]) -> dict[str, Counter[tuple[str, str]]]:
    """Outlets that other members name: where and as what, and how many do; each member counts once."""
    known = _outlets_by_name(members)
    named: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for member in members:
        counted = {_outlet(member)}
        said = [("dateline", member.dateline, _outlets_in(member.dateline or "", known))]
        said += [("credit", credit, _outlets_credited(credit, known)) for credit in member.credits]
        for where, text, outlets in said:
            for outlet in outlets - counted:
                named[outlet][where, text or ""] += 1
                counted.add(outlet)
    return named


def _absent_agency(members: Sequence[Told]) -> str | None:
    """The name that most datelines give which is of none of the outlets; null where there is none."""
    known = _outlets_by_name(members)
    said = Counter(
        member.dateline for member in members if member.dateline and not _outlets_in(member.dateline, known)
    )
    return min(said.items(), key=lambda item: (-item[1], item[0]))[0] if said else None


def _outlets_by_name(members: Sequence[Told]) -> dict[str, set[str]]:
    known: dict[str, set[str]] = defaultdict(set)
    for member in members:
        for name in _names(member.source, member.site):
            known[name].add(_outlet(member))
    return dict(known)


def _outlets_in(text: str, known: Mapping[str, set[str]]) -> set[str]:
    """Outlets whose name, of up to three words, stands in a text."""
    words = _folded(text).split()
    runs = (" ".join(words[n : n + length]) for length in (1, 2, 3) for n in range(len(words) - length + 1))
    return {outlet for run in runs for outlet in known.get(run, ())}


def _outlets_credited(text: str, known: Mapping[str, set[str]]) -> set[str]:
    """Outlets whose name is a whole part of a credit: reporters are called like outlets, too.

    "Sumber: Fajar" names the outlet, "Editor: Fajar Nugroho" does not.
    """
    parts = map(_folded, _PARTS.split(text))
    return {outlet for part in parts for outlet in known.get(part, ())}


@lru_cache(maxsize=1024)
def _names(source: str | None, site: str) -> frozenset[str]:
    """The names an outlet goes by, folded: its slug and its domain, with and without "news"."""
    names = set()
    labels = [label for label in fold(site.replace("-", " ")).split() if label not in _NETWORK_LABELS]
    for name in (fold((source or "").replace("-", " ")), labels[0] if labels else "", fold(site)):
        names |= {name, name.replace(" ", ""), name.removesuffix("news"), name.removesuffix(" news")}
    return frozenset(name for name in names if len(name) >= _SHORTEST_NAME and not name.isdigit())


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return fold(text)

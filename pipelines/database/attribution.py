"""Whose story it is that several outlets have: the agency that the others name, else the first to publish."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipelines.database.copies import Precedence
from pipelines.database.fingerprints import fold

_SHORTEST_NAME = 3
#: Letters of a name that is looked for in other outlets' credits.

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
    named: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    for member in ordered:
        names = _names(member.source, member.site)
        for other in ordered:
            if _outlet(other) != _outlet(member) and (naming := _naming(other, names)):
                named[member.article_id][naming] += 1
    if named:
        # Of several articles of the agency the first one is the story.
        original = min(
            (member for member in ordered if member.article_id in named),
            key=lambda member: (-named[member.article_id].total(), member.precedence),
        )
        where, name = min(named[original.article_id].items(), key=lambda item: (-item[1], item[0]))[0]
        amount = named[original.article_id].total()
        evidence = {"because": "named", "in": where, "as": name, "by": amount}
        return Attribution(first.article_id, original.article_id, evidence)
    evidence = {"because": "earliest", "published": first.published_utc}
    if agency := _foreign_agency(ordered):
        evidence["agency"] = agency
    return Attribution(first.article_id, first.article_id, evidence)


def _outlet(member: Told) -> str:
    return member.source or member.site


def _naming(other: Told, names: frozenset[str]) -> tuple[str, str] | None:
    """Where and as what an article names an outlet; the dateline before the credit."""
    if other.dateline and _names_one(other.dateline, names):
        return "dateline", other.dateline
    for credit in other.credits:
        if _names_one(credit, names):
            return "credit", credit
    return None


def _names_one(text: str, names: frozenset[str]) -> bool:
    said = f" {_folded(text)} "
    return any(f" {name} " in said for name in names)


def _foreign_agency(members: Sequence[Told]) -> str | None:
    """The name that most datelines give which is of none of the outlets; null where there is none."""
    own: set[str] = set()
    for member in members:
        own |= _names(member.source, member.site)
    said = Counter(
        member.dateline
        for member in members
        if member.dateline and not _names_one(member.dateline, frozenset(own))
    )
    return min(said.items(), key=lambda item: (-item[1], item[0]))[0] if said else None


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

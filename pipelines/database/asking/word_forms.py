"""Forms of a word that the database has: ``didik`` finds ``mendidik`` and ``pendidikan``.

Forms are built from the root by the language's rules and kept where the index has them, so nothing is
stored that could grow stale, a database that may not be written is asked alike, and one that is crawled
meanwhile finds its newest words.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database

MOST_FORMS = 40
#: Forms of one word that are asked for.

_MOST_ROOTS = 3
#: Roots of one word that are tried, beside itself.

_LONGEST_WORD = 30

_PRESENT = """
SELECT value FROM json_each(?)
WHERE EXISTS (SELECT 1 FROM articles_fts WHERE articles_fts MATCH '"' || value || '"')
"""


@dataclass(slots=True, frozen=True)
class Language:
    """How the words of a language are built."""

    codes: tuple[str, ...]
    least_root: int
    shapes: tuple[tuple[str, str], ...]
    #: What stands before a root and what behind it, enclitics included; ``N`` at the end of the first is
    #: a nasal.

    nasals: tuple[tuple[str, bool, str], ...]
    endings: tuple[tuple[str, str], ...]
    doubled: tuple[str, ...]
    irregular: Mapping[str, tuple[str, ...]]
    apart: frozenset[str]
    #: Words that look like a form of another and are none.


def forms_of(db: Database, word: str, language: str | None = None) -> list[str]:
    """The word, then its other forms that the index has, by the rules of *language* or of the first that
    knows any.

    Of the roots that the index has by themselves the one with the most forms counts; the word is its own
    root unless another has more.
    """
    word = word.lower()
    if not word.isalpha() or len(word) > _LONGEST_WORD:
        return [word]
    for rules in languages():
        if language is None or language in rules.codes:
            family = _family(db, word, rules)
            if len(family) > 1:
                return family
    return [word]


@lru_cache(maxsize=1)
def languages() -> tuple[Language, ...]:
    """The languages whose rules are known, in the order in which they are tried."""
    text = (Path(__file__).parent / "word_forms.toml").read_text("utf-8")
    return tuple(_language(data) for data in tomllib.loads(text).values())


def _language(data: Mapping[str, Any]) -> Language:
    shapes = [tuple(pattern.split("…")) for pattern in data["patterns"]]
    shapes += [
        tuple((pattern + end).split("…"))
        for pattern, ends in data["enclitics"].items()
        for end in ends.split()
    ]
    irregular = {form: tuple(line.split()) for line in data["irregular"] for form in line.split()}
    return Language(
        tuple(data["languages"]),
        data["least_root"],
        tuple(dict.fromkeys(shapes)),
        tuple((start, drops, nasal) for starts, drops, nasal in data["nasals"] for start in starts.split()),
        tuple((end, changed) for end, changed in data["endings"]),
        tuple(data["doubled"]),
        irregular,
        frozenset(data["apart"]),
    )


def _family(db: Database, word: str, rules: Language) -> list[str]:
    roots = _roots(word, rules)
    present = _present(db, roots)
    roots = [word, *[root for root in roots[1:] if root in present][:_MOST_ROOTS]]
    families = {root: _built(root, rules) for root in roots}
    present = _present(db, dict.fromkeys(form for family in families.values() for form in family))
    best: list[str] = []
    for family in families.values():
        there = [form for form in family if form in present]
        if len(there) > len(best):
            best = there
    return [word, *(form for form in best if form != word)][:MOST_FORMS]


def _present(db: Database, words: Iterable[str]) -> set[str]:
    """Those that the index has."""
    asked = json.dumps(list(words), ensure_ascii=False)
    return {word for (word,) in db.conn.execute(_PRESENT, (asked,))}


def _roots(word: str, rules: Language) -> list[str]:
    """The word itself, then the roots that it may be a form of, longest first."""
    if word in rules.apart:
        return [word]
    found = {root for root in _stripped(word, rules) if len(root) >= rules.least_root and root != word}
    ordered = sorted(found, key=lambda root: (-len(root), root))
    return [word, *(root for root in ordered if word in _built(root, rules))]


def _stripped(word: str, rules: Language) -> Iterator[str]:
    for before, behind in rules.shapes:
        if not word.endswith(behind):
            continue
        kept = word[: len(word) - len(behind)]
        if before.endswith("N"):
            yield from _without_nasal(kept, before[:-1], rules)
        elif kept.startswith(before):
            yield kept[len(before) :]
    for end, changed in rules.endings:
        if word.endswith(changed):
            yield word[: len(word) - len(changed)] + end
    for behind in rules.doubled:
        kept = word[: len(word) - len(behind)]
        if word.endswith(behind) and kept[-1:] == kept[-2:-1]:
            yield kept[:-1]


def _without_nasal(word: str, before: str, rules: Language) -> Iterator[str]:
    for start, drops, nasal in rules.nasals:
        rest = word.removeprefix(before + nasal)
        if rest != word and (drops or rest.startswith(start)):
            yield start + rest if drops else rest


def _built(root: str, rules: Language) -> Iterable[str]:
    """Every form of a root that the rules allow, the likelier ones first."""
    forms: dict[str, None] = dict.fromkeys(rules.irregular.get(root, ()))
    for before, behind in rules.shapes:
        if not before.endswith("N"):
            forms[before + root + behind] = None
            continue
        for start, drops, nasal in rules.nasals:
            if root.startswith(start):
                forms[before[:-1] + nasal + root[len(start) if drops else 0 :] + behind] = None
    for end, changed in rules.endings:
        if root.endswith(end):
            forms[root.removesuffix(end) + changed] = None
    forms |= {root + root[-1] + behind: None for behind in rules.doubled}
    return [form for form in forms if form not in rules.apart or form == root]

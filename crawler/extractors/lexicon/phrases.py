"""The book of phrases that surround a story: which kind of boilerplate a text is by its words.

Every phrase is looked up in folded text: by a table for whole lines, by one compiled alternation each for
beginnings and for mentions, so that a block costs microseconds however many phrases there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from crawler.items import BoilerplateKind

Scope = Literal["topical", "general", "list"]
How = Literal["line", "prefix", "contains", "pattern"]

#: Phrases that begin or stand inside a text count in texts of so many characters, unless their entry says.
DEFAULT_LIMIT = 300
#: A mention has to cover at least this share of a text longer than SHORT characters.
LEAST_SHARE = 0.04
SHORT = 200

_TYPOGRAPHY = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "\u200b": " ",
        "\ufeff": " ",
        "：": ":",
    }
)
_EDGES = " \t:.…,;!?»«›‹<>|-_•·●*+=~↓→←▼►\"'()[]{}/\\\u00a0"
#: Arrows and pictures before a phrase.
_SYMBOLS = re.compile(r"[^\w\s\x00-\x7f©]+\s*")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case, plain quotes and dashes, one space between words: ``“Baca  Juga”`` is ``"baca juga"``."""
    return " ".join(text.lower().translate(_TYPOGRAPHY).split())


def alternation(phrases: Iterable[str]) -> str:
    """A regex for any of some literal phrases, as a trie: the longest wins and nothing is tried twice.

    >>> alternation(["baca", "baca juga", "simak"])
    '(?:baca(?: juga)?|simak)'
    """
    trie: dict[str, Any] = {}
    for phrase in phrases:
        node = trie
        for character in phrase:
            node = node.setdefault(character, {})
        node[""] = {}
    return _trie_regex(trie) or "(?!)"


def _trie_regex(node: dict[str, Any]) -> str:
    branches = []
    for first, below in sorted(node.items()):
        if not first:
            continue
        text, child = first, below
        while len(child) == 1 and "" not in child:
            ((character, child),) = child.items()
            text += character
        branches.append(re.escape(text) + _trie_regex(child))
    if not branches:
        return ""
    single = len(branches) == 1 and "" not in node
    joined = branches[0] if single else f"(?:{'|'.join(branches)})"
    return f"{joined}?" if "" in node else joined


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a text."""

    kind: BoilerplateKind
    scope: Scope | None
    #: For related links: about this story, or a general list; "list" for the heading of a summary.

    how: How
    share: float
    #: 0 to 1: the part of the text's characters that the phrase covers.

    rest: str
    #: For a prefix: what follows the phrase, as printed: the title after ``Baca juga:``. Else empty.


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: BoilerplateKind
    scope: Scope | None
    limit: int


def _wild(phrase: str) -> str:
    """The regex of a phrase with wildcards: ``*`` is up to 80 characters, ``<n>`` a number."""
    return re.escape(phrase).replace(r"\*", ".{0,80}?").replace("<n>", r"\d[\d.,]*")


def _is_wild(phrase: str) -> bool:
    return "*" in phrase or "<n>" in phrase


class _Matcher:
    """Phrases by entry: the plain ones in one trie, those with wildcards in one regex of named groups."""

    def __init__(self, phrases: dict[str, _Entry], before: str) -> None:
        self.entries = {p: e for p, e in phrases.items() if not _is_wild(p)}
        wild = {p: e for p, e in phrases.items() if _is_wild(p)}
        self.wild_entries = list(wild.values())
        end = r"(?:(?<=\W)|(?!\w))"
        self.plain = re.compile(f"{before}{alternation(self.entries)}{end}")
        self.wild = re.compile(
            "|".join(f"(?P<w{n}>{before}{_wild(p)}{end})" for n, p in enumerate(wild)) or "(?!)"
        )

    def find(self, text: str, *, anywhere: bool) -> tuple[_Entry, int, int] | None:
        """The entry and where its phrase begins and ends."""
        plain = self.plain.search(text) if anywhere else self.plain.match(text)
        if plain and anywhere:
            return self.entries[plain[0]], plain.start(), plain.end()
        wild = self.wild.search(text) if anywhere else self.wild.match(text)
        if wild and wild.lastgroup and (not plain or wild.end() > plain.end()):
            return self.wild_entries[int(wild.lastgroup[1:])], wild.start(), wild.end()
        return (self.entries[plain[0]], plain.start(), plain.end()) if plain else None


class PhraseBook:
    """All boilerplate phrases of a lexicon; built from the ``[[boilerplate]]`` tables of its files."""

    def __init__(self, tables: Iterable[Mapping[str, Any]]) -> None:
        lines: dict[str, _Entry] = {}
        prefixes: dict[str, _Entry] = {}
        mentions: dict[str, _Entry] = {}
        patterns: list[tuple[str, _Entry]] = []
        for table in tables:
            entry = _Entry(table["kind"], table.get("scope"), table.get("limit", DEFAULT_LIMIT))
            for phrase in table.get("line", ()):
                lines.setdefault(fold(phrase).strip(_EDGES) if "*" not in phrase else fold(phrase), entry)
            for phrase in table.get("prefix", ()):
                prefixes.setdefault(fold(phrase), entry)
            for phrase in table.get("contains", ()):
                mentions.setdefault(fold(phrase), entry)
            patterns += [(pattern, entry) for pattern in table.get("pattern", ())]
        self._lines = {p: e for p, e in lines.items() if "*" not in p and p}
        wild_lines = [(_wild(p), e) for p, e in lines.items() if "*" in p]
        self._pattern_entries = [entry for _, entry in wild_lines + patterns]
        self._patterns = re.compile(
            "|".join(f"(?P<p{n}>{pattern})" for n, (pattern, _) in enumerate(wild_lines + patterns)) or "(?!)"
        )
        self._prefixes = _Matcher(prefixes, "")
        spelled = {p: e for p, e in mentions.items() if p[0].isalnum()}
        self._mentions = _Matcher(spelled, r"(?<!\w)")
        self._marked = _Matcher({p: e for p, e in mentions.items() if p not in spelled}, "")
        self._anchors = frozenset(max(p.split()[:-1] or [p], key=len) for p in spelled)
        entries = [*lines.values(), *prefixes.values(), *mentions.values(), *(e for _, e in patterns)]
        self._limit = max([entry.limit for entry in entries], default=0) + 100
        #: Characters of a text above which no phrase counts; folding shortens it a little.
        self._longest = max([entry.limit for entry in mentions.values()], default=0)

    def find(self, text: str) -> Hit | None:
        if len(text) > self._limit:
            return None
        lowered = text.lower()
        plain = lowered.isascii() and "`" not in lowered
        words = (lowered if plain else lowered.translate(_TYPOGRAPHY)).split()
        folded = " ".join(words)
        if not folded:
            return None
        if len(folded) <= 160 and (entry := self._line(folded)):
            return Hit(entry.kind, entry.scope, "line", 1.0, "")
        return self._prefix(text, folded) or self._pattern(folded) or self._mention(words, folded)

    def _line(self, folded: str) -> _Entry | None:
        entry = self._lines.get(folded) or self._lines.get(folded.strip(_EDGES))
        if entry is None and not folded[0].isalnum() and (mark := _SYMBOLS.match(folded)):
            entry = self._lines.get(folded[mark.end() :].strip(_EDGES))
        return entry

    def _prefix(self, text: str, folded: str) -> Hit | None:
        opened = folded.lstrip(" >»›•·-*+#=\"'")
        if opened and not opened[0].isalnum() and (mark := _SYMBOLS.match(opened)):
            opened = opened[mark.end() :]
        opened = opened.replace(" :", ":", 1)
        found = self._prefixes.find(opened, anywhere=False)
        if not found or len(folded) > found[0].limit:
            return None
        entry, _, end = found
        length = len(opened)
        # The rest is cut from the end, where folding has not moved anything but runs of spaces.
        rest = " ".join(text.split())[len(" ".join(text.split())) - (length - end) :] if length > end else ""
        return Hit(entry.kind, entry.scope, "prefix", end / length, rest.strip(" \t:-–—|»>"))

    def _pattern(self, folded: str) -> Hit | None:
        if len(folded) > 300:
            return None
        match = self._patterns.fullmatch(folded)
        if not match or not match.lastgroup:
            return None
        entry = self._pattern_entries[int(match.lastgroup[1:])]
        return Hit(entry.kind, entry.scope, "pattern", 1.0, "")

    def _mention(self, words: list[str], folded: str) -> Hit | None:
        length = len(folded)
        if length > self._longest:
            return None
        found = self._marked.find(folded, anywhere=True)
        if not found and not self._anchors.isdisjoint(words):  # scanning for words is dear
            found = self._mentions.find(folded, anywhere=True)
        if not found:
            return None
        entry, start, end = found
        share = (end - start) / length
        if length > entry.limit or (length > SHORT and share < LEAST_SHARE):
            return None
        return Hit(entry.kind, entry.scope, "contains", share, "")

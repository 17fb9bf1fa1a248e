"""What reading kept pages again would change, counted by outlet and field."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from crawler.reextraction.reading import Reread

MOST_EXAMPLES = 3
#: Of each field of each outlet.

MOST_FAILURES = 20
#: Of pages that could not be read, those that are named.

EXCERPT, BEFORE = 120, 30
#: Characters of a long value that an example shows, and how many of them stand before what differs.


@dataclass(slots=True)
class Example:
    """A field of an article that says something else now."""

    article: int | None
    url: str
    old: str
    new: str


@dataclass(slots=True)
class Report:
    """The sums over all pages."""

    pages: int = 0
    unchanged: int = 0
    #: Articles that say what they said.

    refused: int = 0
    #: Pages that were no article and are none.

    changed: dict[str, int] = field(default_factory=Counter)
    #: Articles that say something else, by outlet.

    admitted: dict[str, int] = field(default_factory=Counter)
    #: Refused pages that are articles by today's rules, by outlet.

    no_longer: dict[str, int] = field(default_factory=Counter)
    #: Articles whose page is none by today's rules, by reason; they stay as they are.

    failed: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    #: URL and why it could not be read; the first of them.

    fields: dict[tuple[str, str], int] = field(default_factory=Counter)
    #: Outlet and field to the number of articles.

    examples: dict[tuple[str, str], list[Example]] = field(default_factory=dict)

    def add(self, again: Reread) -> bool:
        """Count a page; whether there is something to write."""
        self.pages += 1
        outlet = again.source or ""
        if again.failure is not None:
            self.failed += 1
            if len(self.failures) < MOST_FAILURES:
                self.failures.append((again.url or f"fetch {again.fetch_id}", again.failure))
            return False
        if again.article_id is None:
            if again.reason is not None:
                self.refused += 1
                return False
            self.admitted[outlet] += 1
            return True
        if again.reason is not None:
            self.no_longer[again.reason] += 1
            return False
        if not again.changes:
            self.unchanged += 1
            return False
        self.changed[outlet] += 1
        for name, (old, new) in again.changes.items():
            self._add_change(again, outlet, name, old, new)
        return True

    def to_dict(self) -> dict[str, Any]:
        """The report in plain JSON types."""
        return {
            "pages": self.pages,
            "unchanged": self.unchanged,
            "changed": sum(self.changed.values()),
            "admitted": sum(self.admitted.values()),
            "refused": self.refused,
            "no_longer_articles": dict(self.no_longer),
            "failed": self.failed,
            "failures": [{"url": url, "reason": reason} for url, reason in self.failures],
            "outlets": [
                {
                    "source": outlet or None,
                    "changed": self.changed.get(outlet, 0),
                    "admitted": self.admitted.get(outlet, 0),
                }
                for outlet in sorted({*self.changed, *self.admitted})
            ],
            "fields": [
                {
                    "source": outlet or None,
                    "field": name,
                    "articles": self.fields[outlet, name],
                    "examples": [
                        {"article": one.article, "url": one.url, "old": one.old, "new": one.new}
                        for one in self.examples[outlet, name]
                    ],
                }
                for outlet, name in sorted(self.fields)
            ],
        }

    def _add_change(self, again: Reread, outlet: str, name: str, old: Any, new: Any) -> None:
        self.fields[outlet, name] += 1
        examples = self.examples.setdefault((outlet, name), [])
        if len(examples) < MOST_EXAMPLES:
            examples.append(Example(again.article_id, again.url, *differing(as_text(old), as_text(new))))


def as_text(value: Any) -> str:
    """A field's value as a person reads it: a text as it is, nothing as nothing, all else as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def differing(old: str, new: str) -> tuple[str, str]:
    """Two texts, cut to where they begin to differ where they are long.

    >>> differing("Budi", "Budi Raharjo")
    ('Budi', 'Budi Raharjo')
    """
    if max(len(old), len(new)) <= EXCERPT:
        return old, new
    pairs = enumerate(zip(old, new, strict=False))
    first = next((place for place, (a, b) in pairs if a != b), min(len(old), len(new)))
    start = max(0, first - BEFORE)
    return _excerpt(old, start), _excerpt(new, start)


def _excerpt(text: str, start: int) -> str:
    cut = text[start : start + EXCERPT]
    return ("…" if start and cut else "") + cut + ("…" if len(text) > start + EXCERPT else "")

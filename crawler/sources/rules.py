"""Rules: CSS selectors by field, for pages that the reader cannot read without being told.

An outlet that changes its markup keeps the old rule with the date until which it held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler.sources.values import Fault, read_texts

SELECTOR_KEYS = frozenset(
    {"headline", "deck", "byline", "editor", "date", "body", "section", "tags", "remove"},
)


_NO_PAGE = LexborHTMLParser("")


@dataclass(slots=True, frozen=True)
class Rule:
    """Where an outlet's pages hold what, while one markup lasts."""

    selectors: Mapping[str, str] = field(default_factory=dict, hash=False)
    #: CSS by field (``SELECTOR_KEYS``).

    until: date | None = None
    #: The last day on which pages had this markup; null for what holds now.


def rules_on(rules: Iterable[Rule], day: date | None) -> list[Rule]:
    """The rules to try for a page of that day, the one of its time first; all where the day is not known.

    An undated rule is always tried: it says what holds now, not since when.
    """
    holding = [rule for rule in rules if rule.until is None or day is None or day <= rule.until]
    return sorted(holding, key=lambda rule: rule.until or date.max)


def read_rules(key: str, value: object) -> tuple[Rule, ...]:
    """The ``[[rules]]`` of a source file."""
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise Fault(key, f"must be written as [[{key}]] tables of CSS selectors")
    rules = tuple(_rule(f"{key}[{number}]", entry) for number, entry in enumerate(value, 1))
    days = [rule.until for rule in rules]
    for number, day in enumerate(days):
        if day in days[:number]:
            raise Fault(f"{key}[{number + 1}].until", "two rules hold until the same day; join them")
    return rules


def _rule(key: str, entry: Mapping[str, object]) -> Rule:
    selectors = {name: _selector(f"{key}.{name}", css) for name, css in entry.items() if name != "until"}
    if not selectors:
        raise Fault(key, "must hold a selector")
    return Rule(selectors, _day(f"{key}.until", entry["until"]) if "until" in entry else None)


def _day(key: str, value: object) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise Fault(key, f"must be a date such as 2023-06-01, without quotes, not {value!r}")
    return value


def _selector(key: str, value: object) -> str:
    name = key.rpartition(".")[2]
    if name not in SELECTOR_KEYS:
        raise Fault(key, f"unknown key; known are until, {', '.join(sorted(SELECTOR_KEYS))}")
    css = ", ".join(read_texts(key, [value] if isinstance(value, str) else value))
    try:
        _NO_PAGE.css(css)
    except SelectolaxError as error:
        raise Fault(key, f"'{css}' is no CSS selector that pages can be asked for") from error
    return css

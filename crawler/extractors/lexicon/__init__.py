"""What the extractors know of languages: months, byline labels, dateline words, phrases around a story.

The words stand in one TOML file a language beside this module; this loads and merges them into a `Lexicon`
whose lookups take microseconds. A new language is a new file. Works on strings, before any role is decided.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Literal

from crawler.extractors.lexicon.phrases import Hit, PhraseBook, Scope, alternation, fold

__all__ = ["Hit", "Lexicon", "Role", "Scope", "alternation", "fold", "load_lexicon"]

Role = Literal["author", "editor", "both", "other"]
PlaceUse = Literal["comma", "dash", "region"]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The merged words of some languages. Keys and members are folded (`fold`) unless said otherwise."""

    languages: tuple[str, ...]
    #: ISO 639-1.

    day_first: Mapping[str, bool]
    #: By language; absent where usage is divided.

    months: Mapping[str, int]
    #: Name or abbreviation to 1-12.

    weekdays: Mapping[str, int]
    #: Name or abbreviation to 1 (Monday) - 7.

    zones: Mapping[str, str]
    #: ``wib`` to ``+07:00``, ``et`` to ``America/New_York``.

    offsets: Mapping[str, frozenset[timedelta]]
    #: By language: the offsets from UTC where it is spoken; absent where it is spoken all over the world.

    hour_words: frozenset[str]
    published_labels: frozenset[str]
    modified_labels: frozenset[str]
    time_prepositions: frozenset[str]
    #: Between a time of day and the date behind it.

    relative_one: frozenset[str]
    #: "One" in front of a unit: ``an`` hour ago.

    relative_units: Mapping[str, int]
    #: Name of a unit to seconds.

    ago: frozenset[str]
    relative_days: Mapping[str, int]
    #: ``kemarin`` to 1: days before the day of the fetch.

    byline_labels: Mapping[str, Role]
    byline_prepositions: frozenset[str]
    #: ``by``: a label that ends in one needs no colon.

    byline_counters: frozenset[str]
    #: What a number in a byline counts: ``views``.

    list_words: frozenset[str]
    #: ``dan``, ``and``: between the last two names of a list.

    byline_ends: frozenset[str]
    #: ``pada``, ``on``: words that end the names of a byline.

    not_persons: frozenset[str]
    #: Whole names that are no persons: ``redaksi``.

    desk_words: frozenset[str]
    #: Words that make any name a desk's: ``newsroom``.

    names_after: Mapping[str, frozenset[str]]
    #: By label, desk words of another language that are names behind it: Tim behind ``by``.

    company_words: frozenset[str]
    #: Words that make a name no person's where no label says that it is one: ``media``.

    interface_words: frozenset[str]
    #: Words of buttons and links that end a name: ``share``.

    positions: frozenset[str]
    #: ``writer``: follows a name and is no part of it, as are the `qualifiers` before it: ``senior``.

    qualifiers: frozenset[str]

    particles: frozenset[str]
    #: Words inside a name that begin small: ``bin``, ``van``.

    titles: frozenset[str]
    degrees: frozenset[str]
    agencies: Mapping[str, str]
    #: Folded name to the name as written.

    rubrics: frozenset[str]
    #: Advertorial marks in a dateline's place: ``info bisnis``.

    never_places: frozenset[str]
    #: Words with which no place begins.

    outlet_words: frozenset[str]
    #: Words that make a name in a dateline an outlet's: ``times``.

    places: Mapping[str, PlaceUse]
    #: Names of places to what they may do in a dateline.

    no_sections: frozenset[str]
    #: What templates state for a section, and is none: ``article``.

    headline_rubrics: frozenset[str]
    #: ``opini``: before or behind a headline's bar, the name of its rubric.

    standing_tags: frozenset[str]
    #: Keywords that an outlet states on every page: ``berita terkini``.

    aside_labels: frozenset[str]
    #: ``baca juga``: before a link to another story inside a paragraph.

    phrases: PhraseBook
    endings: PhraseBook
    #: Phrases that speak only in a block at a story's end: ``artikel ini merupakan``.

    def boilerplate_kind(self, text: str) -> Hit | None:
        """What kind of boilerplate a block's text is by its words alone, None where no phrase speaks.

        A whole-line phrase goes before one at the beginning, that before one inside. ``Hit.share`` is the
        part of the text that the phrase covers, so that a mention inside a long paragraph condemns nothing.
        """
        return _short_hit(self.phrases, text) if len(text) <= SHORT_LINE else self.phrases.find(text)


SHORT_LINE = 60
#: Characters of a line that is likely to stand on other pages too.


@lru_cache(maxsize=50_000)
def _short_hit(phrases: PhraseBook, text: str) -> Hit | None:
    """A site's pages share their labels and prompts: each is looked up once."""
    return phrases.find(text)


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _words(tables: Iterable[Mapping[str, Any]], section: str, key: str) -> frozenset[str]:
    return frozenset(fold(word) for table in tables for word in table.get(section, {}).get(key, ()))


def _merge(tables: Sequence[Mapping[str, Any]], section: str, *keys: str) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for table in tables:
        part = table.get(section, {})
        for key in keys:
            part = part.get(key, {})
        for word, value in part.items():
            merged.setdefault(fold(word), value)
    return merged


def _labels(tables: Sequence[Mapping[str, Any]]) -> dict[str, Role]:
    labels: dict[str, Role] = {}
    roles: tuple[Role, ...] = ("author", "editor", "both", "other")
    for role in roles:
        for table in tables:
            for label in table.get("byline", {}).get("labels", {}).get(role, ()):
                labels.setdefault(fold(label), role)
    return labels


def _credited(tables: Sequence[Mapping[str, Any]]) -> list[str]:
    """The labels that authors and editors stand behind: with a colon they make a line a credit."""
    return [label for label, role in _labels(tables).items() if role != "other" and len(label) > 2]


@lru_cache(maxsize=8)
def load_lexicon(languages: tuple[str, ...] | None = None) -> Lexicon:
    """The words of the given languages (ISO 639-1), by default of all there are; loaded once a process.

    Where two languages use a word differently the earlier one wins. Raises FileNotFoundError for a language
    that has no file.
    """
    with as_file(files(__name__)) as here:
        gazetteer = _read(here / "places.toml")["places"]
        paths = [here / f"{code}.toml" for code in languages] if languages else sorted(here.glob("??.toml"))
        tables = sorted((_read(path) for path in paths), key=lambda table: int(table.get("order", 9)))
    agencies = [name for table in tables for name in table.get("agencies", {}).get("names", ())]
    return Lexicon(
        languages=tuple(table["language"] for table in tables),
        day_first={table["language"]: table["day_first"] for table in tables if "day_first" in table},
        months=_merge(tables, "time", "months"),
        weekdays=_merge(tables, "time", "weekdays"),
        zones=_merge(tables, "time", "zones_with_summer_time") | _merge(tables, "time", "zones"),
        offsets={
            table["language"]: frozenset(timedelta(hours=hours) for hours in table["time"]["offsets"])
            for table in tables
            if "offsets" in table["time"]
        },
        hour_words=_words(tables, "time", "hour_words"),
        published_labels=_words(tables, "time", "published"),
        modified_labels=_words(tables, "time", "modified"),
        time_prepositions=_words(tables, "time", "prepositions"),
        relative_one=frozenset(fold(word) for table in tables for word in table["time"]["relative"]["one"]),
        relative_units=_merge(tables, "time", "relative", "units"),
        ago=frozenset(fold(word) for table in tables for word in table["time"]["relative"]["ago"]),
        relative_days=_merge(tables, "time", "relative", "days"),
        byline_labels=_labels(tables),
        byline_prepositions=_words(tables, "byline", "prepositions"),
        byline_counters=_words(tables, "byline", "counters"),
        list_words=frozenset(
            fold(word) for table in tables for word in table["byline"]["labels"].get("list_words", ())
        ),
        byline_ends=frozenset(
            fold(word) for table in tables for word in table["byline"]["labels"].get("until", ())
        ),
        not_persons=_words(tables, "byline", "not_persons"),
        desk_words=_words(tables, "byline", "desk_words"),
        names_after={
            label: frozenset(names)
            for table in tables
            for label, names in table["byline"].get("names_after", {}).items()
        },
        company_words=_words(tables, "byline", "company_words"),
        interface_words=_words(tables, "byline", "interface_words"),
        positions=_words(tables, "byline", "positions"),
        qualifiers=_words(tables, "byline", "qualifiers"),
        particles=_words(tables, "byline", "particles"),
        titles=_words(tables, "byline", "titles"),
        degrees=_words(tables, "byline", "degrees"),
        agencies={fold(name): name for name in agencies},
        rubrics=_words(tables, "dateline", "rubrics"),
        never_places=_words(tables, "dateline", "never") | _words(tables, "dateline", "names"),
        outlet_words=_words(tables, "dateline", "outlet_words"),
        places={fold(name): part["use"] for part in reversed(gazetteer) for name in part["names"]},
        no_sections=_words(tables, "sections", "none"),
        headline_rubrics=_words(tables, "sections", "rubrics"),
        standing_tags=_words(tables, "tags", "standing"),
        aside_labels=_words(tables, "asides", "labels"),
        phrases=PhraseBook(
            [
                *(entry for table in tables for entry in table.get("boilerplate", ())),
                {"kind": "credit", "limit": 160, "prefix": [f"{label}:" for label in _credited(tables)]},
            ]
        ),
        endings=PhraseBook([entry for table in tables for entry in table.get("ending", ())]),
    )

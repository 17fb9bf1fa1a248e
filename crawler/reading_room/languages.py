"""The words of the pages: one catalogue of messages a language, as data; the code holds none.

A further language is a further file in ``messages`` with the same keys.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup, escape

DEFAULT = "en"
#: Spoken to visitors whose browser names none of the catalogues.


@dataclass(slots=True, frozen=True)
class Language:
    """A language that the pages speak."""

    code: str
    #: ISO 639-1.

    messages: Mapping[str, Any]
    #: ``section.key`` to the words.

    def __call__(self, key: str, **values: object) -> Markup:
        """The words of a key as markup, with *values* escaped in their places.

        >>> catalogues()["en"]("page.not_found", what="<b>")
        Markup('There is no page &lt;b&gt;.')
        """
        return Markup(self.messages[key]).format(  # noqa: S704 - the catalogue is ours, values are escaped
            **{name: escape(value) for name, value in values.items()}
        )

    def known(self, key: str, otherwise: str) -> str:
        """The words of a key that the catalogue may lack: names that come from data."""
        return str(self.messages.get(key, otherwise))

    def amount(self, key: str, number: int, **values: object) -> Markup:
        """The words for so many: of ``key_one`` or ``key_many``, with ``{n}`` in their place."""
        return self(f"{key}_{'one' if number == 1 else 'many'}", n=self.number(number), **values)

    def number(self, value: float) -> str:
        """A number with its digits in threes."""
        return f"{value:,}".translate(
            str.maketrans({",": self.messages["form.thousands"], ".": self.messages["form.decimal"]})
        )

    def day(self, value: date) -> str:
        """A day in words: ``4 July 2026``."""
        return f"{value.day} {self.messages['form.months'][value.month - 1]} {value.year}"

    def moment(self, value: str | None, spoken: str | None = None) -> str:
        """An ISO 8601 time in words, with its own offset; as it is where it is none.

        *spoken* is the language of the story, whose readers know the zone by a name.
        """
        if not value:
            return ""
        try:
            if len(value) <= len("2026-07-04"):
                return self.day(date.fromisoformat(value))
            read = datetime.fromisoformat(value)
        except ValueError:
            return value
        clock = f"{read.hour:02}{self.messages['form.clock']}{read.minute:02}"
        return f"{self.day(read.date())}, {clock} {self._zone(read, spoken)}".rstrip()

    def _zone(self, moment: datetime, spoken: str | None) -> str:
        offset = moment.isoformat()[len(moment.replace(tzinfo=None).isoformat()) :]
        if offset in {"", "+00:00"}:
            return "UTC" if offset else ""
        return self.known(f"zones.{spoken}.{offset}", f"UTC{offset}")


@cache
def catalogues() -> Mapping[str, Language]:
    """All languages by their code."""
    folder = resources.files(__package__) / "messages"
    return {
        code: Language(code, dict(_flat(tomllib.loads(file.read_text("utf-8")))))
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if (code := file.name.removesuffix(".toml")) != file.name
    }


def choose(asked: str | None, kept: str | None, accepted: str) -> Language:
    """The language of the address, else the one kept from before, else the first the browser accepts."""
    known = catalogues()
    wishes = (part.partition(";")[0].strip().partition("-")[0].lower() for part in accepted.split(","))
    for code in (asked, kept, *wishes):
        if code is not None and code in known:
            return known[code]
    return known[DEFAULT]


def _flat(table: Mapping[str, Any], above: str = "") -> list[tuple[str, Any]]:
    """``{"a": {"b": 1}}`` as ``[("a.b", 1)]``."""
    rows: list[tuple[str, Any]] = []
    for key, value in table.items():
        rows += _flat(value, f"{above}{key}.") if isinstance(value, dict) else [(f"{above}{key}", value)]
    return rows

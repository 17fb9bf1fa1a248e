"""Kinds of values a setting may have: each says what is allowed, and checks what is given for it."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass, field
from typing import Any, Protocol


class Wrong(ValueError):
    """A value that does not hold; the message continues the setting's name."""


class Kind(Protocol):
    """What values of a setting are like."""

    @property
    def allowed(self) -> str:
        """What may stand there, after "must be"."""

    def read(self, value: object) -> Any:
        """The value that TOML gives, checked. Raises Wrong."""

    def parse(self, text: str) -> object:
        """A text of the environment or the command line as TOML would give it; the text where none fits."""


@dataclass(slots=True, frozen=True)
class Number:
    """A number within bounds, both included; *above* excludes the lower one."""

    least: float
    most: float
    unit: str = ""
    above: bool = False

    @property
    def allowed(self) -> str:
        lower = f"above {self.least:g} and at most" if self.above else f"from {self.least:g} to"
        return f"a number{self.unit and ' of ' + self.unit} {lower} {self.most:g}"

    def read(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _not(self, value)
        if not self.least <= value <= self.most or (self.above and value == self.least):
            raise _not(self, value)
        return value

    def parse(self, text: str) -> object:
        try:
            number = float(text)
        except ValueError:
            return text
        return int(number) if number.is_integer() else number


@dataclass(slots=True, frozen=True)
class Whole:
    """A whole number within bounds, both included."""

    least: int
    most: int
    unit: str = ""

    @property
    def allowed(self) -> str:
        return f"a whole number{self.unit and ' of ' + self.unit} from {self.least} to {self.most}"

    def read(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            raise _not(self, value)
        return value

    def parse(self, text: str) -> object:
        try:
            return int(text)
        except ValueError:
            return text


@dataclass(slots=True, frozen=True)
class Switch:
    """On or off."""

    allowed: str = "true or false"

    def read(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise _not(self, value)
        return value

    def parse(self, text: str) -> object:
        match text.strip().lower():
            case "on" | "true" | "yes" | "1":
                return True
            case "off" | "false" | "no" | "0":
                return False
        return text


@dataclass(slots=True, frozen=True)
class Text:
    """A text of a form; empty only where that is allowed."""

    allowed: str
    form: re.Pattern[str] = field(default_factory=lambda: re.compile(r"[^\x00-\x1f\x7f]+"))
    may_be_empty: bool = False

    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise _not(self, value)
        text = value.strip()
        if not text and self.may_be_empty:
            return text
        if not self.form.fullmatch(text):
            raise _not(self, value)
        return text

    def parse(self, text: str) -> object:
        return text


@dataclass(slots=True, frozen=True)
class Command:
    """A program with its arguments, in quotes where they have spaces; it runs without a shell."""

    allowed: str = "a program with arguments, or empty"

    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise _not(self, value)
        try:
            shlex.split(value)
        except ValueError as error:
            raise Wrong(f"cannot be read: {str(error).lower()}") from error
        return value.strip()

    def parse(self, text: str) -> object:
        return text


@dataclass(slots=True, frozen=True)
class Choice:
    """One of some words."""

    words: tuple[str, ...]

    @property
    def allowed(self) -> str:
        return "one of " + ", ".join(f'"{word}"' for word in self.words)

    def read(self, value: object) -> str:
        if value not in self.words:
            raise _not(self, value)
        return str(value)

    def parse(self, text: str) -> object:
        return text.strip()


@dataclass(slots=True, frozen=True)
class Texts:
    """A list of texts of one kind."""

    each: Kind
    separator: str = ","

    @property
    def allowed(self) -> str:
        return f"a list, each {self.each.allowed}"

    def read(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise _not(self, value)
        return tuple(dict.fromkeys(self.each.read(item) for item in value))

    def parse(self, text: str) -> object:
        return [part.strip() for part in text.split(self.separator) if part.strip()]


@dataclass(slots=True, frozen=True)
class Paces:
    """The two bounds of single outlets' paces in minutes, by slug."""

    allowed: str = "a table of outlets, each with two numbers of minutes: detik = [2, 30]"

    def read(self, value: object) -> dict[str, tuple[float, float]]:
        if not isinstance(value, dict):
            raise _not(self, value)
        paces = {}
        for slug, bounds in value.items():
            if not isinstance(bounds, list | tuple) or len(bounds) != 2:
                raise _not(self, value)
            least, most = (PACE.read(bound) for bound in bounds)
            if least > most:
                raise Wrong(f"has {least:g} minutes at least and {most:g} at most for {slug}")
            paces[str(slug)] = least, most
        return paces

    def parse(self, text: str) -> object:
        return text


PACE = Number(0, 7 * 24 * 60, "minutes", above=True)
DIRECTORIES = Texts(Text("a directory"), os.pathsep)


def _not(kind: Kind, value: object) -> Wrong:
    return Wrong(f"must be {kind.allowed}, not {written(value)}")


def written(value: object) -> str:
    """A value as TOML writes it.

    >>> written(["a", True])
    '["a", true]'
    """
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            # Of all that JSON escapes TOML knows the escapes, too.
            return _quoted(value)
        case list() | tuple():
            return f"[{', '.join(written(item) for item in value)}]"
        case dict():
            return f"{{{', '.join(f'{key} = {written(item)}' for key, item in value.items())}}}"
        case float() | int():
            return f"{value:g}" if abs(value) < 1e15 else str(value)
    return str(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda match: f"\\u{ord(match[0]):04x}", escaped) + '"'

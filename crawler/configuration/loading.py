"""From the file and the environment to values: found, read, checked, each with where it came from."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from crawler.configuration.declared import SETTINGS, Setting, setting
from crawler.configuration.kinds import Wrong
from crawler.errors import SettingError

FILE = "warta.toml"
LEAST_RUNS_DAYS = 31
#: The health of an outlet is held against its last month.

_PATHS = {"database": False, "sources.directories": True}
#: Settings that are paths, from the directory of their file; whether they are lists.


@dataclass(slots=True, frozen=True)
class Origin:
    """Where a value came from."""

    kind: str
    #: ``default``, ``file`` or ``environment``.

    name: str = ""
    #: Of the file or the variable.

    def __str__(self) -> str:
        return {"default": "default", "file": self.name, "environment": f"environment {self.name}"}[self.kind]


@dataclass(slots=True, frozen=True)
class Configuration:
    """The value of every setting, by its key."""

    values: Mapping[str, Any]
    origins: Mapping[str, Origin] = field(default_factory=dict)
    file: Path | None = None

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def origin(self, key: str) -> Origin:
        return self.origins.get(key, Origin("default"))


class _Chosen:
    """What the command line chose; a program that chose nothing reads file and environment when it asks."""

    path: Path | None = None
    loaded: Configuration | None = None
    keeps = False


def current() -> Configuration:
    """What is set. Raises SettingError, naming file and key, where it does not hold."""
    if _Chosen.loaded is not None:
        return _Chosen.loaded
    configuration, faults = examine(_Chosen.path)
    if faults:
        more = f" ({len(faults) - 1} more: `warta config check`)" if len(faults) > 1 else ""
        told = f"{faults[0]}{more}"
        raise SettingError(told if told.endswith("?") else f"{told}.")
    if _Chosen.keeps:
        _Chosen.loaded = configuration
    return configuration


@contextmanager
def chosen(path: Path | None) -> Iterator[None]:
    """Within, :func:`current` is what this file and the environment say when it is first asked.

    Processes that are started meanwhile find the file by the environment.
    """
    before, named = (_Chosen.path, _Chosen.loaded, _Chosen.keeps), os.environ.get("WARTA_CONFIG")
    _Chosen.path, _Chosen.loaded, _Chosen.keeps = path, None, True
    if path is not None:
        os.environ["WARTA_CONFIG"] = str(path.absolute())
    try:
        yield
    finally:
        _Chosen.path, _Chosen.loaded, _Chosen.keeps = before
        if path is not None:
            os.environ.pop("WARTA_CONFIG")
            os.environ.update({"WARTA_CONFIG": named} if named is not None else {})


def taken(values: Mapping[str, Any]) -> None:
    """Let :func:`current` be what another process has read, for the rest of this one."""
    read = {each.key: each.kind.read(values.get(each.key, each.default)) for each in SETTINGS}
    _Chosen.loaded = Configuration(read)


def examine(path: Path | None = None) -> tuple[Configuration, list[str]]:
    """The configuration, and all that does not hold in it, each in a sentence without its full stop.

    *path* is the file; else the environment's WARTA_CONFIG names it, else it is ``warta.toml`` in the working
    directory, where there is one. What does not hold has its default.
    """
    faults: list[str] = []
    file = _find(path)
    values = {each.key: each.kind.read(each.default) for each in SETTINGS}
    origins: dict[str, Origin] = {}
    if file is not None:
        for each, value in _from_file(file, faults):
            values[each.key] = _from(file, each.key, value)
            origins[each.key] = Origin("file", str(file))
    for each, variable, text in _from_environment():
        try:
            values[each.key] = each.kind.read(each.kind.parse(text))
            origins[each.key] = Origin("environment", variable)
        except Wrong as wrong:
            faults.append(f"the environment's {variable} {_masked(each, wrong)}")
    for keys, fault in _together(values):
        where = ", ".join(dict.fromkeys(str(origins[key]) for key in keys if key in origins))
        faults.append(f"{where}: {fault}" if where else fault)
    return Configuration(values, origins, file), faults


def _find(path: Path | None) -> Path | None:
    named = path or (Path(told) if (told := os.environ.get("WARTA_CONFIG")) else None)
    if named is not None:
        return named
    return Path(FILE) if os.path.isfile(FILE) else None  # also where the directory may not be searched


def _from_file(file: Path, faults: list[str]) -> Iterator[tuple[Setting, Any]]:
    try:
        text = file.read_text("utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        faults.append(f"{file} cannot be read: {error.strerror or error}")
        return
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{file} is no TOML: {error}")
        return
    for key, value in _flat(tables):
        where = _place(file, text, key)
        try:
            each = setting(key)
        except KeyError:
            faults.append(f"{where}: {key} is no setting{_nearest(key)}")
            continue
        try:
            yield each, each.kind.read(_revealed(each, value))
        except Wrong as wrong:
            faults.append(f"{where}: {key} {_masked(each, wrong)}")


def _flat(tables: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Each key with its tables; a table that is a value, or no table of ours, is not entered."""
    for name, value in tables.items():
        key = before + name
        if isinstance(value, dict) and any(each.key.startswith(f"{key}.") for each in SETTINGS):
            yield from _flat(value, f"{key}.")
        else:
            yield key, value


def _from_environment() -> Iterator[tuple[Setting, str, str]]:
    """Settings whose variable is there and not empty."""
    for each in SETTINGS:
        if each.environment and (text := os.environ.get(each.environment)):
            yield each, each.environment, text


def _revealed(each: Setting, value: object) -> object:
    """A secret that stands in the environment under another name: ``env:NAME``."""
    if not each.secret or not isinstance(value, str) or not value.startswith("env:"):
        return value
    name = value.removeprefix("env:")
    if not (found := os.environ.get(name)):
        raise Wrong(f"names {name}, which is not set in the environment")
    return found


def _masked(each: Setting, wrong: Wrong) -> str:
    """What is wrong, without the value where that is a secret."""
    return str(wrong).partition(", not ")[0] if each.secret else str(wrong)


def _from(file: Path, key: str, value: Any) -> Any:
    """Paths are meant from the directory of the file that names them."""
    if key not in _PATHS:
        return value
    directory = file.parent
    if not _PATHS[key]:
        return str(directory / value)
    return tuple(str(directory / each) for each in value)


def _together(values: Mapping[str, Any]) -> Iterator[tuple[Sequence[str], str]]:
    """What holds alone but not with others."""
    least, most = values["watch.pace_min"], values["watch.pace_max"]
    if least > most:
        yield (
            ("watch.pace_min", "watch.pace_max"),
            f"watch.pace_min ({least:g}) must not be above watch.pace_max ({most:g})",
        )
    if values["alerts.mail.server"]:
        for name in ("sender", "recipients"):
            if not values[f"alerts.mail.{name}"]:
                yield ("alerts.mail.server",), f"alerts.mail.server needs alerts.mail.{name}, too"
    if values["alerts.mail.password"] and not values["alerts.mail.user"]:
        yield ("alerts.mail.password",), "alerts.mail.password needs alerts.mail.user, too"
    if 0 < values["retention.runs_days"] < LEAST_RUNS_DAYS:
        yield (
            ("retention.runs_days",),
            f"retention.runs_days must be 0 or {LEAST_RUNS_DAYS} at least: the health of an outlet is held "
            "against its last month",
        )
    for slug in set(values["sources.on"]) & set(values["sources.off"]):
        yield ("sources.on", "sources.off"), f"{slug} stands both in sources.on and in sources.off"


def _nearest(key: str) -> str:
    keys = [each.key for each in SETTINGS]
    tables = sorted({known.rpartition(".")[0] for known in keys} - {""})
    by_name = {known.rpartition(".")[2]: known for known in reversed(keys)}
    near = get_close_matches(key, [*keys, *tables], n=1, cutoff=0.7)
    if not near:
        near = [by_name[name] for name in get_close_matches(key.rpartition(".")[2], by_name, n=1, cutoff=0.7)]
    return f"; did you mean {near[0]}?" if near else "; `warta config example` has all"


_TABLE = re.compile(r"\s*\[\s*([\w.\s\"'-]+?)\s*\]")
_KEY = re.compile(r"\s*([\w.\s\"'-]+?)\s*=")
_SIGNS = str.maketrans("", "", " \t\"'")


def _place(file: Path, text: str, key: str) -> str:
    """The file, and the line of the key where it is found by its looks."""
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if match := _TABLE.match(line):
            table = match[1].translate(_SIGNS)
            found = table
        elif match := _KEY.match(line):
            name = match[1].translate(_SIGNS)
            found = f"{table}.{name}" if table else name
        else:
            continue
        if found == key or found.startswith(f"{key}."):
            return f"{file}, line {number}"
    return str(file)

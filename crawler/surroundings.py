"""What Warta stands on: versions, disk, clock, the outlets' lists; each with what to do about it."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from packaging.requirements import Requirement
from packaging.version import Version
from sqlite_utils import Database

from crawler.run import check_sources
from crawler.sources import Source
from pipelines.database.checks import Finding
from pipelines.database.pages import pages_path

LEAST_PYTHON = (3, 11)
LEAST_SQLITE = (3, 38, 0)
#: Strict tables (3.37) and ``unixepoch`` (3.38).

LEAST_FREE = 1_000_000_000
#: Bytes.

OLDEST = datetime(2026, 1, 1, tzinfo=UTC)
#: Before this there was no Warta: a clock that says so stands wrong.

CLOCK_SECONDS = 60
#: A clock may differ so much from the servers'.

ASKED = 3
_TIMEOUT = 10.0


def check_versions(distribution: str = "warta") -> Iterator[Finding]:
    """Python, SQLite and every package against the least version that Warta needs."""
    if sys.version_info < LEAST_PYTHON:
        yield Finding(
            "versions", f"Python is {sys.version.split()[0]}", 1, f"install {_dotted(LEAST_PYTHON)} or newer"
        )
    if sqlite3.sqlite_version_info < LEAST_SQLITE:
        told = f"SQLite is {sqlite3.sqlite_version}"
        yield Finding("versions", told, 1, f"use a Python built with SQLite {_dotted(LEAST_SQLITE)} or newer")
    try:
        needed = [Requirement(text) for text in requires(distribution) or ()]
    except PackageNotFoundError:
        advice = "install it: python -m pip install --constraint constraints.txt --editable ."
        yield Finding("versions", f"{distribution} is not installed, so its needs are not known", 1, advice)
        return
    for need in needed:
        if need.marker is not None and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(need.name)
        except PackageNotFoundError:
            yield Finding("versions", f"{need.name} is missing", 1, f'python -m pip install "{need}"')
            continue
        if not need.specifier.contains(Version(found), prereleases=True):
            yield Finding("versions", f"{need.name} is {found}", 1, f'python -m pip install "{need}"')


def check_disk(database: Path) -> Iterator[Finding]:
    """Whether there is room to go on, and for one more copy of the database: a backup, or writing it anew."""
    place = database.absolute().parent
    free = shutil.disk_usage(place).free
    size = database.stat().st_size
    advice = (
        "make room, or keep less: pages.limit, pages.days and retention in warta.toml, then `warta prune`"
    )
    if free < LEAST_FREE:
        yield Finding("disk", f"{place} has {free / 1e9:.2f} GB free", 1, advice)
    elif free < size:
        pages = pages_path(database)
        whole = size + (pages.stat().st_size if pages.exists() else 0)
        told = f"{place} has {free / 1e9:.1f} GB free, less than the {whole / 1e9:.1f} GB of the database"
        yield Finding("disk", told, 1, advice)


def check_clock(db: Database, now: datetime) -> Iterator[Finding]:
    """Whether the clock can be right: not before Warta was made, nor before what is stored."""
    advice = "set the clock, best by a time service: timedatectl set-ntp true"
    if now < OLDEST:
        yield Finding("clock", f"the clock says {now:%Y-%m-%d}", 1, advice)
        return
    (newest,) = db.execute("SELECT max(started_at) FROM runs").fetchone()
    if newest and datetime.fromisoformat(newest) > now + timedelta(seconds=CLOCK_SECONDS):
        told = f"the clock says {now:%Y-%m-%dT%H:%M:%SZ}, and the last run began at {newest}"
        yield Finding("clock", told, 1, advice)


def check_clock_with_others(sources: Sequence[Source], user_agent: str, now: datetime) -> Iterator[Finding]:
    """The clock against the Date of some outlets' servers; each is asked for its robots.txt."""
    apart = [
        (answered - now).total_seconds()
        for source in sources[:ASKED]
        if (answered := _date_of(source, user_agent)) is not None
    ]
    if apart and abs(median(apart)) > CLOCK_SECONDS:
        told = f"the clock is {median(apart):+.0f} seconds from the clocks of {len(apart)} outlets' servers"
        advice = "set the clock, best by a time service: timedatectl set-ntp true"
        yield Finding("clock of others", told, 1, advice)


def _date_of(source: Source, user_agent: str) -> datetime | None:
    address = next(
        (url for url in (source.homepage, *source.feeds, *source.sitemaps) if url),
        f"https://{source.domains[0]}/",
    )
    parts = urlsplit(address)
    request = urllib.request.Request(  # noqa: S310 (http or https: the declaration was checked)
        f"{parts.scheme}://{parts.netloc}/robots.txt", headers={"User-Agent": user_agent}, method="HEAD"
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310
            said = answer.headers["Date"]
    except urllib.error.HTTPError as error:
        said = error.headers["Date"]
    except OSError:
        return None
    try:
        return parsedate_to_datetime(said).astimezone(UTC) if said else None
    except ValueError:
        return None


def check_outlets(directories: Sequence[Path], fresh_since: str) -> Iterator[Finding]:
    """Every list of the outlets that are on, asked once; see ``warta sources check``."""
    checks = check_sources((), fresh_since=fresh_since, directories=directories)
    problems = {
        found.source: [f"{one.url}: {one.problem}" for one in found.endpoints if one.problem]
        for found in checks
    }
    wrong = {slug: told for slug, told in problems.items() if told}
    if checks and len(wrong) == len(checks) and all(len(wrong[c.source]) == len(c.endpoints) for c in checks):
        first = next(iter(wrong.values()))[0]
        advice = "look at this machine's network first: name service, firewall, proxy"
        yield Finding("outlets", f"no outlet can be reached: {first}", len(wrong), advice)
        return
    for slug, told in wrong.items():
        advice = f"see `warta sources check {slug}`; mend its addresses, or name it under sources.off"
        yield Finding("outlets", f"{slug}: {told[0]}", len(told), advice)


def _dotted(numbers: Sequence[int]) -> str:
    return ".".join(map(str, numbers))

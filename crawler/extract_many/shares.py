"""Inputs cut into shares: what one process reads into one shard. The same inputs are cut the same way."""

from __future__ import annotations

import hashlib
import json
import os
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from crawler.archives.members import is_packed_whole
from crawler.archives.opening import find_inputs, is_remote, kind_of_input, open_input, size_of, state_of
from crawler.errors import PageError
from crawler.extract_many.rows import FORM
from crawler.extractors.article import EXTRACTOR
from pipelines.database import open_database
from pipelines.database.rereading import kept_fetches

MANY_PAGES = 1_000
#: Files or kept pages of one share.

DATABASE_SUFFIXES = (".db", ".sqlite", ".sqlite3")


@dataclass(slots=True, frozen=True)
class Share:
    """A part of the inputs that becomes one shard."""

    kind: Literal["warc", "bundle", "pages", "store"]
    input: str
    #: The file; of pages the directory they lie in.

    start: int = 0
    end: int | None = None
    #: Bytes of a WARC file: the records that begin there; null for its end. Of others the items' numbers.

    items: tuple[str | int, ...] = ()
    #: Names of pages, or numbers of fetches.

    state: str = ""
    #: By which it is known that the input is another one now.

    rules: str = ""
    #: How it is read.

    @property
    def shard(self) -> str:
        """The name of its shard: the same for the same share, another for anything else."""
        said = json.dumps([asdict(self), EXTRACTOR, FORM], sort_keys=True).encode()
        stem = self.input.rstrip("/").rpartition("/")[2].partition(".")[0][:60] or "pages"
        name = "".join(sign if sign.isalnum() or sign == "-" else "-" for sign in stem)
        return f"{name}-{self.start:012}-{hashlib.sha256(said).hexdigest()[:12]}.parquet"


def cut(inputs: Iterable[str], *, share_bytes: int, rules: str) -> Iterator[Share | tuple[str, PageError]]:
    """The shares of all inputs, or why there are none of an input."""
    for name in inputs:
        try:
            if name.lower().endswith(DATABASE_SUFFIXES):
                yield from _of_store(name, rules)
                continue
            found = [_absolute(one) for one in find_inputs(name)]
            pages = [one for one in found if kind_of_input(one) == "page"]
            yield from _of_pages(pages, rules)
            for one in found:
                match kind_of_input(one):
                    case "warc":
                        yield from _of_warc(one, share_bytes, rules)
                    case "bundle":
                        yield Share("bundle", one, state=state_of(one), rules=rules)
        except PageError as error:
            yield name, error


def _of_warc(name: str, share_bytes: int, rules: str) -> Iterator[Share]:
    size, state = size_of(name), state_of(name)
    with open_input(name) as file:
        starts = [0] if is_packed_whole(file) else range(0, max(1, size), share_bytes)
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        yield Share("warc", name, start, end, state=state, rules=rules)


def _of_pages(names: Iterable[str], rules: str) -> Iterator[Share]:
    for folder, group in groupby(sorted(names), key=lambda name: name.rpartition("/")[0]):
        files = list(group)
        for start in range(0, len(files), MANY_PAGES):
            some = tuple(files[start : start + MANY_PAGES])
            state = hashlib.sha256(" ".join(state_of(name) for name in some).encode()).hexdigest()
            yield Share("pages", folder or "/", start, start + len(some), some, state, rules)


def _of_store(name: str, rules: str) -> Iterator[Share]:
    db = open_database(Path(name), readonly=True)
    try:
        fetches: array[int] = kept_fetches(db, None, None, None)
    finally:
        db.close()
    for start in range(0, len(fetches), MANY_PAGES):
        some = tuple(fetches[start : start + MANY_PAGES])
        yield Share("store", _absolute(name), start, start + len(some), some, rules=rules)
    if not fetches:
        raise PageError(f"{name}: has no kept pages.")


def _absolute(name: str) -> str:
    return name if is_remote(name) else os.path.abspath(name)

"""A WARC file into the database: read by many, stored by one, gone on with where a run was stopped."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from crawler.archives.admission import Admission
from crawler.archives.opening import open_input, reaching
from crawler.archives.reading import read_in_order
from crawler.archives.records import Place, Record, visit_of
from crawler.archives.warc import read_warc
from crawler.errors import PageError
from crawler.importing.keeping import Keeper
from crawler.items import Article
from crawler.readers import Readers, Unreadable
from crawler.sources import Source
from pipelines.database.archives import ArchiveState, read_state

_IDENTITY = 64 * 1024
#: Bytes from the beginning that an archive is known by: they hold its own identifier.

_NOTED = 1_000
#: Records without a page that may go by before it is remembered how far the reading is.

Tell = Callable[[str], None]
Advance = Callable[[int], None]


@dataclass(slots=True, frozen=True)
class Choice:
    """How archives are read."""

    admission: Admission
    source_of: Callable[[str], Source | None]
    again: bool = False
    #: From the beginning, whatever was read before.


async def import_warc(
    name: str, keeper: Keeper, readers: Readers, choice: Choice, *, tell: Tell, advance: Advance
) -> ArchiveState:
    """Store the pages of a WARC file; what is known of it then.

    *advance* is called with the byte that was reached, *tell* with what a person should know. Raises
    PageError where the file cannot be opened or is no WARC file.
    """
    with open_input(name) as file:
        key = identity(file)
        state = begin(name, key, keeper, choice, tell)
        if state.finished:
            return state
        note = _Note(keeper, key, state)
        with reaching(name):
            await _import_rest(file, note, readers, choice, tell=tell, advance=advance)
        if not state.records:
            raise PageError(f"{name}: is no WARC file, or holds no record.")
        state.finished = True
        note.write()
    keeper.writer.flush()
    return state


def begin(name: str, key: str, keeper: Keeper, choice: Choice, tell: Tell) -> ArchiveState:
    """How far an archive was read, which is told; a finished one is not to be read."""
    state = read_state(keeper.writer.db, key)
    if state is None or choice.again:
        return ArchiveState(name)
    state.name = name
    if state.finished:
        tell(f"{name}: was imported before; --again reads it anew")
    elif state.records:
        tell(f"{name}: goes on behind {state.records:,} records")
    return state


async def _import_rest(
    file: BinaryIO, note: _Note, readers: Readers, choice: Choice, *, tell: Tell, advance: Advance
) -> None:
    state = note.state
    records = read_warc(file, choice.admission, start=Place(state.position, state.done))
    async for record, read in read_in_order(records, readers, choice.source_of):
        if record.notice:
            tell(f"{state.name}: {record.notice}")
        note.take(record, read)
        advance(record.place.offset)


class _Note:
    """Takes records, and remembers with what was stored of them how far the reading is."""

    def __init__(self, keeper: Keeper, key: str, state: ArchiveState) -> None:
        self._keeper, self._key, self.state = keeper, key, state
        self._left_out: Counter[str] = Counter()
        self._unnoted = 0

    def take(self, record: Record, read: Article | Unreadable | None) -> None:
        state, reason = self.state, record.reason
        stored = False
        if record.page is not None and isinstance(read, Article):
            reason, stored = self._keep(record, read), True
        elif record.page is not None and isinstance(read, Unreadable):
            reason = "could not be read"
            self._keeper.fail(f"{state.name} at byte {record.place.offset:,}", _as_error(record, read))
        state.position, state.done = record.place
        state.records += 1
        if reason is None:
            state.pages += 1
        else:
            state.left_out[reason] += 1
            self._left_out[reason] += 1
        self._unnoted += 1
        if stored or self._unnoted >= _NOTED:
            self.write()
            if not stored:  # a batch that stays open would keep others from writing
                self._keeper.writer.flush()

    def _keep(self, record: Record, article: Article) -> str | None:
        """Store or refuse the page; why it is left out where the database cannot take it."""
        assert record.page is not None  # noqa: S101 (tells the type checker)
        try:
            self._keeper.keep(visit_of(record.page, article))
        except (ValueError, TypeError, sqlite3.IntegrityError, sqlite3.DataError) as fault:
            self._keeper.fail(record.page.url, fault)
            return "could not be stored"
        return None

    def write(self) -> None:
        self._keeper.writer.note_archive(self._key, self.state, self._keeper.kept.run, self._left_out)
        self._left_out.clear()
        self._unnoted = 0


def _as_error(record: Record, why: Unreadable) -> PageError:
    url = record.page.url if record.page is not None else ""
    return PageError(f"{url}: could not be read: {why.reason}")


def identity(file: BinaryIO) -> str:
    """By what an archive is known, wherever it lies."""
    file.seek(0)
    return hashlib.sha256(file.read(_IDENTITY)).hexdigest()

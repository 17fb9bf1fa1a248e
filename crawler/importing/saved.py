"""Saved pages, and zip and tar archives of them, into the database, gone on with where a run was stopped."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from crawler.archives.bundles import read_bundle
from crawler.archives.documents import Document
from crawler.archives.opening import open_document, open_input, reaching, size_of, state_of
from crawler.archives.saved import read_as, stated_url
from crawler.errors import PageError
from crawler.importing.archive import Choice, Tell, begin, identity
from crawler.importing.keeping import Keeper
from crawler.items import Visit
from crawler.readers import Readers, Unreadable
from crawler.sources import Source
from pipelines.database.archives import ArchiveState, read_state

Found = tuple[str, Document | PageError]
#: A document, or why it cannot be read, and the name to tell it by.

Finish = Callable[[str], None]


async def import_pages(
    names: Sequence[str],
    keeper: Keeper,
    readers: Readers,
    choice: Choice,
    *,
    noted: bool,
    tell: Tell,
    finish: Finish,
) -> None:
    """Store saved pages, in their order.

    Where it is *noted* how far the reading is, the same pages go on behind those that a stopped run stored.
    *finish* is called with each name when it was read.
    """
    if not names:
        return
    state = ArchiveState(f"{len(names):,} pages")
    key = _identity_of_all(names) if noted else None
    if key and not choice.again:
        known = read_state(keeper.writer.db, key)
        if known is not None and not known.finished:
            state = known
            tell(f"{state.name}: go on behind the first {state.done:,}")
    await _import(_pages(names[state.done :], finish), _Place(keeper, key, state), readers, choice.source_of)


async def import_bundle(
    name: str, keeper: Keeper, readers: Readers, choice: Choice, *, tell: Tell
) -> ArchiveState:
    """Store the pages of a zip or tar archive; what is known of it then.

    Raises PageError where it cannot be read to its end; what was read until then is stored.
    """
    with open_input(name) as file, reaching(name):
        key = f"{identity(file)}-{size_of(name)}"
        state = begin(name, key, keeper, choice, tell)
        if state.finished:
            return state
        found = (
            (document.name if isinstance(document, Document) else name, document)
            for document in islice(read_bundle(file, name), state.done, None)
        )
        await _import(found, _Place(keeper, key, state), readers, choice.source_of)
    return state


def _pages(names: Iterable[str], finish: Finish) -> Iterator[Found]:
    for name in names:
        try:
            yield name, open_document(name)
        except PageError as error:
            yield name, error
        finish(name)


class _Place:
    """How far some documents were read, noted with what was stored of them."""

    def __init__(self, keeper: Keeper, key: str | None, state: ArchiveState) -> None:
        self._keeper, self._key, self._state = keeper, key, state

    def take(self, name: str, read: Visit | PageError) -> None:
        self._state.done += 1
        self._state.records += 1
        if isinstance(read, PageError):
            self._keeper.fail(name, read)
            self._state.left_out["could not be read"] += 1
        else:
            self._keeper.keep(read)
            self._state.pages += 1
        self._note()

    def finish(self) -> None:
        self._state.finished = True
        self._note()
        self._keeper.writer.flush()

    def _note(self) -> None:
        if self._key is not None:
            self._keeper.writer.note_archive(self._key, self._state, self._keeper.kept.run, {})


async def _import(
    found: Iterable[Found], place: _Place, readers: Readers, source_of: Callable[[str], Source | None]
) -> None:
    """Store documents, in their order, read by the pool."""
    waiting: deque[tuple[str, asyncio.Task[Visit | PageError]]] = deque()

    async def keep_first() -> None:
        name, task = waiting[0]
        place.take(name, await task)
        waiting.popleft()

    broken: PageError | None = None
    try:
        try:
            for name, document in found:
                waiting.append((name, asyncio.ensure_future(_read(document, readers, source_of))))
                if len(waiting) >= max(1, 2 * readers.number):
                    await keep_first()
        except PageError as error:  # no more can be read; what was read is kept
            broken = error
        while waiting:
            await keep_first()
    finally:
        for _, task in waiting:
            task.cancel()
    if broken is not None:
        raise broken
    place.finish()


async def _read(
    document: Document | PageError, readers: Readers, source_of: Callable[[str], Source | None]
) -> Visit | PageError:
    if isinstance(document, PageError):
        return document
    try:
        url = await readers.call(stated_url, document)
        visit: Visit = await readers.call(read_as, document, url, source_of(url))
    except Unreadable as why:
        return PageError(f"{document.name}: could not be read: {why.reason}.")
    return visit


def _identity_of_all(names: Iterable[str]) -> str:
    """What is another one when a page is added, gone or changed."""
    said = hashlib.sha256(b"pages\n")
    for name in names:
        try:
            state = state_of(name)
        except PageError:  # told when it is its turn
            state = ""
        said.update(f"{name}\n{state}\n".encode("utf-8", "surrogateescape"))
    return said.hexdigest()

"""Saved pages, and zip and tar archives of them, into the database."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from crawler.archives.bundles import read_bundle
from crawler.archives.documents import Document
from crawler.archives.opening import kind_of_input, open_document, open_input, reaching
from crawler.archives.saved import read_as, stated_url
from crawler.errors import PageError
from crawler.importing.keeping import Keeper
from crawler.items import Visit
from crawler.readers import Readers, Unreadable
from crawler.sources import Source

Found = tuple[str, Document | PageError]


def documents_in(name: str) -> Iterator[Found]:
    """The documents that a file is or holds, each with the name to tell it by, or why it cannot be read."""
    try:
        if kind_of_input(name) != "bundle":
            yield name, open_document(name)
            return
        with open_input(name) as file, reaching(name):
            for document in read_bundle(file, name):
                yield (document.name if isinstance(document, Document) else name), document
    except PageError as error:
        yield name, error


async def import_saved(
    found: Iterable[Found], keeper: Keeper, readers: Readers, source_of: Callable[[str], Source | None]
) -> None:
    """Store documents, in their order, read by the pool."""
    waiting: deque[tuple[str, asyncio.Task[Visit | PageError]]] = deque()
    try:
        for name, document in found:
            waiting.append((name, asyncio.ensure_future(_read(document, readers, source_of))))
            if len(waiting) >= max(1, 2 * readers.number):
                await _keep(*waiting.popleft(), keeper)
        while waiting:
            await _keep(*waiting.popleft(), keeper)
    finally:
        for _, task in waiting:
            task.cancel()


async def _keep(name: str, task: asyncio.Task[Visit | PageError], keeper: Keeper) -> None:
    read = await task
    if isinstance(read, PageError):
        keeper.fail(name, read)
    else:
        keeper.keep(read)


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

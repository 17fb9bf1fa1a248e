"""Pages of an archive read by a pool of reader processes, given back in the archive's order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from crawler.archives.records import ArchivedPage, Record
from crawler.extractors import extract
from crawler.items import Article
from crawler.readers import Readers, Unreadable
from crawler.sources import Source

Job = TypeVar("Job")

MOST_BYTES = 64 * 1024 * 1024
#: Of pages that wait or are read: an archive is never in memory.

MOST_WAITING = 1_000
#: Records that wait for an earlier one.

SECONDS = 60.0
#: A page may take to be read.


def read_page(page: ArchivedPage, source: Source | None) -> Article:
    """The article of a page as it was fetched: with the time and the headers of then."""
    return extract(
        page.body,
        page.url,
        source=source,
        fetched_at=datetime.fromisoformat(page.fetched_at),
        content_type=page.content_type,
        headers=page.headers,
    )


async def read_in_order(
    records: Iterable[Record], readers: Readers, source_of: Callable[[str], Source | None]
) -> AsyncIterator[tuple[Record, Article | Unreadable | None]]:
    """Each record, with the article of its page, or why it could not be read."""
    waiting: deque[tuple[Record, asyncio.Task[Article | Unreadable] | None]] = deque()
    size = 0
    most = 4 * max(1, readers.number)
    reading = 0
    try:
        for record in records:
            task = None
            if record.page is not None:
                source = source_of(record.page.url)
                task = asyncio.ensure_future(_read(readers, record.page, source))
                size += len(record.page.body)
                reading += 1
            waiting.append((record, task))
            while waiting and (
                reading >= most or size > MOST_BYTES or len(waiting) > MOST_WAITING or waiting[0][1] is None
            ):
                first, done = waiting.popleft()
                if first.page is not None and done is not None:
                    size -= len(first.page.body)
                    reading -= 1
                yield first, (await done if done is not None else None)
        while waiting:
            first, done = waiting.popleft()
            yield first, (await done if done is not None else None)
    finally:
        for _, task in waiting:
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def _read(readers: Readers, page: ArchivedPage, source: Source | None) -> Article | Unreadable:
    try:
        article: Article = await readers.call(read_page, page, source)
    except Unreadable as why:
        return why
    return article

"""Reading kept pages in worker processes. A page that a worker dies of is set aside, the others are read."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any

from crawler.errors import WartaError
from crawler.readers.forking import forked_clean
from crawler.reextraction.reading import Reread, read_again
from crawler.sources import load_catalogue
from pipelines.database import open_database
from pipelines.database.pages import open_pages
from pipelines.database.rereading import kept_visit

CHUNK = 16
#: Pages that a worker takes at once.

PAGE_SECONDS = 60
#: What takes longer to read is given up.


@dataclass(slots=True, frozen=True)
class Setup:
    """What a worker opens."""

    database: Path
    directories: tuple[Path, ...] = ()
    #: Of source files; empty for the usual ones.

    whole: bool = False
    #: Whether visits are sent back, to be written.


def read_all(fetch_ids: Iterable[int], setup: Setup, jobs: int) -> Iterator[Reread]:
    """What each page says today, in the order in which they are done.

    A page that cannot be read has a ``failure``. When a worker dies, the pages that were under way are read
    again one by one, so that the one it died of is known.
    """
    fresh = _chunks(iter(fetch_ids))
    suspects: deque[int] = deque()
    waiting: dict[Future[list[Reread]], Sequence[int]] = {}
    pool = _pool(setup, jobs)
    try:
        while True:
            if suspects and not waiting:
                only = [suspects.popleft()]
                waiting[pool.submit(_read_chunk, only)] = only
            while not suspects and len(waiting) < 2 * jobs and (some := next(fresh, None)):
                waiting[pool.submit(_read_chunk, some)] = some
            if not waiting:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            lost: list[int] = []
            for future in done:
                chunk = waiting.pop(future)
                try:
                    results = future.result()
                except BrokenProcessPool:
                    lost += chunk
                else:
                    yield from results
            if not lost:
                continue
            lost += [fetch_id for chunk in waiting.values() for fetch_id in chunk]
            waiting.clear()
            pool.shutdown(wait=True)
            pool = _pool(setup, jobs)
            if len(lost) == 1:
                yield Reread(lost[0], failure="the reader died of it")
            else:
                suspects.extend(lost)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _chunks(fetch_ids: Iterator[int]) -> Iterator[list[int]]:
    while chunk := list(islice(fetch_ids, CHUNK)):
        yield chunk


def _pool(setup: Setup, jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, forked_clean(__name__), initializer=_open, initargs=(setup,))


_opened: dict[str, Any] = {}


def _open(setup: Setup) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    signal.signal(signal.SIGALRM, _too_long)
    _opened["db"] = open_database(setup.database, readonly=True)
    _opened["store"] = open_pages(setup.database)
    _opened["catalogue"] = load_catalogue(*setup.directories)
    _opened["whole"] = setup.whole


def _read_chunk(fetch_ids: Sequence[int]) -> list[Reread]:
    return [_read_one(fetch_id) for fetch_id in fetch_ids]


def _read_one(fetch_id: int) -> Reread:
    signal.alarm(PAGE_SECONDS)
    try:
        return read_again(
            _opened["db"], _opened["store"], _opened["catalogue"], fetch_id, whole=_opened["whole"]
        )
    except WartaError as error:
        return Reread(fetch_id, failure=str(error))
    except Exception as fault:  # whatever the reader stumbles over
        kept = kept_visit(_opened["db"], fetch_id)
        url = kept.fetch.url if kept is not None else ""
        return Reread(fetch_id, url, failure=f"could not be read: {type(fault).__name__}")
    finally:
        signal.alarm(0)


def _too_long(number: int, frame: FrameType | None) -> None:
    raise TimeoutError

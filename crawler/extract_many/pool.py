"""The engine of one machine: as many processes as asked for, a share each."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from crawler.errors import WartaError
from crawler.extract_many.shard import Made, Setup, make_shard
from crawler.extract_many.shares import Share
from crawler.readers.forking import forked_clean


@dataclass(slots=True, frozen=True)
class Failed:
    """A share without a shard."""

    share: Share
    reason: str


def run_pool(shares: Iterable[Share], setup: Setup, jobs: int) -> Iterator[Made | Failed]:
    """What became of each share, in the order in which they are done.

    When a process dies, the shares under way are read again, their pages in processes apart: the page that
    one died of is set aside and counted.
    """
    fresh = iter(shares)
    again: deque[Share] = deque()
    running: dict[Future[Made], tuple[Share, bool]] = {}
    pool = _pool(jobs)
    try:
        while True:
            while len(running) < 2 * jobs:
                apart = bool(again)
                share = again.popleft() if again else next(fresh, None)
                if share is None:
                    break
                running[pool.submit(make_shard, share, setup, apart=apart)] = share, apart
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            broken = False
            for future in done:
                share, apart = running.pop(future)
                try:
                    yield future.result()
                except BrokenProcessPool:
                    broken = True
                    if apart:
                        yield Failed(share, "the process that read it died twice")
                    else:
                        again.append(share)
                except (WartaError, OSError) as error:
                    yield Failed(share, str(error))
            if broken:
                again.extend(share for share, _ in running.values())
                running.clear()
                pool.shutdown(wait=True)
                pool = _pool(jobs)
    finally:
        for process in list((pool._processes or {}).values()):  # a share may take minutes: none is waited for
            process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)


def _pool(jobs: int) -> ProcessPoolExecutor:
    context = forked_clean("crawler.extract_many.shard")
    return ProcessPoolExecutor(jobs, context, initializer=_start)


def _start() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

"""How a share's pages are read: in the process that writes the shard, or, after that died, in one apart."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Protocol, Self

from crawler.readers import Readers, Unreadable

SECONDS = 60
#: What takes longer to read is given up.


class Call(Protocol):
    """Calls a function of a page; raises Unreadable where nothing comes of it."""

    def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any: ...


class Here:
    """In this process: quick, but a page that kills the process takes the share with it."""

    def __enter__(self) -> Self:
        self._timed = threading.current_thread() is threading.main_thread()
        if self._timed:
            self._before = signal.signal(signal.SIGALRM, _too_long)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timed:
            signal.signal(signal.SIGALRM, self._before)

    def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if self._timed:
            signal.alarm(SECONDS)
        try:
            return function(*arguments)
        except Exception as fault:  # whatever the reader stumbles over
            raise Unreadable(type(fault).__name__) from fault
        finally:
            if self._timed:
                signal.alarm(0)


class Apart:
    """In a process of its own, which is replaced where a page kills it."""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._readers = Readers(1, seconds=SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.run_until_complete(self._readers.close())
        self._loop.close()

    def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return self._loop.run_until_complete(self._readers.call(function, *arguments))


def _too_long(number: int, frame: FrameType | None) -> None:
    raise TimeoutError

"""A few reader processes: a page goes to whichever is free; one that dies or hangs is replaced."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pickle
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from typing import Any

from crawler.readers.messages import LENGTH, Call, CallPickler, Result, frame

logger = logging.getLogger(__name__)

MOST = 8
#: Readers for one crawl at most: one reactor cannot feed more.

TRIES = 2
#: Readers that a page is given to before it is set aside.

START_SECONDS = 60.0
#: For a reader to load what it reads with.

_BUFFER = 1 << 20


class Unreadable(Exception):
    """A page could not be read; *reason* in a few words, *details* for the log."""

    def __init__(self, reason: str, details: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details


class _Lost(Exception):
    """A reader died or hung over a call."""


class Readers:
    """Calls pure functions in reader processes, at most *number* at a time.

    Processes are started when they are first needed. *number* 0 calls in this process; a negative one
    stands for one reader per core. A call may take *seconds*. Whoever calls holds the page meanwhile, so
    what waits is bounded by what the crawl keeps in work (SCRAPER_SLOT_MAX_ACTIVE_SIZE).
    """

    def __init__(self, number: int, *, seconds: float) -> None:
        self.number = number if number >= 0 else min(MOST, os.cpu_count() or 1)
        self.replaced = 0
        self.waiting = 0
        #: Calls for which no reader is free.

        self._seconds = seconds
        self._places = asyncio.Semaphore(max(1, self.number))
        self._idle: list[_Reader] = []
        self._running: set[_Reader] = set()

    async def call(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """The result of a function of a module, arguments and result being picklable.

        Raises Unreadable where the function raised, or where two readers died or hung over it; without
        processes whatever the function raises.
        """
        if not self.number:
            return function(*arguments, **named)
        why = ""
        for _ in range(TRIES):
            async with self._place():
                if (reader := await self._free_reader()) is None:
                    return function(*arguments, **named)
                try:
                    async with asyncio.timeout(self._seconds):
                        result, fault, details = await reader.call((function, arguments, named))
                except TimeoutError:
                    why = f"reader hung for {self._seconds:g} s"
                except _Lost as lost:
                    why = str(lost)
                else:
                    self._idle.append(reader)
                    if fault is not None:
                        raise Unreadable(fault, details)
                    return result
                finally:
                    if reader not in self._idle:
                        self._running.discard(reader)
                        await reader.end()
                self.replaced += 1
                logger.warning("%s; it is replaced", why)
        raise Unreadable(why)

    @contextlib.asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        self.waiting += 1
        try:
            await self._places.acquire()
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._places.release()

    async def close(self) -> None:
        """End all readers, whatever they are at."""
        running = list(self._running)
        self._running.clear()
        self._idle.clear()
        for reader in running:
            await reader.end()

    async def _free_reader(self) -> _Reader | None:
        """A reader that is idle, or a new one; null where none can be started."""
        if not self.number:
            return None
        if self._idle:
            return self._idle.pop()
        try:
            async with asyncio.timeout(START_SECONDS):
                reader = await _Reader.start()
        except (OSError, TimeoutError, _Lost) as fault:
            logger.error("no reader could be started (%s): pages are read in this process", fault)
            self.number = 0
            return None
        self._running.add(reader)
        return reader


class _Reader:
    """One process."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._pickler = CallPickler()

    @classmethod
    async def start(cls) -> _Reader:
        """Start a process that can import what this one can; it is ready when it has said so."""
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "crawler.readers.process"),
            stdin=PIPE,
            stdout=PIPE,
            limit=_BUFFER,
            env=os.environ | {"PYTHONPATH": path},
            start_new_session=True,  # a Ctrl-C is for the crawl, which then ends its readers
        )
        reader = cls(process)
        try:
            await reader._receive()
        except BaseException:
            await reader.end()
            raise
        return reader

    async def call(self, call: Call) -> Result:
        """What came of a call; raises _Lost where the process ends meanwhile."""
        assert self._process.stdin is not None  # noqa: S101 (tells the type checker)
        try:
            self._process.stdin.write(frame(self._pickler.pack(call)))
            await self._process.stdin.drain()
        except ConnectionError as error:
            raise _Lost(await self._how_it_ended()) from error
        result: Result = pickle.loads(await self._receive())  # noqa: S301 (our own process wrote it)
        return result

    async def end(self) -> None:
        """Kill the process and wait for it."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def _receive(self) -> bytes:
        assert self._process.stdout is not None  # noqa: S101
        try:
            (length,) = LENGTH.unpack(await self._process.stdout.readexactly(LENGTH.size))
            return await self._process.stdout.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise _Lost(await self._how_it_ended()) from error

    async def _how_it_ended(self) -> str:
        code = await self._process.wait()
        if code < 0:
            return f"reader died ({signal.Signals(-code).name})"
        return f"reader died (exit code {code})"

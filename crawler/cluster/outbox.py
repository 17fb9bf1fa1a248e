"""The way of a crawl's notes into the stream, and of the answers back.

What is noted goes out in order, as soon as Redis takes it and the stream has room: more than once where it is
not known whether it came, which its number tells the writer.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from typing import Any

from crawler.cluster.connection import REPLIES, STREAM, away
from crawler.cluster.notes import Entry, Note, pack_entry, unpack

logger = logging.getLogger(__name__)

FULL = 200
#: Notes that wait here; with more nothing is fetched.

_TOGETHER = 20
#: Notes of one entry at most.

AGAIN = 15.0
#: Seconds without an answer after which a question is put once more.

_PAUSE = 0.5
#: Seconds between two tries while Redis is away or the stream is full.

#: Adds where there is room. KEYS: stream. ARGV: how long it may be, then fields and values.
_ADD = """
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
redis.call('XADD', KEYS[1], '*', unpack(ARGV, 2))
return 1
"""


class Outbox:
    """Notes of one session on their way; lives in the loop of its crawl."""

    def __init__(self, client: Any, session: int, room: int) -> None:
        """*room*: entries that the stream may hold."""
        self._client = client
        self._session = session
        self._room = room
        self._waiting: deque[tuple[Note, asyncio.Future[Any] | None]] = deque()
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._number = 0
        self._something = asyncio.Event()
        self._add = client.register_script(_ADD)
        self._away = away()
        self._tasks: list[asyncio.Task[None]] = []
        self.troubled: str | None = None
        #: Why nothing goes out at the moment; null where all is well.

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._send_all()), loop.create_task(self._hear_all())]

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    @property
    def is_clear(self) -> bool:
        """Whether more may be fetched."""
        return self.troubled is None and len(self._waiting) < FULL

    def tell(self, what: str, /, **arguments: Any) -> None:
        """Note something."""
        self._waiting.append((Note(what, arguments), None))
        self._something.set()

    async def ask(self, what: str, /, **arguments: Any) -> Any:
        """Note something, and wait for what the writer says to it once it is written."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((Note(what, arguments), answer))
        self._something.set()
        return await answer

    async def _send_all(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            while self._waiting:
                await self._send_next()

    async def _send_next(self) -> None:
        notes: list[Note] = []
        answer: asyncio.Future[Any] | None = None
        # A question ends its entry: one answer an entry.
        while self._waiting and answer is None and len(notes) < _TOGETHER:
            note, answer = self._waiting.popleft()
            notes.append(note)
        self._number += 1
        number = self._number
        fields = pack_entry(Entry(self._session, number, notes))
        if answer is not None:
            self._answers[number] = answer
        await self._send(fields)
        if answer is not None:
            self._tasks.append(asyncio.get_running_loop().create_task(self._insist(number, answer, fields)))

    async def _insist(
        self, number: int, answer: asyncio.Future[Any], fields: Mapping[str, str | bytes]
    ) -> None:
        """Put a question again that has no answer: one of the two may have been lost with Redis."""
        seconds = AGAIN
        while True:
            await asyncio.wait([answer], timeout=seconds)
            if answer.done():
                self._answers.pop(number, None)
                return
            seconds *= 2
            await self._send(fields)

    async def _send(self, fields: Mapping[str, str | bytes]) -> None:
        flat = [part for pair in fields.items() for part in pair]
        while True:
            try:
                if await self._add(keys=[STREAM], args=[self._room, *flat]):
                    self._note_trouble(None)
                    return
                self._note_trouble("the writer is behind")
            except self._away as error:
                self._note_trouble(f"Redis is away ({error})")
            await asyncio.sleep(_PAUSE)

    async def _hear_all(self) -> None:
        key = f"{REPLIES}{self._session}"
        while True:
            try:
                said = await self._client.blpop([key], timeout=2)
            except self._away:
                await asyncio.sleep(_PAUSE)
                continue
            if said is None:
                continue
            number, answer = unpack(said[1])
            waiting = self._answers.get(number)
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)

    def _note_trouble(self, trouble: str | None) -> None:
        if trouble is None and self.troubled is not None:
            logger.warning("notes go out again")
        elif trouble is not None and self.troubled is None:
            logger.warning("%s: nothing is fetched until notes go out again", trouble)
        self.troubled = trouble

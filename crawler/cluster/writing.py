"""The one writer of a cluster: takes notes out of the stream, writes them into the file, answers questions.

A note is taken out of the stream when it is written, not before. Notes are numbered, so that one that comes
twice is written once, and one that is missing ends its session: the outlet is crawled again from what was
written. Each batch is preceded by a look whether this is still the one writer.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from crawler.cluster.briefing import brief
from crawler.cluster.connection import ENDED, GROUP, REPLIES, STREAM, WRITER, away, check, connect, place
from crawler.cluster.notes import Entry, Note, pack, read_place, unpack_entry
from crawler.errors import DatabaseError, SettingError
from crawler.items import Visit
from crawler.watching.lock import held
from pipelines.database import open_database, sessions
from pipelines.database.pages import PagePolicy, open_pages
from pipelines.database.relayed import RelayedWriter
from pipelines.extras import import_extra

logger = logging.getLogger(__name__)

TOGETHER = 100
#: Entries of one batch.

ANSWER_SECONDS = 600
#: Answers wait for so long for who asked.

LEASE_SECONDS = 15.0

#: For an hour a session that a younger one ended, or that has a gap, is told so when it renews its lease.
_ENDED_SECONDS = 3600

#: KEYS: writer. ARGV: who, milliseconds.
_HOLD = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return holder end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ''
"""


@dataclass(slots=True, frozen=True)
class Closed:
    """A crawl whose notes are all written."""

    run: int
    sources: Sequence[str]
    failed: Mapping[str, str]
    #: Outlets of which nothing could be read, and why.


@dataclass(slots=True)
class _Batch:
    """What is to be done when a batch is committed."""

    ids: list[bytes] = field(default_factory=list)
    answers: list[tuple[int, int, Any]] = field(default_factory=list)
    #: Session, number and what is said.

    ended: list[int] = field(default_factory=list)
    closed: list[Closed] = field(default_factory=list)


class StreamWriter:
    """Writes what crawlers note into a database; :meth:`run` returns when it was told to stop."""

    def __init__(
        self,
        database: Path,
        url: str,
        policy: PagePolicy | None,
        *,
        after_crawl: Callable[[Closed, Any], None] = lambda closed, client: None,
    ) -> None:
        """*after_crawl* is told of each crawl when its notes are written, and before its outlets are free."""
        self._database = database
        self._url = url
        self._policy = policy
        self._client = connect(url)
        self._after_crawl = after_crawl
        self._hold_script = self._client.register_script(_HOLD)
        self._own = f"{socket.gethostname()}:{database.resolve()}"
        self._away = away()
        self._stopping = Event()
        self._writer: RelayedWriter

    def run(self) -> None:
        """Write until :meth:`stop`.

        Raises DatabaseError where the file cannot be used, or another process writes it or for this Redis,
        and SettingError where Redis refuses us.
        """
        with held(self._database):
            db = open_database(self._database, create=True)
            pages = open_pages(self._database, self._policy) if self._policy is not None else None
            self._writer = RelayedWriter(db, pages=pages)
            try:
                self._write_on()
            finally:
                self._writer.close()
        logger.info("stopped")

    def stop(self) -> None:
        """End after the batch that is being written."""
        self._stopping.set()

    def _write_on(self) -> None:
        is_away = checked = False
        while not self._stopping.is_set():
            try:
                if not checked:
                    check(self._client, self._url)
                    checked = True
                self._hold()
                self._make_group()
                if is_away:
                    logger.info("the Redis at %s is back", place(self._url))
                is_away = False
                logger.info("writing into %s what comes through %s", self._database, place(self._url))
                self._write_until_away()
            except self._away as error:
                self._writer.discard()
                if not is_away:
                    logger.warning("the Redis at %s is away (%s); waiting for it", place(self._url), error)
                is_away = True
                self._stopping.wait(1.0)
        if not is_away:
            self._let_go()

    def _write_until_away(self) -> None:
        # First what was given out before and is not known to be written: there is but this one writer.
        after = b"0"
        while not self._stopping.is_set():
            entries = self._read(after)
            if entries:
                self._write(entries)
            elif after != b">":
                after = b">"
            self._hold()

    def _read(self, after: bytes) -> list[tuple[bytes, Mapping[bytes, bytes] | None]]:
        errors = import_extra("redis", "redis").exceptions
        try:
            found = self._client.xreadgroup(GROUP, "writer", {STREAM: after}, count=TOGETHER, block=500)
        except errors.ResponseError as error:
            if "NOGROUP" not in str(error):
                raise
            self._make_group()  # Redis has forgotten it, and all else
            return []
        return [entry for _, entries in found for entry in entries]

    def _write(self, entries: Iterable[tuple[bytes, Mapping[bytes, bytes] | None]]) -> None:
        batch = _Batch()
        for key, fields in entries:
            batch.ids.append(key)
            if fields:  # else it was taken out, and that was not acknowledged
                self._write_entry(key, fields, batch)
        self._hold()
        self._writer.flush()
        self._settle(batch)

    def _settle(self, batch: _Batch) -> None:
        """Tell what is written: first who waits for it, then the stream."""
        for closed in batch.closed:
            self._after_crawl(closed, self._client)
        with self._client.pipeline(transaction=False) as pipe:
            for session, number, said in batch.answers:
                pipe.rpush(f"{REPLIES}{session}", pack([number, said]))
                pipe.expire(f"{REPLIES}{session}", ANSWER_SECONDS)
            for session in batch.ended:
                pipe.set(f"{ENDED}{session}", 1, ex=_ENDED_SECONDS)
            pipe.execute()
        with self._client.pipeline(transaction=True) as pipe:
            pipe.xack(STREAM, GROUP, *batch.ids)
            pipe.xdel(STREAM, *batch.ids)
            pipe.execute()

    def _write_entry(self, key: bytes, fields: Mapping[bytes, bytes], batch: _Batch) -> None:
        try:
            entry = unpack_entry(fields)
        except ValueError as error:
            logger.error(
                "an entry of the stream cannot be read and is left out: %s", error, extra={"entry": str(key)}
            )
            with suppress(ValueError):
                batch.ended.append(read_place(fields)[0])
            return
        if entry.notes and entry.notes[0].what == "open":
            self._open(entry, batch)
            return
        session = sessions.read_session(self._writer.db, entry.session)
        if session is None or entry.number > session.last + 1:
            logger.info("session %d has ended; what it notes is left out", entry.session)
            batch.ended.append(entry.session)
            return
        if entry.number == session.last + 1:
            with self._writer.note(entry.session, entry.number):
                for note in entry.notes:
                    self._apply(note, session.run)
        if entry.notes and (question := entry.notes[-1]).what in {"add", "close"}:
            said = None
            if question.what == "add":
                said = sessions.given(self._writer.db, question.arguments["candidates"], session.run)
            else:
                batch.closed.append(Closed(session.run, session.sources, question.arguments["failed"]))
            batch.answers.append((entry.session, entry.number, said))

    def _open(self, entry: Entry, batch: _Batch) -> None:
        asked = entry.notes[0].arguments
        sources: list[str] = asked["sources"]
        session = sessions.read_session(self._writer.db, entry.session)
        if session is None:
            if not sessions.may_open(self._writer.db, entry.session, sources):
                batch.ended.append(entry.session)
                return
            run = self._writer.open_session(entry.session, entry.number, sources, asked["arguments"])
        else:
            run = session.run
        said = brief(self._writer, sources, run, asked["revisit_days"])
        batch.answers.append((entry.session, entry.number, said))

    def _apply(self, note: Note, run: int) -> None:
        """Do what a note says. One over which the store stumbles is settled, and holds up no other."""
        said = dict(note.arguments)
        try:
            match note.what:
                case "store":
                    self._writer.store(said["visit"], run)
                case "add":
                    self._writer.found(said["candidates"], run)
                case "close":
                    self._writer.close_run(run, said["reason"], said["stats"])
                case "count" | "record_fetch" | "refuse" | "note_unchanged_list":
                    getattr(self._writer, note.what)(run=run, **said)
                case "note_list" | "settle" | "put_off":
                    getattr(self._writer, note.what)(**said)
                case _:
                    logger.error('there is no note "%s"; it is left out', note.what)
        except DatabaseError:
            raise
        except Exception as fault:  # whatever a page can hold
            self._note_unstored(said.get("visit"), run, fault)

    def _note_unstored(self, visit: Visit | None, run: int, fault: Exception) -> None:
        reason = f"could not be stored: {type(fault).__name__}"
        logger.error("%s %s", visit.fetch.url if visit else "a note", reason)
        logger.debug("where it happened:", exc_info=fault)
        if visit is None:
            return
        self._writer.record_fetch(visit.fetch, run, outcome="failed", reason=reason)
        asked = visit.candidate.url if visit.candidate else visit.fetch.url
        for url in {visit.fetch.url, visit.fetch.requested_url, asked}:
            self._writer.settle(url, "failed", reason)
        self._writer.count(run, visit.article.source, "failed", reason=reason)

    def _hold(self) -> None:
        """Be the one writer of this Redis, or raise DatabaseError that names the other."""
        holder = self._hold_script(keys=[WRITER], args=[self._own, round(LEASE_SECONDS * 1000)])
        if holder:
            raise DatabaseError(
                f"the Redis at {place(self._url)} has a writer already, {holder.decode()}; stop it first"
            )

    def _let_go(self) -> None:
        try:
            self._client.delete(WRITER)
        except self._away:
            return

    def _make_group(self) -> None:
        errors = import_extra("redis", "redis").exceptions
        try:
            self._client.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        except errors.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise SettingError(f"the Redis at {place(self._url)} has no streams: {error}") from error

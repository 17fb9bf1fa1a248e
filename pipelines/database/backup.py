"""A copy of the database and its pages while others write to them: what either held at one moment."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

from crawler.errors import DatabaseError
from pipelines.database.connection import BUSY_SECONDS, database_errors, open_database
from pipelines.database.pages import pages_path

STEP = 2000
#: Pages of SQLite that are copied at a time; progress is told between.

LOCK_SECONDS = 60.0
#: How long is waited for a moment in which nobody writes.

Progress = Callable[[Path, int, int], None]
#: Told which file is copied, how many of its pages are, and of how many.


def back_up(
    database: Path, target: Path, *, replace: bool = False, progress: Progress | None = None
) -> list[Path]:
    """Copy *database* to *target* and the file of pages, where there is one, beside it; what was written.

    Both copies are of one moment: a page that the copied database names is in the copied file of pages. They
    are checked as a whole and take their names only then. Raises DatabaseError where the database cannot be
    used, where a target is there and not to be replaced, is the database itself or in use, or where a copy
    does not pass its check.
    """
    open_database(database, readonly=True).close()
    pairs = [(database, target)]
    if pages_path(database).exists():
        pairs.append((pages_path(database), pages_path(target)))
    for path, copy in pairs:
        _check_target(path, copy, replace=replace)
    with ExitStack() as files:
        sources = _snapshots([path for path, _ in pairs], files)
        parts = [copy.with_name(f"{copy.name}.part") for _, copy in pairs]
        for part in parts:
            files.callback(_drop, part)
            _drop(part)
        for (path, _), source, part in zip(pairs, sources, parts, strict=True):
            with database_errors(part):
                _copy(source, part, path, progress)
        for (_, copy), part in zip(pairs, parts, strict=True):
            _check_copy(part)
            os.replace(part, copy)
            _sync(copy.absolute().parent)
    return [copy for _, copy in pairs]


def _check_target(path: Path, copy: Path, *, replace: bool) -> None:
    if copy.exists() and copy.samefile(path):
        raise DatabaseError(f"{copy} is the database itself; name another file")
    if not copy.absolute().parent.is_dir():
        raise DatabaseError(f"the directory of {copy} does not exist; make it first")
    if copy.exists() and not replace:
        raise DatabaseError(f"{copy} is there already; --force replaces it")
    log = copy.with_name(f"{copy.name}-wal")
    if log.exists():
        raise DatabaseError(f"{copy} is in use, or was left by a process that died: {log} is beside it")


def _snapshots(paths: list[Path], files: ExitStack) -> list[sqlite3.Connection]:
    """Connections that read all files as they were at one moment.

    No batch can be half written to them then: the database's write lock is held meanwhile, and whoever keeps
    or drops pages does so while holding it, or after.
    """
    database = paths[0]
    with database_errors(database):
        lock = files.enter_context(closing(_connect(database)))
        _take_lock(lock)
    sources = []
    for path in paths:
        with database_errors(path):
            source = files.enter_context(closing(_connect(path)))
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            sources.append(source)
    lock.rollback()
    return sources


def _take_lock(connection: sqlite3.Connection) -> None:
    """Take the write lock between two batches of a busy writer; SQLite's own waiting is too slow for that."""
    connection.execute("PRAGMA busy_timeout = 0")
    end = monotonic() + LOCK_SECONDS
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            if (error.sqlite_errorcode & 0xFF) != sqlite3.SQLITE_BUSY or monotonic() > end:
                raise
        sleep(0.001)


def _connect(path: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(path.absolute()))}?mode=rw"
    return sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _copy(source: sqlite3.Connection, part: Path, path: Path, progress: Progress | None) -> None:
    def tell(_: int, left: int, total: int) -> None:
        if progress is not None:
            progress(path, total - left, total)

    with closing(sqlite3.connect(part)) as copy:
        source.backup(copy, pages=STEP, progress=tell, sleep=0)
    _sync(part)


def _check_copy(part: Path) -> None:
    with database_errors(part), closing(sqlite3.connect(part)) as copy:
        answers = [answer for (answer,) in copy.execute("PRAGMA integrity_check")]
        # What opens the copy next need not find a log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
    if answers != ["ok"]:
        raise DatabaseError(f"the copy does not hold: {answers[0]}; `warta doctor` tells of the database")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _drop(part: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        part.with_name(part.name + end).unlink(missing_ok=True)

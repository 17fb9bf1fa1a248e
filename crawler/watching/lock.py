"""One watch a database: a lock on a file beside it, which the system lets go when its holder ends."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import DatabaseError


def lock_path(database: Path) -> Path:
    """The file that a watch of *database* locks.

    >>> lock_path(Path("/srv/warta/news.db")).name
    'news.db.lock'
    """
    real = database.resolve()
    return real.with_name(f"{real.name}.lock")


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Hold the database for a watch; DatabaseError where another one does, naming it, or in a bad place."""
    path = lock_path(database)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise DatabaseError(f"{path} cannot be opened: {error.strerror}; the watch locks it") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatabaseError(
                f"{database} is watched already, {_holder(handle)}; stop that watch first"
            ) from None
        own = {"pid": os.getpid(), "since": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
        os.truncate(handle, 0)
        os.write(handle, json.dumps(own).encode() + b"\n")
        yield
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    try:
        told = json.loads(os.pread(handle, 1000, 0))
        return f"by process {int(told['pid'])} since {told['since']}"
    except (ValueError, KeyError, TypeError):  # it has the lock, and has not written yet
        return "by another process"

"""One crawl an outlet: a lock for each, beside the database, that the system lets go with its holder."""

from __future__ import annotations

import fcntl
import os
import struct
import sys
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

from crawler.errors import DatabaseError

_FLOCK = "hhqqi"
#: ``struct flock`` of Linux: type, whence, start, length, process.


class OutletLocks:
    """Outlets that this process crawls into a database; other processes keep off them until it ends.

    An outlet is a byte of the file ``<database>.outlets``, which stays empty. The locks are the system's
    (POSIX record locks): they are gone when their process is, however it ended.
    """

    def __init__(self, database: Path | str) -> None:
        real = Path(database).resolve()
        self._path = real.with_name(f"{real.name}.outlets")
        try:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise DatabaseError(
                f"{self._path} cannot be opened: {error.strerror}; crawls lock their outlets there"
            ) from error

    def take(self, slugs: Iterable[str]) -> dict[str, str]:
        """Take outlets; those that another process has, with who it is ("process 1204")."""
        return {slug: holder for slug in slugs if (holder := self._take(slug)) is not None}

    def close(self) -> None:
        """Let all of them go."""
        os.close(self._handle)

    def _take(self, slug: str) -> str | None:
        place = int.from_bytes(blake2b(slug.encode(), digest_size=7).digest())
        try:
            fcntl.lockf(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except (BlockingIOError, PermissionError):  # POSIX allows either
            return self._holder(place)
        except OSError as error:
            raise DatabaseError(f"{self._path} cannot be locked: {error.strerror}") from error
        return None

    def _holder(self, place: int) -> str:
        if sys.platform != "linux":
            return "another process"
        asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, place, 1, 0)
        kind, *_, process = struct.unpack(_FLOCK, fcntl.fcntl(self._handle, fcntl.F_GETLK, asked))
        # It may have ended meanwhile, or run in another container, whose numbers mean nothing here.
        return f"process {process}" if kind != fcntl.F_UNLCK and process > 0 else "another process"

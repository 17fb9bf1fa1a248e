"""Room on the disk for the last word of a crawl, given back when the rest is full."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

ROOM = 256 * 1024
#: Bytes; the row of a run takes a few pages of the database and of its log.


class Reserve:
    """A file without a name beside the database, which is gone with its process, however that ends."""

    def __init__(self, database: Path | str) -> None:
        self._file = None
        with suppress(OSError):  # no room to keep: then there is none
            self._file = tempfile.TemporaryFile(dir=Path(database).resolve().parent)  # noqa: SIM115
            os.posix_fallocate(self._file.fileno(), 0, ROOM)

    def give_back(self) -> None:
        """Let the room be used."""
        if self._file is not None:
            self._file.close()
            self._file = None

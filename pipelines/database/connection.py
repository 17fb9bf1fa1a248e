"""Opening the file: settings, migrations under a lock, and errors in a person's words."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database


def open_database(path: Path | str, *, create: bool = False, readonly: bool = False) -> Database:
    """Open the database at *path*, migrating an older one; :class:`DatabaseError` where it cannot be used.

    *create* makes a missing file; *readonly* opens for queries alone.
    """
    raise NotImplementedError

"""Opening the file: settings, migrations under a lock, and errors in a person's words."""

from __future__ import annotations

import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database

from crawler.errors import DatabaseError
from pipelines.database.copies.keying import is_keyed, key_all
from pipelines.database.schema import APPLICATION_ID, MIGRATION_NAMES, MIGRATIONS

BUSY_SECONDS = 5.0
CACHE_MIB = 256
PAGE_BYTES = 2048
#: Of a new file. A long row ends on a page that it shares with others, and half of that page is wasted: with
#: twice the size an article takes 400 bytes more. A key in a large index dirties one page, too.

WAL_PAGES = 20_000
#: Pages in the write-ahead log before they are moved into the file: fewer, larger moves write less.

_LOCKED = "is locked: another process is writing to it; wait until that ends, or use another file"

_MEANINGS = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full; what was stored is intact, make room and go on",
    sqlite3.SQLITE_READONLY: "cannot be written: it or its directory is read-only; use another file",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: check that its directory may be read and written",
    sqlite3.SQLITE_PERM: "cannot be opened: its permissions forbid it",
    sqlite3.SQLITE_NOTADB: "is not an SQLite database; give another file",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore a copy, or try `sqlite3 FILE .recover`",
    sqlite3.SQLITE_IOERR: "could not be read or written: the disk reports an error; look at it first",
}


def open_database(path: Path | str, *, create: bool = False, readonly: bool = False) -> Database:
    """Open the database at *path*, migrating an older one; :class:`DatabaseError` where it cannot be used.

    *create* makes a missing file; *readonly* opens for queries alone (an older file is still migrated, but
    its copies are compared only when it is opened for writing: no question waits for that).
    """
    path = Path(path)
    _check_path(path, create=create)
    with database_errors(path):
        if not readonly:
            db = _open_for_writing(path, create=create)
            try:
                if not is_keyed(db):
                    key_all(db, writing)
            except BaseException:
                db.close()
                raise
            return db
        db = connect_to_read(path)
        try:
            outdated = _check_file(db, path, create=False)
        except BaseException:
            db.close()
            raise
        if not outdated:
            return db
        db.close()
        _open_for_writing(path, create=False).close()
        return connect_to_read(path)


@contextmanager
def database_errors(database: Path | Database) -> Iterator[None]:
    """Turn SQLite's errors into a :class:`DatabaseError` that names the file and what to do.

    A value that its column refuses is a fault of the program, not of the file, and stays what it is.
    """
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except sqlite3.Error as error:
        path = database if isinstance(database, Path) else path_of(database)
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        meaning = _MEANINGS.get(code, f"could not be used: {error}")
        meaning = meaning.replace("FILE", shlex.quote(str(path)))
        raise DatabaseError(f"the database {path} {meaning}") from error


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """A transaction that holds the write lock from its first statement.

    ``Database.atomic()`` begins deferred: a read followed by a write then fails at once where another
    process wrote in between, whatever the busy timeout.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.commit()
    except BaseException:
        db.rollback()
        raise


def _check_path(path: Path, *, create: bool) -> None:
    try:
        _check_place(path, create=create)
    except OSError as error:  # a directory that may not be entered, a name that is too long
        raise DatabaseError(f"the database {path} cannot be opened: {error.strerror or error}") from error


def _check_place(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise DatabaseError(f"{path} is a directory; name a file for the database")
    if path.exists():
        return
    if not create:
        raise DatabaseError(
            f"there is no database {path}; check the name, or make it by crawling or importing"
        )
    if not path.absolute().parent.is_dir():
        raise DatabaseError(f"the directory of {path} does not exist; make it first")


def connect(path: Path, mode: str, *, cache_mib: int = CACHE_MIB) -> Database:
    """A connection to a file of ours, whatever it holds; *mode* is that of an SQLite URI: ``mode=rw``."""
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?{mode}", uri=True, timeout=BUSY_SECONDS, cached_statements=256
    )
    try:
        db = Database(connection)
        db.execute("PRAGMA foreign_keys = ON")
        # The first to read the file: what cannot be opened shows itself here.
        db.execute(f"PRAGMA cache_size = {-cache_mib * 1024}")
        db.execute("PRAGMA temp_store = MEMORY")
    except BaseException:
        connection.close()
        raise
    return db


def _open_for_writing(path: Path, *, create: bool) -> Database:
    if not all(os.access(place, os.W_OK) for place in (path.absolute().parent, path) if place.exists()):
        raise DatabaseError(f"the database {path} {_MEANINGS[sqlite3.SQLITE_READONLY]}")
    db = connect(path, "mode=rwc" if create else "mode=rw")
    try:
        db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        if _check_file(db, path, create=create):
            _migrate(db, path, create=create)
        if db.journal_mode != "wal":
            db.enable_wal()
        db.execute("PRAGMA synchronous = NORMAL")
        # Some builds overwrite with zeros what is deleted, each block of the index that was merged, too.
        db.execute("PRAGMA secure_delete = OFF")
        db.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
        # Learn now, not after hours of a crawl, that nothing can be written.
        with writing(db):
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    except BaseException:
        db.close()
        raise
    return db


def connect_to_read(path: Path, *, cache_mib: int = CACHE_MIB) -> Database:
    """A connection that cannot write, also where the directory cannot be written to."""
    try:
        return connect(path, "mode=ro", cache_mib=cache_mib)
    except sqlite3.OperationalError as error:
        log = path.with_name(path.name + "-wal")
        if (error.sqlite_errorcode & 0xFF) != sqlite3.SQLITE_CANTOPEN or log.exists():
            raise
    # On a read-only medium the log's shared memory cannot be made; without a log nothing is missed.
    return connect(path, "mode=ro&immutable=1", cache_mib=cache_mib)


def _check_file(db: Database, path: Path, *, create: bool) -> bool:
    """Whether migrations are pending; :class:`DatabaseError` where the file is not ours or newer."""
    if _value(db, "PRAGMA application_id") != APPLICATION_ID:
        if _value(db, "SELECT count(*) FROM sqlite_master"):
            raise DatabaseError(f"{path} is an SQLite database of another program; give another file")
        if not create:
            raise DatabaseError(f"{path} is empty, not a database; make it by crawling or importing")
        return True
    applied = {migration.name for migration in MIGRATIONS.applied(db)}
    if unknown := applied - MIGRATION_NAMES:
        raise DatabaseError(
            f"the database {path} was written by a newer version of Warta ({', '.join(sorted(unknown))}); "
            "update Warta to use it"
        )
    return applied != MIGRATION_NAMES


def _migrate(db: Database, path: Path, *, create: bool) -> None:
    """Apply what is pending; two processes take turns, and the second finds nothing left to do."""
    with writing(db):
        if _check_file(db, path, create=create):
            MIGRATIONS.apply(db)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _value(db: Database, sql: str) -> object:
    with closing(db.execute(sql)) as cursor:
        return cursor.fetchone()[0]


def path_of(db: Database) -> str:
    """Where the open file lies; empty for one in memory."""
    return next((row[2] for row in db.conn.execute("PRAGMA database_list") if row[1] == "main"), "")

"""Opening the file of kept pages that lies beside a database."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database

from crawler.errors import DatabaseError
from pipelines.database.connection import BUSY_SECONDS, database_errors, writing
from pipelines.database.pages.policy import PagePolicy
from pipelines.database.pages.schema import APPLICATION_ID, MIGRATION_NAMES, MIGRATIONS
from pipelines.database.pages.store import PageStore

CACHE_MIB = 16
WAL_PAGES = 2000


def pages_path(database: Path | str) -> Path:
    """Where the pages of a database are kept.

    >>> str(pages_path("archive/news.db"))
    'archive/news-pages.db'
    """
    path = Path(database)
    return path.with_name(f"{path.stem}-pages{path.suffix}")


def open_pages(database: Path | str, policy: PagePolicy | None = None) -> PageStore:
    """The pages beside *database*, to be read; with a *policy* also to be written, made where missing.

    Raises DatabaseError where the file cannot be used, or to be read is not there.
    """
    path = pages_path(database)
    if policy is None and not path.exists():
        raise DatabaseError(f"there are no kept pages: no file {path}; a crawl or an import keeps them")
    with database_errors(path):
        db = _connect(path, "mode=rwc") if policy is not None else _open_for_reading(path)
        try:
            if policy is not None:
                _prepare(db, path)
            elif _is_outdated(db, path):
                db.close()
                open_pages(database, PagePolicy()).close()
                db = _open_for_reading(path)
        except BaseException:
            db.close()
            raise
    return PageStore(db, path, policy or PagePolicy())


def _connect(path: Path, mode: str) -> Database:
    connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?{mode}", uri=True, timeout=BUSY_SECONDS)
    try:
        db = Database(connection)
        db.execute("PRAGMA foreign_keys = ON")
        db.execute(f"PRAGMA cache_size = {-CACHE_MIB * 1024}")
    except BaseException:
        connection.close()
        raise
    return db


def _open_for_reading(path: Path) -> Database:
    try:
        return _connect(path, "mode=ro")
    except sqlite3.OperationalError as error:
        log = path.with_name(path.name + "-wal")
        if (error.sqlite_errorcode & 0xFF) != sqlite3.SQLITE_CANTOPEN or log.exists():
            raise
    # On a read-only medium the log's shared memory cannot be made; without a log nothing is missed.
    return _connect(path, "mode=ro&immutable=1")


def _prepare(db: Database, path: Path) -> None:
    if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        # Lets it shrink when pages are dropped; it cannot be set once there are tables.
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
    if _is_outdated(db, path):
        with writing(db):
            if _is_outdated(db, path):
                MIGRATIONS.apply(db)
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    if db.journal_mode != "wal":
        db.enable_wal()
    # PageStore.commit waits for the disk by itself.
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")


def _is_outdated(db: Database, path: Path) -> bool:
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise DatabaseError(f"{path} is an SQLite database of another program; move it away")
        return True
    applied = {migration.name for migration in MIGRATIONS.applied(db)}
    if applied - MIGRATION_NAMES:
        raise DatabaseError(f"the kept pages {path} were written by a newer version of Warta; update Warta")
    return applied != MIGRATION_NAMES

"""Opening the file of kept pages that lies beside a database."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from crawler.errors import DatabaseError
from pipelines.database.connection import connect, connect_to_read, database_errors, writing
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
        db = (
            connect(path, "mode=rwc", cache_mib=CACHE_MIB)
            if policy is not None
            else connect_to_read(path, cache_mib=CACHE_MIB)
        )
        try:
            if policy is not None:
                _prepare(db, path)
            elif _is_outdated(db, path):
                db.close()
                open_pages(database, PagePolicy()).close()
                db = connect_to_read(path, cache_mib=CACHE_MIB)
        except BaseException:
            db.close()
            raise
    return PageStore(db, path, policy or PagePolicy())


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

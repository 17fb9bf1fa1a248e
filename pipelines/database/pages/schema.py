"""The table of kept pages, as numbered migrations; what each column means is in docs/pages.md.

A migration that has been released is never edited: a change is a new one at the end.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x57525450
#: "WRTP": tells the file from other programs' SQLite files, and from the database it belongs to.

MIGRATIONS = Migrations("warta pages")

#: Numbers are never given twice: the database names pages by them from another file.
#: The packed bytes stand last: SQLite reads a row from the front, and the rest of it lies on other pages.
PAGES = """
CREATE TABLE pages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    url_key TEXT NOT NULL,
    url TEXT NOT NULL,
    site TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    kept_at TEXT NOT NULL,
    content_type TEXT,
    headers TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    base_id INTEGER REFERENCES pages(id),
    depth INTEGER NOT NULL CHECK (depth BETWEEN 0 AND 2),
    dropped INTEGER NOT NULL DEFAULT 0,
    data BLOB NOT NULL
) STRICT;
CREATE INDEX pages_by_url ON pages (url_key);
CREATE INDEX pages_by_site ON pages (site);
CREATE INDEX pages_by_time ON pages (fetched_at);
CREATE INDEX pages_by_age ON pages (kept_at) WHERE dropped = 0;
CREATE INDEX pages_dictionaries ON pages (site) WHERE depth = 0;
CREATE INDEX pages_by_base ON pages (base_id) WHERE base_id IS NOT NULL;
CREATE INDEX pages_dropped ON pages (id) WHERE dropped = 1;
"""


@MIGRATIONS(name="0001_pages")
def pages(db: Database) -> None:
    """Pages, each packed alone or with an earlier one as its dictionary."""
    db.executescript(PAGES)


MIGRATION_NAMES = frozenset(migration.name for migration in MIGRATIONS.pending(Database(memory=True)))

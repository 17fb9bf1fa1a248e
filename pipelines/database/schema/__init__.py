"""The tables, as numbered migrations; what each column means is in docs/database.md.

A migration that has been released is never edited: a change is a new one at the end.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from pipelines.database.schema import articles_and_crawl, pages_and_copies, questions_and_operation

APPLICATION_ID = 0x57415254
#: "WART": tells the file from other programs' SQLite files.

MIGRATIONS = Migrations("warta")
for _name, _migration in (
    ("0001_articles_and_crawl", articles_and_crawl.articles_and_crawl),
    ("0002_tries", articles_and_crawl.tries),
    ("0003_first_run", articles_and_crawl.first_run),
    ("0004_lists", articles_and_crawl.lists),
    ("0005_pages", pages_and_copies.pages),
    ("0006_copies", pages_and_copies.copies),
    ("0007_places_and_pending_index", pages_and_copies.places_and_pending_index),
    ("0008_asking", questions_and_operation.asking),
    ("0010_run_log", questions_and_operation.run_log),
    ("0011_travels", questions_and_operation.travels),
    ("0012_archives", questions_and_operation.archives),
    ("0013_less_room", questions_and_operation.less_room),
    ("0014_host_rests", questions_and_operation.host_rests),
    ("0015_crawl_sessions", questions_and_operation.crawl_sessions),
    ("0016_fewer_merges", questions_and_operation.fewer_merges),
):
    MIGRATIONS(name=_name)(_migration)

MIGRATION_NAMES = frozenset(migration.name for migration in MIGRATIONS.pending(Database(memory=True)))

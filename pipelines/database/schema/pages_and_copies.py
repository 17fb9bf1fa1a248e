"""Kept pages, copies and places. Migrations 0005 to 0007."""

from __future__ import annotations

from sqlite_utils import Database

from pipelines.database.fingerprints import fold


def pages(db: Database) -> None:
    """Which kept page a fetch brought, by its number in the file of pages; parts after the first apart."""
    db.executescript(
        """
        ALTER TABLE fetches ADD COLUMN page_id INTEGER;
        CREATE INDEX fetches_by_article ON fetches (article_id) WHERE article_id IS NOT NULL;
        CREATE INDEX fetches_by_page ON fetches (page_id) WHERE page_id IS NOT NULL;
        CREATE TABLE fetch_parts (
            fetch_id INTEGER NOT NULL REFERENCES fetches(id),
            number INTEGER NOT NULL,
            page_id INTEGER NOT NULL,
            PRIMARY KEY (fetch_id, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX fetch_parts_by_page ON fetch_parts (page_id);
        """
    )


COPIES = """
CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    text_hash BLOB NOT NULL UNIQUE,
    algorithm INTEGER NOT NULL
) STRICT;

CREATE TABLE text_keys (
    key INTEGER NOT NULL,
    text_id INTEGER NOT NULL,
    PRIMARY KEY (key, text_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE text_pairs (
    text_id INTEGER NOT NULL,
    other_id INTEGER NOT NULL CHECK (text_id < other_id),
    relation TEXT NOT NULL CHECK (relation IN ('near', 'contains', 'partial', 'template')),
    joins INTEGER NOT NULL,
    jaccard REAL NOT NULL,
    of_text REAL NOT NULL,
    of_other REAL NOT NULL,
    PRIMARY KEY (text_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX text_pairs_by_other ON text_pairs (other_id);

CREATE TABLE clusters (
    id INTEGER PRIMARY KEY REFERENCES articles(id),
    articles INTEGER NOT NULL,
    first_id INTEGER NOT NULL REFERENCES articles(id),
    original_id INTEGER NOT NULL REFERENCES articles(id),
    evidence TEXT NOT NULL
) STRICT;

CREATE TABLE cluster_members (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    cluster_id INTEGER NOT NULL REFERENCES clusters(id),
    published_utc TEXT,
    relation TEXT CHECK (relation IN ('exact', 'near', 'contains', 'partial', 'template')),
    shared REAL NOT NULL,
    of_original REAL NOT NULL
) STRICT;
CREATE INDEX cluster_members_by_cluster ON cluster_members (cluster_id, article_id);
"""


def copies(db: Database) -> None:
    """Near copies and clusters; what the file holds is compared when it is next written to (``keying``)."""
    db.executescript(COPIES)


#: A batch's stories are indexed together when it closes: FTS5 writes out what it holds at every savepoint,
#: and there is one for each visit.
PENDING_INDEX = """
CREATE TABLE unindexed (
    article_id INTEGER PRIMARY KEY
) STRICT;

DROP TRIGGER articles_fts_insert;
DROP TRIGGER articles_fts_delete;
DROP TRIGGER articles_fts_update;

CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
    INSERT INTO unindexed VALUES (new.id);
END;
CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, headline, deck, body)
    SELECT 'delete', old.id, old.headline, old.deck, old.body
    WHERE NOT EXISTS (SELECT 1 FROM unindexed WHERE article_id = old.id);
    DELETE FROM unindexed WHERE article_id = old.id;
END;
CREATE TRIGGER articles_fts_update AFTER UPDATE OF headline, deck, body ON articles
WHEN old.headline IS NOT new.headline OR old.deck IS NOT new.deck OR old.body IS NOT new.body BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, headline, deck, body)
    SELECT 'delete', old.id, old.headline, old.deck, old.body
    WHERE NOT EXISTS (SELECT 1 FROM unindexed WHERE article_id = old.id);
    INSERT INTO unindexed VALUES (new.id) ON CONFLICT DO NOTHING;
END;
INSERT INTO articles_fts (articles_fts, rank) VALUES ('hashsize', 33554432);
"""

#: Places are a table of their own because a question names a part of one ("Semarang" finds "Kota Semarang"):
#: a few thousand names are looked through, not each article. A name that no article has any longer does no
#: harm.
PLACES = """
CREATE TABLE places (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    folded TEXT NOT NULL
) STRICT;

CREATE TABLE outlets (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    site TEXT NOT NULL,
    first_seen TEXT NOT NULL
) STRICT;
"""


def places_and_pending_index(db: Database) -> None:
    """Places and outlets as rows, filled from the articles; the search index follows batch by batch."""
    db.executescript(PENDING_INDEX)
    db.executescript(PLACES)
    names = db.execute(
        "SELECT DISTINCT dateline_place FROM articles WHERE dateline_place IS NOT NULL ORDER BY 1"
    ).fetchall()
    db.conn.executemany("INSERT INTO places (name, folded) VALUES (?, ?)", [(n, fold(n)) for (n,) in names])
    db.execute(
        """
        INSERT INTO outlets (slug, site, first_seen)
        SELECT source, min(site), min(first_seen) FROM articles WHERE source IS NOT NULL GROUP BY source
        """
    )

"""The first tables: articles and parts, the crawl's memory, the search index. Migrations 0001 to 0004."""

from __future__ import annotations

from sqlite_utils import Database

#: Times are ISO 8601 in UTC (``2026-07-04T05:00:00Z``) unless a column is said to be "as published".
#: The long text stands last: SQLite reads a row from the front, and the rest of it lies on other pages.
ARTICLES = """
CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    source TEXT,
    site TEXT NOT NULL,
    url TEXT NOT NULL,
    canonical_url TEXT NOT NULL,
    published_utc TEXT,
    copy_of INTEGER REFERENCES articles(id),
    text_hash BLOB,
    words INTEGER NOT NULL,
    record_hash BLOB NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    headline TEXT NOT NULL,
    deck TEXT,
    byline TEXT,
    dateline_raw TEXT,
    dateline_place TEXT,
    dateline_outlet TEXT,
    dateline_date TEXT,
    published TEXT,
    modified TEXT,
    published_raw TEXT,
    published_from TEXT,
    section TEXT,
    language TEXT,
    pages INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    access TEXT,
    confidence REAL NOT NULL,
    extractor TEXT NOT NULL,
    tags TEXT NOT NULL,
    images TEXT NOT NULL,
    policy TEXT NOT NULL,
    evidence TEXT NOT NULL,
    warnings TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX articles_by_time ON articles (published_utc);
CREATE INDEX articles_by_source ON articles (source, published_utc);
CREATE INDEX articles_by_text ON articles (text_hash) WHERE text_hash IS NOT NULL;
CREATE INDEX articles_by_original ON articles (copy_of) WHERE copy_of IS NOT NULL;
"""

PARTS = """
CREATE TABLE aliases (
    url_key TEXT PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    evidence TEXT NOT NULL CHECK (evidence IN ('address', 'canonical', 'redirect', 'text'))
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_article ON aliases (article_id);

CREATE TABLE versions (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    number INTEGER NOT NULL,
    seen TEXT NOT NULL,
    replaced TEXT NOT NULL,
    run_id INTEGER REFERENCES runs(id),
    text_hash BLOB,
    headline TEXT NOT NULL,
    deck TEXT,
    published TEXT,
    modified TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (article_id, number)
) STRICT;
CREATE INDEX versions_by_text ON versions (text_hash) WHERE text_hash IS NOT NULL;

CREATE TABLE authors (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE article_authors (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    role TEXT NOT NULL CHECK (role IN ('author', 'editor')),
    position INTEGER NOT NULL,
    author_id INTEGER NOT NULL REFERENCES authors(id),
    PRIMARY KEY (article_id, role, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_authors_by_author ON article_authors (author_id, article_id);

CREATE TABLE related (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE boilerplate (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    links TEXT NOT NULL,
    PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;
"""

CRAWL = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    command TEXT NOT NULL,
    sources TEXT NOT NULL,
    settings TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    reason TEXT,
    stats TEXT
) STRICT;

CREATE TABLE run_sources (
    run_id INTEGER NOT NULL REFERENCES runs(id),
    source TEXT NOT NULL,
    what TEXT NOT NULL,
    reason TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (run_id, source, what, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE fetches (
    id INTEGER PRIMARY KEY,
    url_key TEXT NOT NULL,
    requested_url TEXT NOT NULL,
    url TEXT NOT NULL,
    article_id INTEGER REFERENCES articles(id),
    run_id INTEGER REFERENCES runs(id),
    fetched_at TEXT NOT NULL,
    status INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT,
    content_type TEXT,
    etag TEXT,
    last_modified TEXT,
    size INTEGER NOT NULL,
    content_hash TEXT
) STRICT;
CREATE INDEX fetches_by_url ON fetches (url_key);

CREATE TABLE frontier (
    id INTEGER PRIMARY KEY,
    url_key TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'refused', 'failed', 'gone')),
    reason TEXT,
    run_id INTEGER REFERENCES runs(id),
    found_at TEXT NOT NULL,
    settled_at TEXT,
    found_in TEXT,
    title TEXT,
    published TEXT,
    modified TEXT,
    author TEXT,
    section TEXT
) STRICT;
CREATE INDEX frontier_pending ON frontier (source, id) WHERE state = 'pending';
"""

#: Headline and deck weigh more than the body; diacritics fold ("Gaza" finds "Gāza").
#: The update trigger names its columns and compares, or each visit would index the story again.
SEARCH = """
CREATE VIRTUAL TABLE articles_fts USING fts5 (
    headline, deck, body,
    content="articles", content_rowid="id",
    tokenize="unicode61 remove_diacritics 2"
);
INSERT INTO articles_fts (articles_fts, rank) VALUES ('rank', 'bm25(8.0, 3.0, 1.0)');

CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts (rowid, headline, deck, body)
    VALUES (new.id, new.headline, new.deck, new.body);
END;
CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, headline, deck, body)
    VALUES ('delete', old.id, old.headline, old.deck, old.body);
END;
CREATE TRIGGER articles_fts_update AFTER UPDATE OF headline, deck, body ON articles
WHEN old.headline IS NOT new.headline OR old.deck IS NOT new.deck OR old.body IS NOT new.body BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, headline, deck, body)
    VALUES ('delete', old.id, old.headline, old.deck, old.body);
    INSERT INTO articles_fts (rowid, headline, deck, body)
    VALUES (new.id, new.headline, new.deck, new.body);
END;
"""


def articles_and_crawl(db: Database) -> None:
    """Articles with their parts, fetches, the frontier, runs and the search index."""
    for script in (ARTICLES, CRAWL, PARTS, SEARCH):
        db.executescript(script)


def tries(db: Database) -> None:
    """How often a URL was asked for in vain, and when it may be again; one try was enough before."""
    db.executescript(
        """
        ALTER TABLE frontier ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE frontier ADD COLUMN next_try TEXT;
        UPDATE frontier SET state = 'pending', settled_at = NULL
        WHERE state = 'failed'
        OR (state = 'refused' AND reason IN ('http 401', 'http 402', 'http 403', 'http 451'));
        """
    )


def first_run(db: Database) -> None:
    """Which run met an article first: it counts the article by what it is in the end."""
    db.execute("ALTER TABLE articles ADD COLUMN run_id INTEGER REFERENCES runs(id)")


def lists(db: Database) -> None:
    """What feeds, sitemaps and index pages were when they were last read, to ask for them cheaply."""
    db.executescript(
        """
        CREATE TABLE lists (
            url TEXT PRIMARY KEY,
            source TEXT NOT NULL,
            etag TEXT,
            last_modified TEXT,
            content_hash TEXT NOT NULL,
            entries INTEGER NOT NULL,
            sitemaps TEXT NOT NULL,
            reader TEXT NOT NULL,
            since TEXT NOT NULL,
            whole INTEGER NOT NULL,
            until TEXT,
            read_at TEXT NOT NULL,
            checked_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX frontier_forbidden ON frontier (source, settled_at)
        WHERE state = 'refused' AND reason = 'robots.txt';
        """
    )

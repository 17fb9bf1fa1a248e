"""The tables, as numbered migrations; what each column means is in docs/database.md.

A migration that has been released is never edited: a change is a new one at the end.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from pipelines.database.fingerprints import fold
from pipelines.database.views import VIEWS

APPLICATION_ID = 0x57415254
#: "WART": tells the file from other programs' SQLite files.

MIGRATIONS = Migrations("warta")

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


@MIGRATIONS(name="0001_articles_and_crawl")
def articles_and_crawl(db: Database) -> None:
    """Articles with their parts, fetches, the frontier, runs and the search index."""
    for script in (ARTICLES, CRAWL, PARTS, SEARCH):
        db.executescript(script)


@MIGRATIONS(name="0002_tries")
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


@MIGRATIONS(name="0003_first_run")
def first_run(db: Database) -> None:
    """Which run met an article first: it counts the article by what it is in the end."""
    db.execute("ALTER TABLE articles ADD COLUMN run_id INTEGER REFERENCES runs(id)")


@MIGRATIONS(name="0004_lists")
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


@MIGRATIONS(name="0005_pages")
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


@MIGRATIONS(name="0006_copies")
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


@MIGRATIONS(name="0007_places_and_pending_index")
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


#: What questions narrow by beside time and outlet.
ASKING = """
-- What a search looks at in an article it may show, forty to a page where rows fill one each.
CREATE INDEX articles_facts ON articles (
    id, published_utc, copy_of, source, section, language, dateline_place, published
);
CREATE INDEX articles_by_place ON articles (dateline_place, published_utc) WHERE dateline_place IS NOT NULL;
CREATE INDEX articles_by_section ON articles (section COLLATE NOCASE, published_utc)
WHERE section IS NOT NULL;
"""


@MIGRATIONS(name="0008_asking")
def asking(db: Database) -> None:
    """Indexes for what questions narrow by, and views for analysts."""
    for script in (ASKING, *VIEWS):
        db.executescript(script)


RUN_LOG = """
CREATE INDEX articles_by_first_sight ON articles (source, first_seen);

CREATE TABLE alerts (
    source TEXT NOT NULL,
    what TEXT NOT NULL,
    since TEXT NOT NULL,
    told_at TEXT NOT NULL,
    PRIMARY KEY (source, what)
) STRICT, WITHOUT ROWID;
"""


@MIGRATIONS(name="0010_run_log")
def run_log(db: Database) -> None:
    """An outlet's stories in the order in which they came, and which alerts were sent and still hold."""
    db.executescript(RUN_LOG)


@MIGRATIONS(name="0011_travels")
def travels(db: Database) -> None:
    """The members of clusters by time: which stories travelled in a period."""
    db.execute("CREATE INDEX cluster_members_by_time ON cluster_members (published_utc, cluster_id)")


ARCHIVES = """
CREATE TABLE archives (
    key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    done INTEGER NOT NULL,
    records INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    left_out TEXT NOT NULL,
    run_id INTEGER REFERENCES runs(id),
    read_at TEXT NOT NULL,
    finished INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


@MIGRATIONS(name="0012_archives")
def archives(db: Database) -> None:
    """How far archives of pages were imported."""
    db.executescript(ARCHIVES)


#: FTS5 marks in each list of places which column they are in, but for the first column. With the body there,
#: which has nearly all words, the index is a third smaller.
LEAN_INDEX = """
DROP TABLE articles_fts;
CREATE VIRTUAL TABLE articles_fts USING fts5 (
    body, headline, deck,
    content="articles", content_rowid="id",
    tokenize="unicode61 remove_diacritics 2"
);
INSERT INTO articles_fts (articles_fts, rank) VALUES ('rank', 'bm25(1.0, 8.0, 3.0)');
INSERT INTO articles_fts (articles_fts, rank) VALUES ('hashsize', 33554432);
"""

#: A fetch is looked up by its article. Its URLs stood there three times and once more in an index.
LEAN_FETCHES = """
DROP INDEX fetches_by_url;
ALTER TABLE fetches DROP COLUMN url_key;
ALTER TABLE fetches RENAME COLUMN requested_url TO asked_for;
ALTER TABLE fetches RENAME COLUMN content_hash TO hash_in_hex;
ALTER TABLE fetches ADD COLUMN requested_url TEXT;
ALTER TABLE fetches ADD COLUMN content_hash BLOB;
UPDATE fetches SET requested_url = nullif(asked_for, url), content_hash = bytes_of_hex(hash_in_hex);
ALTER TABLE fetches DROP COLUMN asked_for;
ALTER TABLE fetches DROP COLUMN hash_in_hex;
"""

#: Each entry of the index holds the whole address. Final URLs stand in the article's fetches, too.
LEAN_ALIASES = """
DROP INDEX aliases_by_article;
CREATE INDEX aliases_by_article ON aliases (article_id) WHERE evidence != 'address';
"""

FTS_PAGE_MARGIN = 46
#: Bytes that a block of the index is smaller than a page of the file, so that it fits one.


@MIGRATIONS(name="0013_less_room")
def less_room(db: Database) -> None:
    """The same with a fifth less room: the search index is built anew, fetches name their URL once."""
    page_size = db.execute("PRAGMA page_size").fetchone()[0]
    db.executescript(LEAN_INDEX)
    db.execute(
        "INSERT INTO articles_fts (articles_fts, rank) VALUES ('pgsz', ?)", (page_size - FTS_PAGE_MARGIN,)
    )
    db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
    db.conn.create_function("bytes_of_hex", 1, _bytes_of_hex, deterministic=True)
    db.executescript(LEAN_FETCHES)
    db.executescript(LEAN_ALIASES)


def _bytes_of_hex(digits: str | None) -> bytes | None:
    return bytes.fromhex(digits) if digits else None


HOST_RESTS = """
CREATE TABLE host_rests (
    host TEXT PRIMARY KEY,
    why TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    times INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


@MIGRATIONS(name="0014_host_rests")
def host_rests(db: Database) -> None:
    """Hosts that blocked a crawl, and until when they are let be."""
    db.executescript(HOST_RESTS)


@MIGRATIONS(name="0015_crawl_sessions")
def crawl_sessions(db: Database) -> None:
    """Crawls of other processes, and how far their notes were written."""
    db.executescript(
        """
        CREATE TABLE crawl_sessions (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES runs(id),
            sources TEXT NOT NULL,
            last_note INTEGER NOT NULL
        ) STRICT;
        """
    )


MIGRATION_NAMES = frozenset(migration.name for migration in MIGRATIONS.pending(Database(memory=True)))

"""What questions, runs, archives and clusters need, and less room for all. Migrations from 0008 on."""

from __future__ import annotations

from sqlite_utils import Database

from pipelines.database.views import VIEWS

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


def run_log(db: Database) -> None:
    """An outlet's stories in the order in which they came, and which alerts were sent and still hold."""
    db.executescript(RUN_LOG)


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


def host_rests(db: Database) -> None:
    """Hosts that blocked a crawl, and until when they are let be."""
    db.executescript(HOST_RESTS)


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


def fewer_merges(db: Database) -> None:
    """Parts of the search index are joined eight at a time, not four: words are written less often."""
    db.executescript(
        """
        INSERT INTO articles_fts (articles_fts, rank) VALUES ('automerge', 8);
        -- Above that, all at once and in one batch: only where joining bit by bit falls behind.
        INSERT INTO articles_fts (articles_fts, rank) VALUES ('crisismerge', 32);
        """
    )

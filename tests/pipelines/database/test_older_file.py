"""A file from before near copies were known is compared when it is opened."""

import sqlite3
from pathlib import Path

import pytest
from newsroom import STORY, full_story, story, visit
from sqlite_utils import Database, Migrations

from pipelines.database import Writer, open_database
from pipelines.database.asking.queries import known, search
from pipelines.database.checks import CHECKS, run_check
from pipelines.database.copies import keying
from pipelines.database.schema import APPLICATION_ID, MIGRATIONS

NEAR = f"{STORY}\n\nSejumlah warga datang melihat."


@pytest.fixture
def older(path: Path, tmp_path: Path) -> Path:
    """A file of the first three migrations, with what is stored in one of today."""
    today = tmp_path / "today.db"
    with Writer(open_database(today, create=True)) as writer:
        writer.store(visit(full_story(1)))
        writer.store(visit(story(1, outlet="sagara", body=full_story(1).body)))
        writer.store(visit(story(2, outlet="tirta", body=NEAR)))
        writer.store(visit(story(3, outlet="tirta", body="Pasar ikan ditutup.")))
    writer.db.close()
    old = Migrations("warta")
    for migration in list(MIGRATIONS.pending(Database(memory=True)))[:3]:
        old(name=migration.name)(migration.fn)
    db = Database(path)
    old.apply(db)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("ATTACH ? AS today", [str(today)])
    for table in ("articles", "aliases", "authors", "article_authors", "related", "boilerplate"):
        columns = ", ".join(column.name for column in db[table].columns)
        db.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM today.{table}")
    db.execute(
        """
        INSERT INTO fetches (
            url_key, requested_url, url, article_id, fetched_at, status, outcome, etag, size, content_hash
        )
        SELECT url, url, url, article_id, fetched_at, status, outcome, '"5f"', size, hex(content_hash)
        FROM today.fetches
        """
    )
    short = "https://lamau.example/?p=1"
    db.execute("UPDATE fetches SET requested_url = ?, url_key = ? WHERE id = 1", [short, short])
    db.commit()
    db.close()
    return path


def test_copies_places_outlets_and_the_index_are_there_after_opening(older: Path) -> None:
    db = open_database(older)
    assert [run_check(db, check) for check in CHECKS] == [None] * len(CHECKS)
    assert [cluster["articles"] for cluster in db["clusters"].rows] == [3]
    assert [place["folded"] for place in db["places"].rows] == ["teluk lamau"]
    assert [outlet["slug"] for outlet in db["outlets"].rows] == ["lamau", "sagara", "tirta"]
    assert [hit.id for hit in search(db, "pasar")] == [4]
    db.close()


def test_what_fetches_told_of_an_address_is_there_after_opening(older: Path) -> None:
    db = open_database(older)
    fetches = [(fetch["requested_url"], fetch["url"]) for fetch in db["fetches"].rows]
    assert fetches[:2] == [
        ("https://lamau.example/?p=1", story(1).url),
        (None, story(1, outlet="sagara").url),
    ]
    last = known(db, story(1, outlet="sagara").url)
    assert (last.etag, last.content_hash) == ('"5f"', visit().fetch.content_hash)
    db.close()


def test_a_reader_does_not_wait_for_the_comparing(older: Path) -> None:
    db = open_database(older, readonly=True)
    assert (db["articles"].count, db["texts"].count) == (4, 0)
    db.close()
    open_database(older).close()
    db = open_database(older, readonly=True)
    assert db["cluster_members"].count == 3
    db.close()


def test_comparing_goes_on_where_it_was_broken_off(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keying, "ARTICLES_AT_ONCE", 1)
    compared = []

    def add(db: Database, article_id: int, text: object) -> None:
        compared.append(article_id)
        if len(compared) == 2:
            raise KeyboardInterrupt
        add_article(db, article_id, text)

    add_article = keying.add_article
    monkeypatch.setattr(keying, "add_article", add)
    with pytest.raises(KeyboardInterrupt):
        open_database(older)
    with sqlite3.connect(older) as half:
        assert half.execute("SELECT count(*) FROM texts").fetchone() == (1,)
    half.close()
    db = open_database(older)
    assert [run_check(db, check) for check in CHECKS] == [None] * len(CHECKS)
    db.close()


def test_texts_keyed_by_another_rule_are_keyed_anew(path: Path) -> None:
    with Writer(open_database(path, create=True)) as writer:
        writer.store(visit(story(1)))
        writer.store(visit(story(2, outlet="tirta", body=NEAR)))
    keys = writer.db["text_keys"].count
    writer.db.execute("UPDATE texts SET algorithm = 0")
    writer.db.execute("UPDATE text_keys SET key = key + 1")
    writer.db.execute("PRAGMA user_version = 0")
    writer.db.close()
    db = open_database(path)
    assert db["text_keys"].count == keys
    assert [run_check(db, check) for check in CHECKS] == [None] * len(CHECKS)
    db.close()

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from newsroom import story, visit
from sqlite_utils import Database, Migrations

from crawler.errors import DatabaseError
from pipelines.database import Writer, connection, open_database
from pipelines.database.asking.queries import get_article
from pipelines.database.checks import CHECKS, run_check


@pytest.fixture
def stored(path: Path) -> Path:
    """A database with one article, closed."""
    with Writer(open_database(path, create=True)) as writer:
        writer.store(visit())
    writer.db.close()
    return path


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.1)


def one_line_error(path: Path, **how: bool) -> str:
    with pytest.raises(DatabaseError) as raised:
        open_database(path, **how)
    message = str(raised.value)
    assert path.name in message
    assert "\n" not in message
    return message


def test_a_missing_database_is_named_and_not_made(path: Path) -> None:
    assert "there is no database" in one_line_error(path)
    assert "there is no database" in one_line_error(path, readonly=True)
    assert not path.exists()


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    assert "directory" in one_line_error(tmp_path / "tiada" / "news.db", create=True)


def test_a_directory_is_no_database(tmp_path: Path) -> None:
    assert "is a directory" in one_line_error(tmp_path, create=True)


def test_a_directory_that_may_not_be_entered_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bool:  # as for a user that is not root
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_dir", refuse)
    assert "Permission denied" in one_line_error(path, create=True)
    assert "Permission denied" in one_line_error(path, readonly=True)


def test_a_text_file_is_no_database_and_stays_as_it_is(path: Path) -> None:
    path.write_text("catatan harian " * 100)
    assert "not an SQLite database" in one_line_error(path, create=True)
    assert path.read_text() == "catatan harian " * 100


def test_another_programs_database_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE resep (nama TEXT)")
    other.close()
    before = path.read_bytes()
    assert "another program" in one_line_error(path, create=True)
    assert path.read_bytes() == before


def test_an_empty_file_is_filled_only_where_one_may_be_made(path: Path) -> None:
    path.touch()
    assert "is empty" in one_line_error(path)
    open_database(path, create=True).close()
    open_database(path, readonly=True).close()


def test_a_damaged_file_is_said_to_be_damaged(stored: Path) -> None:
    content = bytearray(stored.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    stored.write_bytes(content)
    assert "damaged" in one_line_error(stored)


def test_a_database_of_a_newer_version_is_refused_and_not_touched(stored: Path) -> None:
    db = Database(stored)
    db["_sqlite_migrations"].insert({"migration_set": "warta", "name": "0099_moons", "applied_at": "2031"})
    db.close()
    before = stored.read_bytes()
    for readonly in (False, True):
        message = one_line_error(stored, readonly=readonly)
        assert "newer version" in message
        assert "0099_moons" in message
    assert stored.read_bytes() == before


@pytest.mark.parametrize("readonly", [False, True])
def test_an_older_database_is_migrated_with_what_it_holds(
    stored: Path, monkeypatch: pytest.MonkeyPatch, *, readonly: bool
) -> None:
    newer = Migrations("warta")
    for migration in connection.MIGRATIONS.pending(Database(memory=True)):
        newer(name=migration.name)(migration.fn)

    @newer(name="0002_moods")
    def moods(db: Database) -> None:
        db.execute("ALTER TABLE articles ADD COLUMN mood TEXT")

    monkeypatch.setattr(connection, "MIGRATIONS", newer)
    monkeypatch.setattr(connection, "MIGRATION_NAMES", connection.MIGRATION_NAMES | {"0002_moods"})
    db = open_database(stored, readonly=readonly)
    assert "mood" in db["articles"].columns_dict
    assert get_article(db, 1)["headline"] == story().headline


def test_a_second_writer_is_told_that_the_file_is_locked(stored: Path, impatient: None) -> None:
    holding = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
            "c.execute('BEGIN IMMEDIATE'); print(flush=True); sys.stdin.read()",
            str(stored),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        holding.stdout.readline()
        assert "locked" in one_line_error(stored)
        reader = open_database(stored, readonly=True)
        assert get_article(reader, 1) is not None
    finally:
        holding.communicate()
    open_database(stored).close()


def test_a_writer_that_finds_the_file_locked_goes_on_when_it_is_free(stored: Path, impatient: None) -> None:
    first, second = Writer(open_database(stored)), Writer(open_database(stored))
    first.store(visit(story(2)))
    with pytest.raises(DatabaseError, match="locked"):
        second.store(visit(story(3)))
    first.flush()
    assert second.store(visit(story(3))).article_id == 3
    second.flush()


def test_processes_that_make_the_same_file_at_once_take_turns(path: Path) -> None:
    code = "import sys; from pipelines.database import open_database; open_database(sys.argv[1], create=True)"
    both = [subprocess.Popen([sys.executable, "-c", code, str(path)]) for _ in range(3)]
    assert [process.wait() for process in both] == [0, 0, 0]
    open_database(path).close()


def test_a_reader_is_not_held_up_by_an_open_batch(stored: Path) -> None:
    with Writer(open_database(stored)) as writer:
        writer.store(visit(story(2)))
        reader = open_database(stored, readonly=True)
        assert get_article(reader, 2) is None
    assert get_article(reader, 2) is not None


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB; only root can mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "warta-test", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs to mount a file system")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def store_until_full(writer: Writer) -> int:
    """Store and commit until the disk is full; how many articles were committed."""
    committed = [0]

    def store_batches() -> None:
        for start in count(1, 5):
            for number in range(start, start + 5):
                writer.store(visit(story(number, body=f"{story().body} {number} " * 20)))
            writer.flush()
            committed.append(number)

    with pytest.raises(DatabaseError, match="disk is full"):
        store_batches()
    return committed[-1]


def check_whole(path: Path, articles: int) -> None:
    db = open_database(path)
    assert [finding for check in CHECKS if (finding := run_check(db, check))] == []
    assert db["articles"].count == db["fetches"].count == articles
    db.close()


def test_a_full_disk_loses_the_open_batch_alone(small_disk: Path) -> None:
    path = small_disk / "news.db"
    writer = Writer(open_database(path, create=True))
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"0" * 1_000_000)
    committed = store_until_full(writer)
    assert committed > 0
    ballast.unlink()
    assert writer.store(visit(story(committed + 1))).article_id == committed + 1
    writer.flush()
    writer.db.close()
    check_whole(path, committed + 1)


def test_a_file_at_its_largest_size_is_a_full_disk(path: Path) -> None:
    writer = Writer(open_database(path, create=True))
    writer.db.execute("PRAGMA max_page_count = 300")
    committed = store_until_full(writer)
    assert committed > 0
    writer.db.close()
    check_whole(path, committed)


def test_a_read_only_disk_is_read_and_said_to_be_read_only(small_disk: Path) -> None:
    path = small_disk / "news.db"
    with Writer(open_database(path, create=True)) as writer:
        writer.store(visit())
    writer.db.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert "read-only" in one_line_error(path)
    assert "read-only" in one_line_error(small_disk / "other.db", create=True)
    db = open_database(path, readonly=True)
    assert get_article(db, 1) is not None
    db.close()

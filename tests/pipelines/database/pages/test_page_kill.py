"""A kill or a full disk leaves no fetch that refers to a page that is not there."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from newsroom import story, visit
from pressroom import raw

from crawler.errors import DatabaseError
from pipelines.database import Writer, open_database, open_writer
from pipelines.database.pages import PagePolicy, open_pages

WRITING = """
import sys
sys.path.insert(0, {tests!r})
from newsroom import story, visit
from pressroom import raw
from pipelines.database import open_writer
from pipelines.database.pages import PagePolicy

writer = open_writer(sys.argv[1], PagePolicy(limit=int(sys.argv[2])))
number = writer.db["articles"].count
while True:
    for number in range(number + 1, number + 8):
        one = visit(story(number))
        one.pages = [raw(number, url=one.article.url)]
        writer.store(one)
    writer.flush()
    print(number, flush=True)
"""


def check(path: Path) -> list[int]:
    """Every page that a fetch refers to is what came; the articles of those fetches."""
    db, store = open_database(path, readonly=True), open_pages(path)
    assert store.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not list(store.db.query("PRAGMA foreign_key_check"))
    numbers = []
    for page_id, url in db.execute("SELECT page_id, url FROM fetches WHERE page_id IS NOT NULL").fetchall():
        number = int(url.split("/")[4])
        assert store.read(page_id).body == raw(number).body
        numbers.append(number)
    db.close()
    store.close()
    return numbers


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("limit", [0, 300_000])
def test_a_killed_writer_leaves_no_reference_to_a_page_that_is_not_there(
    path: Path, seed: int, limit: int
) -> None:
    code = WRITING.format(tests=str(Path(__file__).parents[2]))
    command = [sys.executable, "-c", code, str(path), str(limit)]
    acknowledged = 0
    wait = random.Random(seed)
    for _ in range(2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writing:
            assert writing.stdout is not None
            writing.stdout.readline()
            time.sleep(wait.uniform(0.05, 0.4))
            writing.send_signal(signal.SIGKILL)
            acknowledged = max([acknowledged, *map(int, writing.communicate()[0].split())])
    kept = check(path)
    assert max(kept) >= acknowledged
    if not limit:
        assert kept == list(range(1, len(kept) + 1))


def test_what_was_kept_before_a_kill_and_not_stored_is_used_again(path: Path) -> None:
    writer = open_writer(path, PagePolicy())
    orphan = writer.pages.keep(raw())
    writer.pages.commit()
    one = visit(story(url=raw().url))
    one.pages = [raw()]
    writer.store(one)
    writer.flush()
    assert writer.db.execute("SELECT page_id FROM fetches").fetchall() == [(orphan,)]
    writer.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 5 MB; only root can mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=5m", "warta-test", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs to mount a file system")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def store_until_full(writer: Writer) -> int:
    committed = [0]

    def store_all() -> None:
        for number in count(1):
            one = visit(story(number))
            one.pages = [raw(number, url=one.article.url, body=random.Random(number).randbytes(60_000))]
            writer.store(one)
            writer.flush()
            committed.append(number)

    with pytest.raises(DatabaseError, match="disk is full"):
        store_all()
    return committed[-1]


def test_a_full_disk_is_told_and_loses_nothing_that_was_stored(small_disk: Path) -> None:
    path = small_disk / "news.db"
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(1_000_000))
    writer = open_writer(path, PagePolicy())
    committed = store_until_full(writer)
    assert committed > 5
    ballast.unlink()
    one = visit(story(committed + 1))
    one.pages = [raw(committed + 1, url=one.article.url)]
    writer.store(one)
    writer.flush()
    rows = writer.db.execute("SELECT page_id FROM fetches ORDER BY id").fetchall()
    assert len(rows) == committed + 1
    for number, (page_id,) in enumerate(rows[:-1], 1):
        assert writer.pages.read(page_id).body == random.Random(number).randbytes(60_000)
    assert writer.pages.read(rows[-1][0]).body == one.pages[0].body
    writer.close()


def test_pages_on_a_read_only_disk_are_read(small_disk: Path) -> None:
    path = small_disk / "news.db"
    writer = open_writer(path, PagePolicy())
    page_id = writer.pages.keep(raw())
    writer.flush()
    writer.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    store = open_pages(path)
    assert store.read(page_id).body == raw().body
    store.close()
    with pytest.raises(
        DatabaseError, match=r"news-pages\.db cannot be opened: .*directory may be read and written"
    ):
        open_pages(path, PagePolicy())

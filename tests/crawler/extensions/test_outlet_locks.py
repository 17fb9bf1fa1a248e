"""An outlet is crawled into a database by one process at a time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from crawling import Server, in_own_process
from one_outlet import QUICK, article, crawled, declared, index

from crawler.errors import DatabaseError
from crawler.extensions.outlet_locks import OutletLocks
from crawler.run import crawl

LIST = 'listing_pages = ["HERE/kabar"]'

HOLD = """
import sys
from crawler.extensions.outlet_locks import OutletLocks
locks = OutletLocks(sys.argv[1])
locks.take(sys.argv[2:])
print(flush=True)
sys.stdin.read()
"""


@contextmanager
def crawled_elsewhere(database: Path, *slugs: str) -> Iterator[subprocess.Popen[bytes]]:
    """While another process has these outlets."""
    command = [sys.executable, "-c", HOLD, str(database), *slugs]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        try:
            assert holder.stdout is not None
            holder.stdout.readline()
            yield holder
        finally:
            holder.kill()


def test_an_outlet_that_another_process_has_is_named_with_its_holder(tmp_path: Path) -> None:
    database = tmp_path / "news.db"
    locks = OutletLocks(database)
    with crawled_elsewhere(database, "lamau") as holder:
        assert locks.take(["lamau", "sagara"]) == {"lamau": f"process {holder.pid}"}
    locks.close()


def test_a_lock_goes_with_its_process_however_it_ends(tmp_path: Path) -> None:
    database = tmp_path / "news.db"
    locks = OutletLocks(database)
    with crawled_elsewhere(database, "lamau") as holder:
        holder.kill()
        holder.wait()
        assert locks.take(["lamau"]) == {}
    locks.close()


def test_another_database_has_locks_of_its_own(tmp_path: Path) -> None:
    locks = OutletLocks(tmp_path / "news.db")
    with crawled_elsewhere(tmp_path / "other.db", "lamau"):
        assert locks.take(["lamau"]) == {}
    locks.close()


def test_a_crawl_whose_outlets_are_all_crawled_elsewhere_asks_for_nothing(tmp_path: Path) -> None:
    with (
        Server({"/kabar": index(1), "/berita/1-gotong-royong": article(1)}) as server,
        crawled_elsewhere(tmp_path / "news.db", "uji") as holder,
    ):
        with pytest.raises(DatabaseError, match=f"uji is crawled into .* by process {holder.pid}"):
            crawled(tmp_path, server, LIST)
        assert server.log == []


def test_a_crawl_goes_on_with_the_outlets_that_nobody_else_has(tmp_path: Path) -> None:
    with Server({"/kabar": index(1), "/berita/1-gotong-royong": article(1)}) as server:
        sources = declared(tmp_path, server, LIST)
        text = (sources / "uji.toml").read_text()
        (sources / "lain.toml").write_text(text.replace(server.netloc, "127.0.0.9:9"))
        with crawled_elsewhere(tmp_path / "news.db", "lain") as holder:
            report = in_own_process(
                lambda: crawl((), tmp_path / "news.db", directories=[sources], settings=QUICK)
            )
    assert report.failed == {"lain": f"is crawled by process {holder.pid} already"}
    assert {tally.source: tally.amounts["stored"] for tally in report.tallies} == {"lain": 0, "uji": 1}

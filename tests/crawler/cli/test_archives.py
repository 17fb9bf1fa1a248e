"""WARC files in and out by the command line, and what a kill costs."""

from __future__ import annotations

import gzip
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import Result
from warcio.archiveiterator import ArchiveIterator
from warcio.cli import main as warcio

from crawler.cli import import_ as command
from crawler.cli import main
from crawler.importing import archive as importing
from crawler.readers import Readers
from pipelines.database import open_database

sys.path.append(str(Path(__file__).parents[1] / "archives"))
from paper_trail import Paper, address, stories, story

Warta = Callable[..., Result]
AMOUNT = 130


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are read in this process: starting others is tried elsewhere."""
    monkeypatch.setattr(command, "Readers", lambda number, seconds: Readers(0, seconds=seconds))


@pytest.fixture(scope="module")
def news() -> bytes:
    paper = stories(AMOUNT)
    paper.answer(address(1_000), b"%PDF", kind="application/pdf")
    return paper.data


def rows(database: str) -> list[tuple[Any, ...]]:
    with closing(open_database(database, readonly=True)) as db:
        sql = "SELECT id, url, headline, body, first_seen, last_seen FROM articles ORDER BY id"
        fetches = "SELECT id, url, article_id, fetched_at, outcome, page_id FROM fetches ORDER BY id"
        return [*db.execute(sql).fetchall(), *db.execute(fetches).fetchall()]


def test_a_warc_file_is_stored_as_it_was_fetched_and_all_of_it_is_told(warta: Warta) -> None:
    paper = stories(3)
    paper.answer(address(1_000), b"%PDF", kind="application/pdf")
    Path("news.warc.gz").write_bytes(paper.data)
    told = json.loads(warta("import", "news.warc.gz").stdout)
    (archive,) = told["archives"]
    assert (told["stored"], archive["records"], archive["pages"]) == (3, 4, 3)
    assert archive["left_out"] == {"type PDF": 1}
    record = json.loads(warta("show", address(1)).stdout)
    assert record["first_seen"] == "2026-03-01T02:03:04Z"
    assert warta("page", address(1)).stdout_bytes == story(1)
    counts = json.loads(warta("runs", "show", told["run"]).stdout)["counts"]
    assert ("left out", "type PDF", 1) in {(c["what"], c["reason"], c["amount"]) for c in counts}


def test_a_file_that_was_imported_is_not_read_again_unless_asked_for(warta: Warta) -> None:
    Path("news.warc.gz").write_bytes(stories(3).data)
    warta("import", "news.warc.gz")
    again = warta("import", "news.warc.gz")
    assert "was imported before" in again.stderr
    assert json.loads(again.stdout)["unchanged"] == 0
    assert json.loads(warta("import", "news.warc.gz", "--again").stdout)["unchanged"] == 3


def test_a_killed_import_goes_on_inside_the_file_and_the_rows_are_the_same(
    warta: Warta, news: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("news.warc.gz").write_bytes(news)
    child = os.fork()
    if child == 0:
        take, taken = importing._Note.take, 0

        def counted(self: Any, *parts: Any) -> None:
            nonlocal taken
            taken += 1
            if taken == AMOUNT - 10:
                os.kill(os.getpid(), signal.SIGKILL)
            take(self, *parts)

        monkeypatch.setattr(importing._Note, "take", counted)
        main(["import", "news.warc.gz", "--db", "killed.db"])
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    told = warta("import", "news.warc.gz", "--db", "killed.db")
    assert "goes on behind" in told.stderr
    (archive,) = json.loads(told.stdout)["archives"]
    assert (archive["records"], archive["pages"]) == (AMOUNT + 1, AMOUNT)
    warta("import", "news.warc.gz", "--db", "whole.db")
    assert rows("killed.db") == rows("whole.db")


def test_a_damaged_file_is_told_by_line_and_exit_code(warta: Warta) -> None:
    paper = stories(3)
    Path("news.warc.gz").write_bytes(paper.data[: paper.starts[1] + 90] + paper.data[paper.starts[2] :])
    result = warta("import", "news.warc.gz")
    assert result.exit_code == 1
    assert "news.warc.gz: is damaged behind byte" in result.stderr
    assert json.loads(result.stdout)["stored"] == 2


@pytest.mark.parametrize("content", [b"", b"<html>no archive"])
def test_what_is_no_warc_file_is_refused(warta: Warta, content: bytes) -> None:
    Path("news.warc").write_bytes(content)
    result = warta("import", "news.warc")
    assert result.exit_code in (1, 4)
    assert "news.warc" in result.stderr


def test_kept_pages_are_written_as_warc_that_warcio_finds_right(warta: Warta) -> None:
    Path("in.warc.gz").write_bytes(stories(4).data)
    Path("saved.html").write_bytes(story(9))
    warta("import", "in.warc.gz", "saved.html", "--db", "news.db")
    told = json.loads(warta("archive", "--to", "out", "--db", "news.db").stdout)
    (name,) = told["files"]
    assert told["pages"] == 5
    with pytest.raises(SystemExit) as ended:
        warcio(["check", f"out/{name}"])
    assert ended.value.code == 0
    found = {}
    with open(f"out/{name}", "rb") as file:
        for record in ArchiveIterator(file):
            assert record.rec_headers.protocol == "WARC/1.1"
            body = record.content_stream().read()
            found[record.rec_headers.get_header("WARC-Target-URI")] = (record.rec_type, body)
            if record.rec_type == "response":
                assert record.http_headers.get_header("Content-Length") == str(len(body))
                assert record.http_headers.get_header("Content-Encoding") is None
    assert found[address(1)] == ("response", story(1))
    assert found[Path("saved.html").resolve().as_uri()] == ("resource", story(9))


def test_an_archive_goes_on_behind_the_last_whole_file(warta: Warta) -> None:
    Path("in.warc.gz").write_bytes(stories(4).data)
    warta("import", "in.warc.gz")
    warta("archive", "--to", "out")
    assert json.loads(warta("archive", "--to", "out").stdout) == {"files": [], "pages": 0, "failed": 0}
    Path("more.warc.gz").write_bytes(gzip.compress(stories(6).plain))
    warta("import", "more.warc.gz")
    Path("out/.news.warc.gz.part").write_bytes(b"left by a kill")
    assert json.loads(warta("archive", "--to", "out").stdout)["pages"] == 2
    assert len(list(Path("out").iterdir())) == 2


def written_on(day: str, warta: Warta, *question: str) -> list[str]:
    with time_machine.travel(f"{day}T12:00:00Z", tick=False):
        files: list[str] = json.loads(warta("archive", "--to", "out", *question).stdout)["files"]
    return files


def test_a_question_that_is_asked_again_later_adds_only_what_came_since(warta: Warta) -> None:
    Path("in.warc.gz").write_bytes(stories(4).data)
    warta("import", "in.warc.gz")
    (name,) = written_on("2026-03-02", warta, "--since", "7d")
    assert name == "news-since-7d-000000001-000000004.warc.gz"
    assert written_on("2026-03-04", warta, "--since", "7d") == []
    Path("more.warc.gz").write_bytes(stories(6).data)
    warta("import", "more.warc.gz")
    assert written_on("2026-03-05", warta, "--since", "7 D") == ["news-since-7d-000000005-000000006.warc.gz"]
    assert written_on("2026-03-20", warta, "--since", "7d") == []


def test_a_page_that_is_too_young_today_is_not_passed_by_for_one_behind_it(warta: Warta) -> None:
    for day in ("2026-03-01", "2026-03-09", "2026-03-02"):
        paper = Paper(f"{day}T00:00:00Z")
        paper.answer(address(int(day[-2:])), story(int(day[-2:])))
        Path("in.warc.gz").write_bytes(paper.data)
        warta("import", "in.warc.gz")
    numbers = [written_on(day, warta, "--until", "7d") for day in ("2026-03-10", "2026-03-17")]
    assert numbers == [
        ["news-until-7d-000000001-000000001.warc.gz"],
        ["news-until-7d-000000002-000000003.warc.gz"],
    ]


def test_a_period_between_two_dates_names_its_files(warta: Warta) -> None:
    Path("in.warc.gz").write_bytes(stories(2).data)
    warta("import", "in.warc.gz")
    period = ("--since", "2026-03-01T02:00:00+07:00", "--until", "2026-03-01")
    assert written_on("2026-04-01", warta, *period) == [
        "news-since-2026-03-01t020000+0700-until-2026-03-01-000000001-000000002.warc.gz"
    ]
    assert written_on("2026-04-02", warta, *period) == []


def test_an_archive_comes_back_as_the_same_articles(warta: Warta) -> None:
    Path("in.warc.gz").write_bytes(stories(4).data)
    warta("import", "in.warc.gz", "--db", "one.db")
    warta("archive", "--to", "out", "--db", "one.db")
    warta("import", "out", "--db", "other.db")
    assert rows("other.db") == rows("one.db")

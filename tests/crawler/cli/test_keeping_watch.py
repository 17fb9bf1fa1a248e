"""What became of a story, and whether the file is whole: history and doctor."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from command_line import in_terminal, visit

from crawler.items import Article
from pipelines.database import Writer, open_database

Warta = Callable[..., Result]

URL = "https://www.wanamarta.example/berita/9"
FIRST = Article(
    *(URL, URL, "wanamarta"),
    headline="Jembatan Ditutup",
    body="Jembatan gantung ditutup sejak pagi. Warga memutar lewat hulu.",
    published="2026-03-01T08:00:00+07:00",
)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A database with one story whose second state has an escape sequence in it."""
    path = tmp_path / "berubah.db"
    with Writer(open_database(path, create=True)) as writer:
        writer.store(visit(FIRST))
        writer.store(visit(replace(FIRST, body=FIRST.body.replace("hulu", "\x1b[31mhilir\x9b2J"))))
    writer.db.close()
    return path


def test_a_history_tells_what_was_taken_away_and_put_in(warta: Warta, changed: Path) -> None:
    result = warta("history", URL, "--db", str(changed))
    (change,) = json.loads(result.stdout)["changes"]
    assert change["changed"] == ["body"]
    assert ["-", "hulu."] in change["difference"]["body"]
    assert "\x9b" not in result.stdout


def test_a_history_in_a_terminal_marks_words_and_obeys_none(changed: Path, tmp_path: Path) -> None:
    shown = in_terminal("history", "1", "--db", changed, cwd=tmp_path)
    assert "[-hulu.-]" in shown
    assert "hilir" in shown
    assert "\x9b" not in shown
    assert "\x1b[31mhilir" not in shown


def test_a_story_that_is_not_there_has_no_history(warta: Warta, changed: Path) -> None:
    result = warta("history", "77", "--db", str(changed))
    assert result.exit_code == 4
    assert "no article 77" in result.stderr


def test_a_doctor_who_finds_nothing_says_what_was_checked(warta: Warta, changed: Path) -> None:
    result = warta("doctor", "--db", str(changed))
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["findings"]) == (0, [])
    assert "clusters" in answer["checked"]


def test_a_doctor_who_finds_something_says_what_to_do(warta: Warta, changed: Path, tmp_path: Path) -> None:
    with sqlite3.connect(changed) as db:
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    db.close()
    result = warta("doctor", "--db", str(changed))
    assert result.exit_code == 1
    assert "rebuild" in json.loads(result.stdout)["findings"][0]["advice"]
    assert "What to do: sqlite3" in " ".join(in_terminal("doctor", "--db", changed, cwd=tmp_path).split())


def test_a_damaged_file_is_told_in_one_line(warta: Warta, changed: Path) -> None:
    content = bytearray(changed.read_bytes())
    content[4096 : 4096 * 3] = b"\xff" * 8192
    changed.write_bytes(content)
    result = warta("doctor", "--db", str(changed))
    assert result.exit_code in {1, 3}
    assert "Traceback" not in result.stderr


def test_a_shown_story_says_who_else_tells_it(warta: Warta, changed: Path, tmp_path: Path) -> None:
    url = "https://www.senandika.example/4"
    telling = (
        "Jembatan gantung ditutup sejak pagi karena talinya aus dan harus diganti sebelum musim hujan. " * 4
    )
    with Writer(open_database(changed)) as writer:
        for outlet, extra in (("wanamarta", ""), ("senandika", "Warga memutar lewat hulu.")):
            address = url.replace("senandika", outlet)
            article = Article(address, address, outlet, f"Jembatan {outlet}", body=telling + extra)
            writer.store(visit(article))
    writer.db.close()
    shown = json.loads(warta("show", url, "--db", str(changed)).stdout)["cluster"]
    assert [(member["source"], member["relation"]) for member in shown["members"]] == [
        ("senandika", None),
        ("wanamarta", "near"),
    ]
    assert "The same story" in in_terminal("show", url, "--db", changed, cwd=tmp_path)
    assert json.loads(warta("show", "1", "--db", str(changed)).stdout)["cluster"] is None

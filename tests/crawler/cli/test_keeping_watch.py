"""What became of a story, and whether the file is whole: history and doctor."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
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


def test_what_to_do_names_the_file(warta: Warta, changed: Path) -> None:
    with sqlite3.connect(changed) as db:
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    db.close()
    advice = json.loads(warta("doctor", "--db", str(changed)).stdout)["findings"][0]["advice"]
    assert f"sqlite3 {changed} " in advice


def test_a_database_on_a_medium_that_cannot_be_written_is_checked_all_the_same(
    warta: Warta, changed: Path, tmp_path: Path
) -> None:
    place = tmp_path / "medium"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount")
    try:
        shutil.copy(changed, place / "news.db")
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        result = warta("doctor", "--db", place / "news.db")
    finally:
        subprocess.run(["umount", str(place)], check=True)
    checked = json.loads(result.stdout)["checked"]
    assert "references" in checked
    assert "words of the full-text index" not in checked
    assert "cannot be written: what needs that is not checked" in result.stderr


def test_prune_says_what_it_would_let_go_and_does_it(warta: Warta, changed: Path) -> None:
    with sqlite3.connect(changed) as db:
        db.execute("UPDATE fetches SET fetched_at = '2026-01-01T00:00:00Z'")
    db.close()
    Path("warta.toml").write_text("[retention]\nfetches_days = 30\n")
    dry = json.loads(warta("prune", "--db", changed, "--dry-run").stdout)
    done = json.loads(warta("prune", "--db", changed).stdout)
    assert (dry["visits"], done["visits"]) == (1, 1)
    assert json.loads(warta("doctor", "--db", changed).stdout)["findings"] == []

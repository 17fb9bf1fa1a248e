"""Input that was understood halfway, and is now told for what it is."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from command_line import in_terminal
from test_import import page

from crawler.sources import load_catalogue

Warta = Callable[..., Result]

REPOSITORY = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["export", "-o", "nodir/x"], 2, "The directory of nodir/x does not exist"),
        (["export", "-o", "."], 2, ". is a directory; name a file"),
        (["extract", "ftp://a.example/x"], 4, "ftp://a.example/x: only pages at http and https addresses"),
        (
            ["crawl", "ftp://a.example/x"],
            2,
            "ftp://a.example/x is an address; outlets are named by their slugs",
        ),
    ],
)
def test_the_line_says_what_is_wrong(
    warta: Warta, news: Path, arguments: list[str], code: int, told: str
) -> None:
    done = warta(*arguments)
    assert (done.exit_code, done.stdout) == (code, "")
    assert told in done.stderr


def test_a_field_that_is_none_is_told_and_searched_as_a_word(warta: Warta, news: Path) -> None:
    done = warta("search", "judul:jembatan")
    assert done.exit_code == 0
    assert "judul: is no field, so it was searched as a word; fields are headline:" in done.stderr
    assert warta("search", "headline:jembatan").stderr == ""
    assert warta("search", "https://a.example 18:30").stderr == ""


def test_the_list_of_outlets_counts_as_people_do(tmp_path: Path) -> None:
    shown = in_terminal("sources", cwd=tmp_path, columns=140)
    assert re.search(r"\b1 feed\b", shown)
    assert "1 feeds" not in shown
    assert len(shown.splitlines()) == len(load_catalogue()) + 1  # a line for each


def test_an_import_says_how_many_pages_have_no_outlet(warta: Warta, tmp_path: Path) -> None:
    (tmp_path / "1.html").write_bytes(page("wanamarta.example/satu", "pertama"))
    done = warta("import", "1.html", "--db", "new.db")
    assert json.loads(done.stdout)["without_outlet"] == 1
    assert "1 page belongs to no outlet of `warta sources`" in done.stderr


@pytest.mark.parametrize("wait", [0.1, 0.2, 0.3])
def test_ctrl_c_while_the_program_is_loaded_is_one_line(tmp_path: Path, wait: float) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import crawler.start as s; print('x', flush=True); s.main()",
            "crawl",
            "komaps",
        ],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(wait)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert "Traceback" not in errors
    assert process.returncode in {130, 2}  # on a fast machine it had ended before

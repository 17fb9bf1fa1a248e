"""``warta query``: a SELECT's answer in a terminal, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from command_line import in_terminal, visit

from crawler.items import Article
from pipelines.database import Writer, open_database

Warta = Callable[..., Result]


def test_behind_a_pipe_an_answer_is_json(warta: Warta, news: Path) -> None:
    result = warta("query", "SELECT outlet, words, deck FROM stories ORDER BY id")
    assert json.loads(result.stdout) == [
        {"outlet": "wanamarta", "words": 15, "deck": None},
        {"outlet": "senandika", "words": 14, "deck": None},
    ]
    assert (result.exit_code, result.stderr) == (0, "")


def test_in_a_terminal_an_answer_is_a_table(news: Path) -> None:
    printed = in_terminal("query", "SELECT id, outlet FROM stories ORDER BY id", cwd=news.parent)
    assert [line.split() for line in printed.splitlines() if "senandika" in line] == [["2", "senandika"]]
    assert "No row was found" in in_terminal("query", "SELECT 1 WHERE 0", cwd=news.parent)


def test_a_csv_is_had_on_demand_and_no_cell_is_a_formula(warta: Warta, news: Path) -> None:
    result = warta("query", "--csv", "SELECT -1 AS n, '=1+1' AS f, x'00ff' AS b, NULL AS e, 'a\nb' AS t")
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert row == {"n": "-1", "f": "'=1+1", "b": "00ff", "e": "", "t": "a\nb"}


def test_every_number_is_json(warta: Warta, news: Path) -> None:
    result = warta("query", "SELECT 9e999 AS a, -9e999 AS b, 9223372036854775807 AS c, x'ff' AS d")
    strict = json.loads(result.stdout, parse_constant=pytest.fail)
    assert strict == [{"a": "inf", "b": "-inf", "c": 9223372036854775807, "d": "ff"}]


def test_values_are_given_by_name(warta: Warta, news: Path) -> None:
    sql = "SELECT id FROM articles WHERE source = :outlet"
    assert json.loads(warta("query", sql, "-p", "outlet", "senandika").stdout) == [{"id": 2}]
    assert json.loads(warta("query", sql, "-p", "outlet", "' OR 1=1 --").stdout) == []
    assert warta("query", sql).exit_code == 2


def test_sql_is_read_from_standard_input(warta: Warta, news: Path) -> None:
    assert json.loads(warta("query", "-", stdin=b"SELECT 'caf\xc3\xa9' AS a;\n").stdout) == [{"a": "café"}]
    assert warta("query", "-", stdin=b"SELECT '\xff'").exit_code == 2


def test_an_answer_that_was_cut_says_so(warta: Warta, news: Path) -> None:
    result = warta("query", "--limit", "1", "SELECT id FROM articles")
    assert json.loads(result.stdout) == [{"id": 1}]
    assert "cut after 1 rows" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["SELECT judul"], "no such column: judul"),
        (["DROP TABLE articles"], "can only read"),
        (["SELECT 1; SELECT 2"], "one statement"),
        (["--csv", "--json", "SELECT 1"], "exclude each other"),
        (
            [
                "--seconds",
                "0.1",
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
            ],
            "too long",
        ),
        (["SELECT '\x1b]0;owned\x07' || x"], "no such column"),
    ],
)
def test_a_fault_is_one_line_and_code_2(warta: Warta, news: Path, arguments: list[str], told: str) -> None:
    result = warta("query", *arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert "\x1b" not in result.stderr


def test_a_missing_database_is_code_3(warta: Warta) -> None:
    assert warta("query", "SELECT 1").exit_code == 3


def test_page_text_and_names_of_columns_cannot_command_a_terminal(news: Path) -> None:
    evil = "Palsu \x1b]0;owned\x07\x1b[2J\x9b31m[red]merah[/red]\u202e"
    url = "https://evil.example/1"
    with Writer(open_database(news)) as writer:
        writer.store(visit(Article(url, url, "evil", evil, body=f"{evil} sekali dan selamanya.")))
    name = '"\x9b31m\u202e[red]judul"'
    for arguments in ([], ["--json"], ["--csv"]):
        printed = in_terminal("query", f"SELECT headline AS {name} FROM stories", *arguments, cwd=news.parent)
        assert "[red]merah[/red]" in printed
        for attack in ("\x1b]", "\x1b[2J", "\x9b", "\u202e"):
            assert attack not in printed

"""Asking the database: search, show, export, sources and runs."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from command_line import WARTA, in_terminal, visit

from crawler.cli.terminal import safe
from crawler.items import Article
from pipelines.database import Writer, open_database

Warta = Callable[..., Result]


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_search_finds_by_words(warta: Warta, news: Path) -> None:
    (hit,) = answer(warta("search", "jembatan", "gantung"))
    assert hit["headline"] == "Jembatan Kali Tirta Dibuka Lagi"
    assert hit["source"] == "wanamarta"
    assert "\x02" not in hit["snippet"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ([], ["senandika", "wanamarta"]),
        (["--since", "2026-03-02"], ["senandika"]),
        (["--until", "2026-03-01"], ["wanamarta"]),
        (["--source", "wanamarta"], ["wanamarta"]),
        (["--place", "Wanamarta"], ["wanamarta"]),
        (["--author", "Damar Wulan"], ["senandika"]),
        (["--section", "Ekonomi"], ["senandika"]),
        (["--language", "en"], []),
        (["--limit", "1"], ["senandika"]),
    ],
)
def test_filters_narrow_a_search(warta: Warta, news: Path, filters: list[str], found: list[str]) -> None:
    for words in ([], ["--newest", "jembatan OR padi"]):
        assert [hit["source"] for hit in answer(warta("search", *filters, *words))] == found


@pytest.mark.parametrize("words", ["a:b", "'; DROP TABLE articles", "Jembatan, (lagi)?", "jembatan\u202e"])
def test_no_sign_breaks_a_search(warta: Warta, news: Path, words: str) -> None:
    assert isinstance(answer(warta("search", "--", words)), list)


@pytest.mark.parametrize(
    "words", ['"', "AND", "NEAR(", "*", "🙂", "(((", "x" * 10_000, "place:", "\x1b]\x07"]
)
def test_a_question_that_does_not_hold_is_answered_with_a_sentence(
    warta: Warta, news: Path, words: str
) -> None:
    result = warta("search", "--", words)
    assert result.exit_code == 2
    assert result.stderr.startswith("warta: ")
    assert result.stderr.count("\n") == 1
    assert "\x1b" not in result.stderr


def test_a_search_says_how_its_next_page_is_had(warta: Warta, news: Path) -> None:
    first = warta("search", "--limit", "1", "--newest", "warga OR padi")
    token = re.search(r"--after (\S+)", first.stderr)
    assert token
    assert [hit["id"] for hit in answer(first)] == [2]
    second = warta("search", "--limit", "1", "--newest", "warga OR padi", "--after", token[1])
    assert [hit["id"] for hit in answer(second)] == [1]
    assert warta("search", "padi", "--after", token[1]).exit_code == 2


def test_a_search_tells_forms_of_a_word_apart_when_asked(warta: Warta, news: Path) -> None:
    assert [hit["id"] for hit in answer(warta("search", "dipanen"))] == [2]
    assert answer(warta("search", "dipanen", "--exact")) == []


def test_copies_are_rows_of_their_own_when_asked(warta: Warta, news: Path) -> None:
    with Writer(open_database(news)) as writer:
        for outlet in ("wanamarta", "senandika"):
            url = f"https://{outlet}.example/sama"
            text = "Satu teks yang sama di dua media. " * 10
            writer.store(visit(Article(url, url, outlet, "Teks yang sama", body=text)))
    (hit,) = answer(warta("search", "teks"))
    assert hit["copies"] == 1
    assert len(answer(warta("search", "teks", "--copies"))) == 2
    assert "1 copy" in in_terminal("search", "teks", cwd=news.parent)


def test_the_environment_names_the_database(
    warta: Warta, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARTA_DB", str(news.rename(news.with_name("other.db"))))
    assert len(answer(warta("search", "warga"))) == 1


@pytest.mark.parametrize("key", ["1", "https://wanamarta.example/jembatan"])
def test_an_article_is_shown_by_number_or_url(warta: Warta, news: Path, key: str) -> None:
    record = answer(warta("show", key))
    assert record["id"] == 1
    assert record["related"] == [{"title": "Tarif perahu turun", "url": "https://wanamarta.example/perahu"}]


@pytest.mark.parametrize("key", ["99", "9" * 30, "https://wanamarta.example/tak-ada", "²"])
def test_an_article_that_is_not_there_is_named(warta: Warta, news: Path, key: str) -> None:
    result = warta("show", key)
    assert result.exit_code == 4
    assert key in result.stderr


def test_earlier_texts_are_shown_on_demand(warta: Warta, news: Path) -> None:
    with Writer(open_database(news)) as writer:
        url = "https://senandika.example/panen"
        changed = Article(
            url,
            url,
            "senandika",
            "Panen Padi Menurun",
            body="Panen ternyata menurun, kata petani di lembah itu.",
        )
        writer.store(visit(changed))
    record = answer(warta("show", "2", "--versions"))
    assert record["headline"] == "Panen Padi Menurun"
    assert [version["headline"] for version in record["earlier"]] == [
        "Panen Padi di Lembah Senandika Melimpah"
    ]
    assert "Melimpah" in in_terminal("show", "2", "--versions", cwd=news.parent)


def test_an_export_is_json_lines(warta: Warta, news: Path) -> None:
    lines = warta("export").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [1, 2]


def test_an_export_takes_the_filters_of_a_search(warta: Warta, news: Path) -> None:
    lines = warta("export", "--since", "2026-03-02", "--format", "schema.org").stdout.splitlines()
    assert [json.loads(line)["datePublished"] for line in lines] == ["2026-03-05T10:30:00+07:00"]


def test_an_export_to_a_file_replaces_it_whole(warta: Warta, news: Path) -> None:
    target = news.with_name("news.csv")
    target.write_text("old")
    assert warta("export", "--format", "csv", "-o", target).exit_code == 0
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8"))))
    assert [row["source"] for row in rows] == ["wanamarta", "senandika"]
    assert [path.name for path in news.parent.glob("*.part")] == []


def test_an_export_that_fails_leaves_the_old_file(warta: Warta, tmp_path: Path) -> None:
    target = tmp_path / "news.jsonl"
    target.write_text("old")
    assert warta("export", "--db", "missing.db", "-o", target).exit_code == 3
    assert target.read_text() == "old"


def test_sources_lists_the_catalogue_and_what_the_database_has(warta: Warta, news: Path) -> None:
    listed = {row["slug"]: row for row in answer(warta("sources"))}
    assert listed["wanamarta"]["articles"] == 1
    assert not listed["wanamarta"]["enabled"]
    assert any(row["enabled"] for row in listed.values())


def test_sources_needs_no_database(warta: Warta) -> None:
    assert answer(warta("sources"))
    assert warta("sources", "--db", "missing.db").exit_code == 3


def test_a_source_is_shown_as_declared(warta: Warta) -> None:
    slug = next(row["slug"] for row in answer(warta("sources")) if row["article_url"])
    shown = answer(warta("sources", "show", slug))
    assert shown["slug"] == slug
    assert isinstance(shown["article_url"], str)


def test_runs_tell_what_they_counted(warta: Warta, news: Path) -> None:
    (run,) = answer(warta("runs"))
    assert run["command"] == "crawl"
    shown = answer(warta("runs", "show", "1"))
    assert {"source": "wanamarta", "what": "refused", "reason": "robots.txt", "amount": 3} in shown["counts"]
    assert warta("runs", "show", "9").exit_code == 4


def test_a_terminal_gets_tables_and_cards(news: Path) -> None:
    where = news.parent
    assert "Jembatan Kali Tirta Dibuka Lagi" in in_terminal("search", "jembatan", cwd=where)
    card = safe(in_terminal("show", "1", cwd=where))
    for part in ("Sekar Ayuningtyas", "Warga dua desa bersorak.", "1 comment_prompt", "Tarif perahu turun"):
        assert part in card
    assert "robots.txt" in in_terminal("runs", "show", "1", cwd=where)
    assert "wanamarta" in in_terminal("sources", cwd=where)
    assert "No article" in in_terminal("search", "tiada", cwd=where)
    assert json.loads(safe(in_terminal("show", "1", "--json", cwd=where)))["id"] == 1


def test_a_card_is_had_behind_a_pipe(warta: Warta, news: Path) -> None:
    card = warta("show", "1", "--card").stdout
    assert card.startswith("Jembatan Kali Tirta Dibuka Lagi\n")
    assert warta("show", "1", "--card", "--json").exit_code == 2


def test_a_card_shows_the_place_without_what_parts_it_from_the_story(warta: Warta, news: Path) -> None:
    dateline = next(
        line for line in warta("show", "1", "--card").stdout.splitlines() if line.startswith("dateline")
    )
    assert dateline.split() == ["dateline", "WANAMARTA"]


def test_page_text_cannot_command_a_terminal(news: Path) -> None:
    evil = "Palsu \x1b]0;owned\x07\x1b[2J\x9b31m[red]merah[/red]\u202e"
    url = "https://evil.example/1"
    story = Article(
        url, url, "evil", evil, body=f"{evil} sekali dan selamanya begitu.", section=evil, deck=evil
    )
    story.authors, story.warnings = [evil], [evil]
    with Writer(open_database(news)) as writer:
        writer.store(visit(story))
    for arguments in (
        ["search", "palsu"],
        ["show", "3"],
        ["show", "3", "--json"],
        ["export"],
        ["export", "--format", "csv"],
    ):
        printed = in_terminal(*arguments, cwd=news.parent)
        assert "[red]merah[/red]" in printed
        for attack in ("\x1b]", "\x1b[2J", "\x9b", "\u202e"):
            assert attack not in printed


def test_a_reader_that_goes_away_is_no_error(news: Path) -> None:
    url = "https://wanamarta.example/panjang"
    long = Article(url, url, "wanamarta", "Cerita yang sangat panjang", body="Kata demi kata. " * 100_000)
    with Writer(open_database(news)) as writer:
        writer.store(visit(long))
    with subprocess.Popen(
        [*WARTA, "export"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=news.parent
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141

"""``warta extract``: what goes in, what comes out, what is kept."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from command_line import WARTA, in_terminal

from crawler.extractors import BlockReading, Explanation
from fixtures.site.gold import expected
from fixtures.site.server import Site

Warta = Callable[..., Result]

PARAGRAPHS = [
    "Pedagang di Pasar Wanamarta mulai sibuk sejak subuh. Mereka menata sayur, ikan dan kain di lapak.",
    "Kepala pasar, Damar Wulan, mengatakan jumlah pembeli naik dua kali lipat dibandingkan pekan yang lalu.",
    "Pembeli datang dari desa-desa di sekitar kota, sebagian dengan perahu yang disewa bersama tetangga.",
    "Dinas perdagangan kota menambah dua belas petugas kebersihan sampai hari raya tiba akhir bulan ini.",
]
PAGE = (
    '<!doctype html><html lang="id"><head><title>Pasar Wanamarta Ramai</title>'
    '<link rel="canonical" href="https://wanamarta.example/pasar"></head>'
    "<body><article><h1>Pasar Wanamarta Ramai</h1>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    + "</article></body></html>"
)
TEXT = "\n\n".join(["Pasar Wanamarta Ramai", *PARAGRAPHS])


def records(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(("name", "content"), [("page.html", PAGE), ("story.txt", TEXT), ("story", TEXT)])
def test_a_file_becomes_a_record(warta: Warta, tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    (record,) = records(warta("extract", name))
    assert record["headline"] == "Pasar Wanamarta Ramai"
    assert record["body"] == "\n\n".join(PARAGRAPHS)


def test_several_inputs_are_one_record_a_line_in_their_order(warta: Warta, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "story.txt").write_text(TEXT)
    urls = [
        record["url"]
        for record in records(warta("extract", "story.txt", "-", "page.html", stdin=PAGE.encode()))
    ]
    assert urls == [(tmp_path / "story.txt").as_uri(), *["https://wanamarta.example/pasar"] * 2]


def test_the_original_address_may_be_given(warta: Warta) -> None:
    (record,) = records(warta("extract", "-", "--url", "https://senandika.example/1", stdin=TEXT.encode()))
    assert record["url"] == "https://senandika.example/1"


@pytest.mark.parametrize("inputs", [["a.html", "b.html"], ["https://senandika.example/1"]])
def test_an_address_belongs_to_one_saved_page(warta: Warta, inputs: list[str]) -> None:
    assert warta("extract", *inputs, "--url", "https://senandika.example/1").exit_code == 2


@pytest.mark.parametrize("content", [PAGE, TEXT])
def test_explain_gives_each_block_its_role_and_why(warta: Warta, content: str) -> None:
    (explained,) = records(warta("extract", "-", "--explain", stdin=content.encode()))
    blocks = explained["blocks"]
    assert [block["text"] for block in blocks if block["role"] == "story"] == PARAGRAPHS
    assert all(block["reason"] for block in blocks)


def test_save_also_stores(warta: Warta, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    result = warta("extract", "page.html", "--save", "kept.db")
    assert result.stderr == "warta: page.html: new, article 1.\n"
    assert (
        warta("extract", "page.html", "--save", "kept.db").stderr
        == "warta: page.html: unchanged, article 1.\n"
    )
    assert json.loads(warta("show", "1", "--db", "kept.db").stdout)["headline"] == "Pasar Wanamarta Ramai"


def test_what_is_no_article_is_printed_but_not_saved(warta: Warta) -> None:
    result = warta("extract", "-", "--save", "kept.db", stdin=b"<h1>404 Not Found</h1>")
    assert result.exit_code == 4
    assert "is not stored" in result.stderr
    assert json.loads(result.stdout)["body"] == ""
    assert json.loads(warta("search", "--db", "kept.db").stdout) == []


def test_a_terminal_gets_a_card_and_a_table_of_blocks(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    assert "Pasar Wanamarta Ramai" in in_terminal("extract", "page.html", cwd=tmp_path)
    explained = in_terminal("extract", "page.html", "--explain", cwd=tmp_path)
    assert "headline" in explained
    assert "Kepala pasar" in explained


def test_a_url_is_fetched_and_read(tmp_path: Path) -> None:
    story = next(record for record in expected().values() if "badai-salju" in record["path"])
    with Site() as site:
        home = site.urls["kabar-senandika"]
        done = subprocess.run(
            [*WARTA, "extract", home + story["path"], f"{home}/tidak-ada"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == f"warta: {home}/tidak-ada: could not be read: http 404.\n"
    assert json.loads(done.stdout)["headline"] == story["headline"]


def test_tables_of_explain_end_with_the_article(warta: Warta, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = [
        BlockReading(0, "p", "story", "score 0.95", 0.95, PARAGRAPHS[0]),
        BlockReading(1, "p", "outside", "", 0.01, "Pedoman Media Siber"),
    ]
    monkeypatch.setattr("crawler.cli.extract.explain_saved", lambda *_: Explanation(blocks, []))
    shown = warta("extract", "-", "--explain", "--card", stdin=PAGE.encode()).stdout
    assert "Pedagang di Pasar" in shown
    assert "Pedoman" not in shown
    assert "--all" in shown
    for everything in (["--card", "--all"], ["--json"]):
        whole = warta("extract", "-", "--explain", *everything, stdin=PAGE.encode()).stdout
        assert "Pedoman" in whole


def test_a_fetched_page_is_explained(tmp_path: Path) -> None:
    story = next(record for record in expected().values() if "badai-salju" in record["path"])
    with Site() as site:
        done = subprocess.run(
            [*WARTA, "extract", "--explain", site.urls["kabar-senandika"] + story["path"]],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    first = json.loads(done.stdout)["blocks"][0]
    assert (first["role"], first["text"]) == ("headline", story["headline"])

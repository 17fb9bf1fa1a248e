"""``warta import``: saved pages take the road of crawled ones."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from command_line import in_terminal

Warta = Callable[..., Result]

STORY = (
    "Pedagang di Pasar Wanamarta mulai sibuk sejak subuh. Mereka menata sayur, ikan dan kain di lapak {0}. "
    "Kepala pasar mengatakan jumlah pembeli naik dua kali lipat dibandingkan dengan pekan {0} yang lalu.",
    "Pembeli datang dari desa {0} di sekitar kota, sebagian dengan perahu yang disewa bersama tetangga. "
    "Dinas perdagangan menambah {0} petugas kebersihan sampai hari raya tiba pada akhir bulan ini.",
)


def page(address: str, number: str) -> bytes:
    story = "".join(f"<p>{paragraph.format(number)}</p>" for paragraph in STORY)
    return (
        f'<!doctype html><html lang="id"><head><link rel="canonical" href="https://{address}"></head>'
        f"<body><article><h1>Pasar Wanamarta Ramai di Hari {number}</h1>{story}</article></body></html>"
    ).encode()


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Two stories, a copy of the first at another outlet, a front page, and two files that cannot be read."""
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "1.html").write_bytes(page("wanamarta.example/satu", "pertama"))
    (folder / "2.html.gz").write_bytes(gzip.compress(page("wanamarta.example/dua", "kedua")))
    (folder / "3.html").write_bytes(page("senandika.example/salinan", "pertama"))
    (folder / "4.html").write_bytes(b"<!doctype html><h1>Halaman tidak ditemukan</h1>")
    (folder / "5.html").write_bytes(b"")
    (folder / "6.html").write_bytes(b"%PDF-1.7")
    return folder


def summary(result: Result) -> dict[str, Any]:
    assert result.exit_code == 1, result.stderr
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def test_every_page_is_accounted_for(warta: Warta, pages: Path) -> None:
    result = warta("import", pages)
    told = summary(result)
    assert (told["stored"], told["folded"], told["unchanged"]) == (2, 1, 0)
    assert sum(told["refused"].values()) == 1
    assert [Path(failure["file"]).name for failure in told["failed"]] == ["5.html", "6.html"]
    assert len(result.stderr.splitlines()) == 3  # the two that failed, and how many have no outlet


def test_importing_again_changes_nothing(warta: Warta, pages: Path) -> None:
    warta("import", pages)
    told = summary(warta("import", pages))
    assert (told["stored"], told["updated"], told["unchanged"] + told["folded"]) == (0, 0, 3)
    assert len(json.loads(warta("search", "pasar", "--copies").stdout)) == 3


def test_the_run_is_recorded_with_its_reasons(warta: Warta, pages: Path) -> None:
    run = summary(warta("import", pages))["run"]
    record = json.loads(warta("runs", "show", run).stdout)
    assert (record["command"], record["reason"]) == ("import", "finished")
    amounts = {(count["what"], count["reason"]): count["amount"] for count in record["counts"]}
    assert amounts["stored", None] == 2
    assert amounts["failed", "unreadable"] == 2


def test_the_order_of_files_does_not_change_what_is_told(warta: Warta, pages: Path) -> None:
    files = sorted(pages.glob("*.html*"))
    one = summary(warta("import", *files, "--db", "one.db"))
    other = summary(warta("import", *reversed(files), "--db", "other.db"))
    assert {**other, "failed": sorted(other["failed"], key=str)} == one
    (copy,) = [
        hit for hit in json.loads(warta("search", "--copies", "--db", "other.db").stdout) if hit["copy_of"]
    ]
    assert copy["url"] == "https://wanamarta.example/satu"


def test_the_outlet_may_be_named(warta: Warta, pages: Path) -> None:
    warta("import", pages / "1.html", "--source", "kompas")
    assert json.loads(warta("show", "1").stdout)["source"] == "kompas"


def test_only_unreadable_files_are_a_failure_of_all(warta: Warta, pages: Path) -> None:
    assert warta("import", pages / "5.html", pages / "6.html").exit_code == 4


def test_a_terminal_gets_a_table(pages: Path) -> None:
    printed = in_terminal("import", pages, cwd=pages.parent)
    for part in ("stored", "folded", "refused", "error page", "5.html: is empty."):
        assert part in printed

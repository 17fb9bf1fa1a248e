"""``warta import``: saved pages take the road of crawled ones."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from command_line import in_terminal

from crawler.cli import import_, main
from crawler.importing.keeping import Keeper
from crawler.items import Visit
from crawler.readers import Readers
from pipelines.database import open_database

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


AMOUNT = 6
STOP = 4
#: Pages of which are stored when a run is stopped.


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory, a zip and a tar archive of the same pages; six are many here, and read at once."""
    monkeypatch.setattr(import_, "_FEW", AMOUNT - 1)
    monkeypatch.setattr(import_, "Readers", lambda number, seconds: Readers(0, seconds=seconds))
    folder = tmp_path / "shelf"
    folder.mkdir()
    for number in range(AMOUNT):
        (folder / f"{number:02}.html").write_bytes(page(f"wanamarta.example/{number}", f"ke-{number}"))
    for form in ("zip", "tar"):
        shutil.make_archive(str(tmp_path / "shelf"), form, folder)
    return folder


def rows(database: str) -> list[tuple[Any, ...]]:
    with closing(open_database(database, readonly=True)) as db:
        articles = "SELECT id, url, headline, body FROM articles ORDER BY id"
        fetches = "SELECT id, article_id, outcome FROM fetches ORDER BY id"
        return [*db.execute(articles).fetchall(), *db.execute(fetches).fetchall()]


@pytest.mark.parametrize(
    ("form", "stop"),
    [("", signal.SIGINT), (".zip", signal.SIGKILL), (".tar", signal.SIGINT)],
)
def test_a_stopped_import_of_saved_pages_goes_on_where_it_was(
    warta: Warta, shelf: Path, form: str, stop: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{shelf}{form}"
    child = os.fork()
    if child == 0:
        keep, kept = Keeper.keep, 0

        def counted(self: Keeper, visit: Visit) -> Any:
            nonlocal kept
            kept += 1
            if kept == STOP:
                self.writer.flush()
                os.kill(os.getpid(), stop)
            return keep(self, visit)

        monkeypatch.setattr(Keeper, "keep", counted)
        with suppress(BaseException):
            main(["import", name, "--db", "stopped.db"])
        os._exit(0)
    os.waitpid(child, 0)
    stored = len(rows("stopped.db")) // 2
    assert STOP - 1 <= stored < AMOUNT
    told = warta("import", name, "--db", "stopped.db")
    assert f"behind {'the first ' if not form else ''}{stored}" in told.stderr
    assert json.loads(told.stdout)["stored"] == AMOUNT - stored
    warta("import", name, "--db", "whole.db")
    assert rows("stopped.db") == rows("whole.db")


def test_an_archive_of_pages_that_was_imported_is_passed_over_unless_asked_for(
    warta: Warta, shelf: Path
) -> None:
    name = f"{shelf}.zip"
    (archive,) = json.loads(warta("import", name).stdout)["archives"]
    assert (archive["records"], archive["pages"], archive["left_out"]) == (AMOUNT, AMOUNT, {})
    again = warta("import", name)
    assert "was imported before" in again.stderr
    assert json.loads(again.stdout)["unchanged"] == 0
    assert json.loads(warta("import", name, "--again").stdout)["unchanged"] == AMOUNT


def test_what_an_archive_that_was_cut_still_holds_is_stored_and_it_is_not_taken_as_done(
    warta: Warta, shelf: Path
) -> None:
    whole = Path(f"{shelf}.tar").read_bytes()
    cut = shelf.parent / "cut.tar.gz"
    packed = gzip.compress(whole, 0)
    cut.write_bytes(packed[: len(packed) // 2])
    told = summary(warta("import", cut))
    assert 0 < told["stored"] < AMOUNT
    assert "damaged" in told["failed"][0]["reason"]
    again = warta("import", cut)
    assert json.loads(again.stdout)["stored"] == 0
    assert "goes on behind" in again.stderr
    cut.write_bytes(packed)
    assert json.loads(warta("import", cut).stdout)["stored"] == AMOUNT - told["stored"]


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

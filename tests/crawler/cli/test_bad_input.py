"""Bad input and bad places: one clear line, the documented code, and nothing lost."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import Result
from command_line import WARTA

Warta = Callable[..., Result]

STORY = b"""Pasar Wanamarta Ramai Menjelang Hari Raya

Oleh Sekar Ayuningtyas

WANAMARTA - Pedagang di Pasar Wanamarta mulai sibuk sejak subuh. Mereka menata sayur, ikan dan kain di lapak.

Kepala pasar, Damar Wulan, mengatakan jumlah pembeli naik dua kali lipat dibandingkan dengan pekan yang lalu.

Pembeli datang dari desa-desa di sekitar kota, sebagian dengan perahu yang disewa bersama para tetangga.
"""


def page(number: int) -> bytes:
    paragraphs = STORY.decode().strip().split("\n\n")
    body = "".join(f"<p>{paragraph} Ini cerita ke-{number}.</p>" for paragraph in paragraphs[2:])
    return (
        f'<!doctype html><html lang="id"><head><title>Pasar {number}</title>'
        f'<link rel="canonical" href="https://wanamarta.example/pasar/{number}">'
        f"</head><body><article><h1>Pasar Wanamarta Ramai, Bagian {number}</h1>{body}</article></body></html>"
    ).encode()


def complaint(result: Result, code: int) -> str:
    """The one line of an error."""
    assert result.exit_code == code, (result.stderr, result.exception)
    (line,) = result.stderr.splitlines()
    assert line.startswith("warta: ")
    return line


USES = [["search", "x"], ["query", "SELECT 1"], ["show", "1"], ["export"], ["runs"], ["sources"]]


@pytest.mark.parametrize("use", USES, ids=lambda use: use[0])
def test_a_missing_database_is_named_and_not_made(warta: Warta, tmp_path: Path, use: list[str]) -> None:
    assert "missing.db" in complaint(warta(*use, "--db", "missing.db"), 3)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("use", [*USES, ["import", "page.html"]], ids=lambda use: use[0])
def test_a_file_that_is_no_database_is_left_as_it_is(warta: Warta, tmp_path: Path, use: list[str]) -> None:
    (tmp_path / "page.html").write_bytes(page(1))
    other = tmp_path / "notes.db"
    other.write_bytes(b"Belanja: beras, gula, kopi.\n" * 200)
    assert "notes.db" in complaint(warta(*use, "--db", other), 3)
    assert other.read_bytes() == b"Belanja: beras, gula, kopi.\n" * 200


@pytest.mark.parametrize("use", [*USES, ["import", "page.html"]], ids=lambda use: use[0])
def test_a_database_of_a_newer_version_is_left_as_it_is(warta: Warta, news: Path, use: list[str]) -> None:
    news.with_name("page.html").write_bytes(page(1))
    with sqlite3.connect(news) as db:
        (table,) = db.execute("SELECT name FROM sqlite_master WHERE name LIKE '%migrations'").fetchone()
        db.execute(
            f"INSERT INTO {table} (migration_set, name, applied_at) VALUES ('warta', '9999_new', '2099')"
        )
    assert "newer" in complaint(warta(*use), 3)


def test_a_locked_database_is_said_to_be_locked(warta: Warta, news: Path) -> None:
    news.with_name("page.html").write_bytes(page(1))
    with sqlite3.connect(news, isolation_level=None) as db:
        db.execute("BEGIN IMMEDIATE")
        assert "locked" in complaint(warta("import", "page.html"), 3)
        assert warta("search", "jembatan").exit_code == 0
        db.execute("ROLLBACK")


def test_a_database_needs_a_directory(warta: Warta, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(page(1))
    assert "nowhere" in complaint(warta("import", "page.html", "--db", "nowhere/news.db"), 3)
    complaint(warta("import", "page.html", "--db", tmp_path), 3)


def test_an_unknown_source_is_named(warta: Warta) -> None:
    assert "kompaz" in complaint(warta("sources", "show", "kompaz"), 2)
    assert "kompaz" in complaint(warta("import", "page.html", "--source", "kompaz"), 2)


@pytest.mark.parametrize("command", ["search", "export"])
def test_a_question_about_an_unknown_source_names_near_ones(warta: Warta, news: Path, command: str) -> None:
    line = complaint(warta(command, "--source", "wanamrata"), 2)
    assert "wanamrata" in line
    assert "Did you mean wanamarta" in line
    assert "kompas" in complaint(warta(command, "--source", "kompaz"), 2)


@pytest.mark.parametrize("command", ["search", "export"])
def test_a_source_without_articles_is_no_unknown_one(warta: Warta, news: Path, command: str) -> None:
    assert warta(command, "--source", "kompas").exit_code == 0


@pytest.mark.parametrize("digits", [19, 20, 5_000])
def test_no_number_is_too_long(warta: Warta, news: Path, digits: int) -> None:
    line = complaint(warta("show", "9" * digits), 4)
    assert len(line) < 400
    number = "9" * min(digits, 4_000)
    assert warta("runs", "show", number).exit_code == 4
    assert warta("search", "--limit", number).exit_code == 0
    assert warta("runs", "--limit", number).exit_code == 0


def test_a_database_whose_name_cannot_be_looked_up_is_an_error_of_the_database(warta: Warta) -> None:
    assert "too long" in complaint(warta("runs", "--db", "n" * 300), 3)


def test_a_source_file_with_a_fault_is_named(
    warta: Warta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "surat.toml").write_text('name = "Surat"\ndomain = "surat.example"\n')
    monkeypatch.setenv("WARTA_SOURCES", str(tmp_path / "own"))
    assert "surat.toml" in complaint(warta("sources"), 2)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.html", b"", "is empty"),
        ("report.pdf", b"%PDF-1.7\n", "is a PDF"),
        ("image.html", b"\x89PNG\r\n\x1a\n", "is a PNG image"),
        ("cut.html.gz", b"\x1f\x8b\x08", "damaged gzip"),
        ("huge.html", b"<div>" * 20_000_000, "larger than a page"),
    ],
)
@pytest.mark.parametrize("command", ["extract", "import"])
def test_what_is_no_page_is_named(
    warta: Warta, tmp_path: Path, command: str, name: str, data: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(data)
    line = complaint(warta(command, name), 4)
    assert name in line
    assert said in line


@pytest.mark.parametrize(
    "data",
    [
        b"<div>" * 1_000_000,
        b"<div>" * 100_000 + b"<p>Pasar ramai.</p>",
        page(1).replace(b"Damar", b"Da\x00mar"),
        page(1).replace(b"<head>", b'<head><meta charset="utf-7">'),
        page(1).replace(b"<head>", b'<head><meta charset="nonsense">').replace(b"Damar", b"D\xe9mar"),
        page(1).decode().encode("utf-16"),
    ],
    ids=["wide", "deep", "NUL byte", "bad charset", "wrong charset", "UTF-16"],
)
def test_an_odd_page_is_read_as_far_as_it_goes(warta: Warta, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "odd.html").write_bytes(data)
    result = warta("extract", "odd.html")
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.exit_code in (0, 4)
    assert result.stderr.count("\n") <= 1
    assert "Damar" not in data.decode("latin-1") or "Pasar Wanamarta Ramai" in result.stdout


def test_one_bad_input_does_not_cost_the_others(warta: Warta, tmp_path: Path) -> None:
    (tmp_path / "good.html").write_bytes(page(1))
    result = warta("extract", "missing.html", "good.html")
    assert result.exit_code == 1
    assert "missing.html" in result.stderr
    assert "Bagian 1" in result.stdout
    result = warta("import", "missing.html", "good.html")
    assert result.exit_code == 1
    assert '"stored": 1' in result.stdout


def test_a_host_that_cannot_be_reached_is_named(warta: Warta) -> None:
    done = subprocess.run(
        [*WARTA, "extract", "http://127.0.0.1:9/berita"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 4
    assert "127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr


@contextmanager
def without_rights_of_root() -> Iterator[None]:
    """Nothing to do for an ordinary user; root, who may read and write everything, becomes nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def shared() -> Iterator[Path]:
    """A directory that every user may enter; pytest's own are the user's alone."""
    with TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)
        for path in Path(name).rglob("*"):
            path.chmod(0o755)


def test_a_directory_that_may_not_be_read_is_named(warta: Warta, shared: Path) -> None:
    (shared / "page.html").write_bytes(page(1))
    (shared / "closed").mkdir()
    (shared / "news").mkdir(mode=0o777)
    (shared / "news").chmod(0o777)
    (shared / "closed" / "page.html").write_bytes(page(2))
    warta("import", shared / "page.html", "--db", "first.db")  # everything is imported as root
    (shared / "closed").chmod(0)
    with without_rights_of_root():
        line = complaint(warta("import", shared / "closed", "--db", shared / "news" / "news.db"), 4)
        assert "Permission denied" in line
        assert "closed" in line
        line = complaint(warta("extract", shared / "closed" / "page.html"), 4)
        assert "Permission denied" in line


def test_a_directory_that_may_not_be_written_is_named(warta: Warta, shared: Path, news: Path) -> None:
    (shared / "page.html").write_bytes(page(1))
    warta("import", shared / "page.html", "--db", "first.db")
    shutil.copy(news, shared / "old.db")
    before = (shared / "old.db").read_bytes()
    readable = shared / "open" / "news.db"
    readable.parent.mkdir()
    shutil.copy(news, readable)
    readable.parent.chmod(0o777)
    shared.chmod(0o555)
    with without_rights_of_root():
        for database in ("new.db", "old.db"):
            line = complaint(warta("import", shared / "page.html", "--db", shared / database), 3)
            assert database in line
        assert "export.jsonl" in complaint(
            warta("export", "-o", shared / "export.jsonl", "--db", readable), 1
        )
    shared.chmod(0o755)
    assert (shared / "old.db").read_bytes() == before


def stored_headlines(database: Path) -> list[str]:
    """Headlines of a database that must be whole."""
    with sqlite3.connect(database) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [headline for (headline,) in db.execute("SELECT headline FROM articles")]


def pages_under(directory: Path, count: int) -> Path:
    directory.mkdir()
    for number in range(count):
        (directory / f"{number:03}.html").write_bytes(page(number))
    return directory


def test_a_disk_that_fails_while_writing_loses_nothing_stored_before(
    warta: Warta, news: Path, tmp_path: Path
) -> None:
    pages = pages_under(tmp_path / "pages", 80)
    size = news.stat().st_size

    def small_files_only() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40_000, size + 40_000))

    failed = subprocess.run(
        [*WARTA, "import", pages, "--db", news],
        preexec_fn=small_files_only,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert failed.returncode == 3
    assert failed.stderr.startswith("warta: ")
    assert failed.stderr.count("\n") == 1
    assert "Jembatan Kali Tirta Dibuka Lagi" in stored_headlines(news)
    assert warta("import", pages, "--db", news).exit_code == 0
    assert len(stored_headlines(news)) == 82


def test_a_full_disk_is_said_to_be_full(warta: Warta, tmp_path: Path) -> None:
    pages = pages_under(tmp_path / "pages", 80)
    (tmp_path / "disk").mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "warta-test", tmp_path / "disk"],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("a small disk needs the right to mount")
    try:
        assert "full" in complaint(warta("import", pages, "--db", tmp_path / "disk" / "news.db"), 3)
    finally:
        subprocess.run(["umount", "--lazy", tmp_path / "disk"], check=True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("onto_standard_output", [True, False])
def test_an_output_that_cannot_be_written_is_an_error(news: Path, onto_standard_output: bool) -> None:
    with open("/dev/full", "wb") as full:
        where = [] if onto_standard_output else ["-o", "/dev/full"]
        done = subprocess.run(
            [*WARTA, "export", *where],
            cwd=news.parent,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "warta: No space left on device.\n"


def test_ctrl_c_keeps_what_was_stored_before(tmp_path: Path) -> None:
    (tmp_path / "first.html").write_bytes(page(1))
    os.mkfifo(tmp_path / "second.html")  # reading it waits for a writer that never comes
    with subprocess.Popen(
        [*WARTA, "import", "first.html", "second.html"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as process:
        writer = os.open(tmp_path / "second.html", os.O_WRONLY)  # returns when the import opens it
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        os.close(writer)
    assert process.returncode == 130
    assert said.strip() == "warta: interrupted"
    assert stored_headlines(tmp_path / "news.db") == ["Pasar Wanamarta Ramai, Bagian 1"]
    with sqlite3.connect(tmp_path / "news.db") as db:
        assert db.execute("SELECT reason FROM runs").fetchall() == [("interrupted",)]


def test_ctrl_c_ends_a_fetch(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/berita"
        with subprocess.Popen(
            [*WARTA, "extract", url, "--save", "kept.db"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
        ) as process:
            silent.accept()  # the fetch has begun
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.strip() == "warta: interrupted"
    assert stored_headlines(tmp_path / "kept.db") == []

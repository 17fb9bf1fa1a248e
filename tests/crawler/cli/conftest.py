"""A small database, and the command line within this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from command_line import visit

from crawler.cli import main
from crawler.items import Article, Boilerplate, Dateline, Link
from pipelines.database import Writer, open_database

STORIES = [
    Article(
        url="https://wanamarta.example/jembatan",
        canonical_url="https://wanamarta.example/jembatan",
        source="wanamarta",
        headline="Jembatan Kali Tirta Dibuka Lagi",
        authors=["Sekar Ayuningtyas"],
        dateline=Dateline("WANAMARTA –", place="WANAMARTA"),
        published="2026-03-01T08:00:00+07:00",
        section="Daerah",
        language="id",
        body="Jembatan gantung di atas Kali Tirta dibuka lagi pada Minggu pagi.\n\nWarga dua desa bersorak.",
        related=[Link("Tarif perahu turun", "https://wanamarta.example/perahu")],
        boilerplate=[Boilerplate("comment_prompt", "Tinggalkan Balasan")],
    ),
    Article(
        url="https://senandika.example/panen",
        canonical_url="https://senandika.example/panen",
        source="senandika",
        headline="Panen Padi di Lembah Senandika Melimpah",
        authors=["Damar Wulan"],
        dateline=Dateline("SENANDIKA –", place="SENANDIKA"),
        published="2026-03-05T10:30:00+07:00",
        section="Ekonomi",
        language="id",
        body="Petani di Lembah Senandika memanen padi lebih banyak dari tahun lalu.\n\nHarga gabah tetap.",
    ),
]


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database that :func:`news` copies."""
    path = tmp_path_factory.mktemp("stored") / "news.db"
    with Writer(open_database(path, create=True)) as writer:
        run = writer.start_run("crawl", ["wanamarta", "senandika"])
        for article in STORIES:
            writer.store(visit(article), run)
        writer.count(run, "wanamarta", "refused", 3, reason="robots.txt")
        writer.finish_run(run, reason="finished", stats={})
        writer.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture
def news(stored: Path, tmp_path: Path) -> Path:
    """A database of two stories and one run, the test's own."""
    return Path(shutil.copy(stored, tmp_path / "news.db"))


@pytest.fixture
def warta(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command in this process, in a directory of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WARTA_DB", raising=False)
    monkeypatch.delenv("WARTA_SOURCES", raising=False)

    def run(*arguments: object, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)

    return run

"""``warta export``: forms, going on where one ended, and memory that stays flat."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet
import pytest
from click.testing import Result
from command_line import WARTA, in_terminal, visit

from crawler.items import Article
from pipelines.database import Writer, open_database
from pipelines.database.asking.queries import articles
from pipelines.formats import CSV_COLUMNS

Warta = Callable[..., Result]

#: Runs a command and prints the most memory it held, in KiB, on standard error.
MEASURED = """
import atexit, resource, sys
atexit.register(lambda: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr))
from crawler.cli import main
main(prog_name="warta")
"""


#: Parquet holds a group of rows at a time: smaller ones show sooner whether it lets go of them.
SMALL_GROUPS = "import pipelines.parquet; pipelines.parquet.ROWS = 100\n"


def fill(path: Path, amount: int, *, paragraphs: int = 1) -> None:
    """Add articles, each with words of its own."""
    with Writer(open_database(path, create=True)) as writer:
        for n in range(amount):
            url = f"https://wanamarta.example/banyak/{n}"
            body = "\n\n".join(f"Kalimat {n} nomor {part}. " * 40 for part in range(paragraphs))
            writer.store(visit(Article(url, url, "wanamarta", f"Berita {n}", body=body)))
    writer.db.close()


def ids(result: Result) -> list[int]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line)["id"] for line in result.stdout.splitlines()]


def test_parquet_has_the_columns_of_csv_with_types(warta: Warta, news: Path) -> None:
    assert warta("export", "--format", "parquet", "-o", "news.parquet").exit_code == 0
    rows = pyarrow.parquet.read_table(news.with_name("news.parquet"))
    assert rows.column_names[: len(CSV_COLUMNS)] == list(CSV_COLUMNS)
    first, second = rows.to_pylist()
    assert (first["id"], first["complete"], first["copy_of"]) == (1, True, None)
    assert first["authors"] == ["Sekar Ayuningtyas"]
    assert first["published_utc"] == datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
    assert second["body"].endswith("\n\nHarga gabah tetap.")


def test_parquet_goes_through_a_pipe(news: Path) -> None:
    done = subprocess.run(
        [*WARTA, "export", "--format", "parquet"], cwd=news.parent, capture_output=True, check=True
    )
    assert pyarrow.parquet.read_table(pyarrow.BufferReader(done.stdout)).num_rows == 2


def test_parquet_is_not_written_to_a_terminal(news: Path) -> None:
    printed = in_terminal("export", "--format", "parquet", cwd=news.parent)
    assert "give a file with -o" in printed
    assert "PAR1" not in printed


def test_without_pyarrow_an_error_says_how_it_is_had(
    warta: Warta, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = warta("export", "--format", "parquet", "-o", "news.parquet")
    assert result.exit_code == 2
    assert "pip install 'warta[parquet]'" in result.stderr
    assert not news.with_name("news.parquet").exists()


def test_an_export_of_nothing_is_a_file_without_rows(warta: Warta, news: Path) -> None:
    assert warta("export", "--format", "parquet", "-o", "no.parquet", "--language", "xx").exit_code == 0
    assert pyarrow.parquet.read_table(news.with_name("no.parquet")).num_rows == 0


def test_an_export_goes_on_behind_an_id(warta: Warta, news: Path) -> None:
    result = warta("export", "-o", "first.jsonl")
    assert "2 articles are in first.jsonl" in result.stderr
    assert result.stderr.rstrip().endswith("--after 2")
    fill(news, 3)
    assert ids(warta("export", "--after", 2)) == [3, 4, 5]
    assert ids(warta("export", "--after", 2, "--source", "senandika")) == []
    assert ids(warta("export", "--after", "9" * 40)) == []


def test_an_export_goes_on_behind_a_moment(warta: Warta, news: Path) -> None:
    with Writer(open_database(news)) as writer:
        url = "https://wanamarta.example/kemudian"
        later = visit(Article(url, url, "wanamarta", "Kemudian", body="Berita yang datang kemudian."))
        later.fetch.fetched_at = "2026-03-07T00:00:00Z"
        writer.store(later)
    assert ids(warta("export", "--after", "2026-03-05")) == [1, 2, 3]
    assert ids(warta("export", "--after", "2026-03-06T00:00:00Z")) == [3]
    assert ids(warta("export", "--after", "2026-03-07T07:00:00+07:00")) == []
    assert warta("export", "--after", "kemarin").exit_code == 2


@pytest.fixture(scope="module")
def two_sizes(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A small database, and one four times as large."""
    where = tmp_path_factory.mktemp("sizes")
    for amount in (400, 1_600):
        fill(where / f"{amount}.db", amount, paragraphs=32)
    return sorted(where.glob("*.db"), key=lambda path: path.stat().st_size)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "schema.org"])
def test_memory_stays_flat_however_much_is_exported(two_sizes: list[Path], form: str) -> None:
    peaks = []
    for path in two_sizes:
        done = subprocess.run(
            [sys.executable, "-c", SMALL_GROUPS + MEASURED, "export", "--db", path, "--format", form],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=True,
        )
        peaks.append(int(done.stderr.split()[-1]) / 1024)
    assert two_sizes[1].stat().st_size > 30 * 2**20
    assert peaks[1] - peaks[0] < 12, f"{peaks[0]:.0f} MiB for 400 articles, {peaks[1]:.0f} for 1,600"


def test_a_writer_is_not_held_up_by_a_reader_that_stands_still(news: Path) -> None:
    fill(news, 600)
    db = open_database(news, readonly=True)
    records = articles(db)
    next(records)
    with Writer(open_database(news)) as writer:
        writer.store(
            visit(Article("https://a.example/1", "https://a.example/1", "a", "Baru", body="Baru saja."))
        )
        writer.flush()
        [(busy, pages, moved)] = writer.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert (busy, pages, moved) == (0, 0, 0)
    assert next(records)["id"] == 2
    db.close()

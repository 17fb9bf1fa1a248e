"""Archives become Parquet shards: whole, once, with a manifest, and readable by what reads Parquet."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.dataset
import pytest
from click.testing import CliRunner

from crawler.cli import main
from crawler.extract_many import cluster, reading
from crawler.extract_many.calls import Apart, Here
from crawler.extract_many.manifest import write_manifest
from crawler.extract_many.pool import run_pool
from crawler.extract_many.rows import row_of, visit_of
from crawler.extract_many.shard import Made, Setup, make_shard
from crawler.extract_many.shares import Share, cut
from crawler.items import Visit
from crawler.readers import Readers, Unreadable
from crawler.sources import Catalogue

sys.path.append(str(Path(__file__).parents[1] / "archives"))
from paper_trail import address, stories, story

AMOUNT = 30


@pytest.fixture
def news(tmp_path: Path) -> str:
    path = tmp_path / "news.warc.gz"
    paper = stories(AMOUNT)
    paper.answer(address(1_000), b"%PDF", kind="application/pdf")
    path.write_bytes(paper.data)
    return str(path)


@pytest.fixture
def to(tmp_path: Path) -> str:
    (tmp_path / "shards").mkdir()
    return str(tmp_path / "shards")


def shares(*inputs: str, size: int = 4_000) -> list[Share]:
    found = list(cut(inputs, share_bytes=size, rules=""))
    assert all(isinstance(share, Share) for share in found)
    return [share for share in found if isinstance(share, Share)]


def rows(to: str) -> list[dict[str, Any]]:
    table = pyarrow.dataset.dataset(to, format="parquet").to_table()
    return sorted(table.to_pylist(), key=lambda row: str(row["url"]))


def test_the_shares_of_a_file_become_shards_that_hold_each_page_once(news: str, to: str) -> None:
    made = [make_shard(share, Setup(to)) for share in shares(news)]
    assert len(made) > 2
    assert sorted(row["url"] for row in rows(to)) == sorted(address(number) for number in range(AMOUNT))
    assert sum(shard.records for shard in made) == AMOUNT + 1
    assert [shard.left_out for shard in made if shard.left_out] == [{"type PDF": 1}]


def test_a_shard_that_is_there_is_not_made_again(news: str, to: str) -> None:
    (share,) = shares(news, size=1 << 30)
    first = make_shard(share, Setup(to))
    (path,) = Path(to).iterdir()
    before = path.stat().st_mtime_ns
    assert make_shard(share, Setup(to)) == first
    assert path.stat().st_mtime_ns == before


def test_the_same_share_gives_the_same_bytes(news: str, to: str, tmp_path: Path) -> None:
    (share,) = shares(news, size=1 << 30)
    (tmp_path / "other").mkdir()
    make_shard(share, Setup(to))
    make_shard(share, Setup(str(tmp_path / "other")))
    assert (Path(to) / share.shard).read_bytes() == (tmp_path / "other" / share.shard).read_bytes()


def test_a_shard_appears_whole_or_not_at_all(news: str, to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(*_: Any) -> Iterator[tuple[str, None]]:
        yield "type image", None
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crawler.extract_many.shard.read_share", stops)
    (share,) = shares(news, size=1 << 30)
    with pytest.raises(OSError, match="No space"):
        make_shard(share, Setup(to))
    assert list(Path(to).iterdir()) == []


def test_a_row_gives_the_record_back(news: str, to: str) -> None:
    (share,) = shares(news, size=1 << 30)
    with Here() as call:
        found = list(reading.read_share(share, Catalogue([]), Every(), call))  # type: ignore[arg-type]
    visits = [one for one in found if isinstance(one, Visit)]
    assert len(visits) == AMOUNT
    for visit in visits:
        again = visit_of(row_of(visit))
        assert (again.article, again.fetch) == (visit.article, visit.fetch)


class Every:
    def against_address(self, url: str) -> str | None:
        return None


def test_a_page_that_kills_its_reader_is_set_aside_where_pages_are_read_apart() -> None:
    with Apart() as call:
        assert call(abs, -2) == 2
        with pytest.raises(Unreadable, match="SIGKILL"):
            call(os.kill, 0, signal.SIGKILL)
        assert call(abs, -4) == 4


def test_the_pool_makes_every_shard(news: str, to: str) -> None:
    made = list(run_pool(shares(news, size=8_000), Setup(to), 2))
    assert all(isinstance(one, Made) for one in made)
    assert len(rows(to)) == AMOUNT


def test_saved_pages_and_kept_ones_become_rows_and_rows_become_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("saved").mkdir()
    for number in range(3):
        link = f"<link rel=canonical href={address(number)}>".encode()
        Path("saved", f"{number}.html").write_bytes(story(number).replace(b"<body>", link + b"<body>"))

    def warta(*arguments: str) -> dict[str, Any]:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
        told: dict[str, Any] = json.loads(result.stdout)
        return told

    warta("import", "saved", "--db", "news.db")
    monkeypatch.setattr("crawler.cli.extract_many.run_pool", here)
    assert warta("extract-many", "saved", "news.db", "--to", "shards")["articles"] == 6
    manifest = json.loads(Path("shards/_manifest.json").read_text())
    assert manifest["rows"] == 6
    assert {Path(shard["input"]).name for shard in manifest["shards"]} == {"saved", "news.db"}
    assert warta("import", "shards", "--db", "folded.db")["stored"] == 3
    Path("saved/3.html").write_bytes(story(3))
    assert warta("extract-many", "saved", "--to", "shards")["articles"] == 4
    assert json.loads(Path("shards/_manifest.json").read_text())["rows"] == 7
    assert len(rows("shards")) == 7


def test_inputs_and_shards_may_be_urls(tmp_path: Path, news: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path(news).rename("in/news.warc.gz")
    Path("in/1.html").write_bytes(story(900))
    inputs, shards = (tmp_path / "in").as_uri(), (tmp_path / "out" / "shards").as_uri()
    monkeypatch.setattr("crawler.cli.extract_many.run_pool", here)
    monkeypatch.setattr("crawler.cli.import_.Readers", lambda number, seconds: Readers(0, seconds=seconds))
    told = CliRunner().invoke(main, ["extract-many", inputs, "--to", shards, "--share", "1"])
    assert json.loads(told.stdout)["articles"] == AMOUNT + 1
    written = {path.name: path.stat().st_mtime_ns for path in Path("out/shards").glob("*.parquet")}
    CliRunner().invoke(main, ["extract-many", inputs, "--to", shards, "--share", "1"])
    assert {path.name: path.stat().st_mtime_ns for path in Path("out/shards").glob("*.parquet")} == written
    manifest = json.loads(Path("out/shards/_manifest.json").read_text())
    assert {shard["file"] for shard in manifest["shards"]} == set(written)
    for name, kept in ((shards, "shards.db"), (inputs, "pages.db")):
        told = CliRunner().invoke(main, ["import", name, "--db", kept, "--every-address"])
        assert json.loads(told.stdout)["stored"] == AMOUNT + 1, told.stderr


def test_an_url_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for url, why in (("memory://", "names no bucket"), ("file:///nowhere/1.html", "nothing to read")):
        told = CliRunner().invoke(main, ["extract-many", url, "--to", "shards"])
        assert (told.exit_code, why in told.stderr) == (4, True), told.output


def test_what_a_killed_process_left_half_written_goes_when_its_shard_is_whole(news: str, to: str) -> None:
    (share,) = shares(news, size=1 << 30)
    mine, other = Path(to, f"_{share.shard}.0f0f.part"), Path(to, "_other.parquet.0f0f.part")
    mine.touch()
    other.touch()
    write_manifest(to, [make_shard(share, Setup(to))], [share.input])
    assert {path.name for path in Path(to).iterdir()} == {share.shard, "_manifest.json", other.name}


def test_what_an_engine_says_on_standard_output_does_not_mix_with_results(
    capfd: pytest.CaptureFixture[str],
) -> None:
    print("before")
    with cluster._said_aside():
        os.write(1, b"a node died\n")
    print("after")
    assert capfd.readouterr() == ("before\nafter\n", "a node died\n")


def here(some: list[Share], setup: Setup, jobs: int) -> Iterator[Made]:
    for share in some:
        yield make_shard(share, setup)

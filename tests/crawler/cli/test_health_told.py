"""``warta health`` over a real file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from command_line import in_terminal, visit

from crawler.items import Article
from pipelines.database import Writer, open_database

Warta = Callable[..., Result]
NOW = datetime.now(UTC).replace(microsecond=0)


def story(number: int, outlet: str, *, authors: list[str]) -> Article:
    url = f"https://{outlet}.example/berita/{number}"
    words = " ".join(f"{outlet}{number * 37 + position}" for position in range(60))
    published = (NOW - timedelta(hours=2 * (75 - number))).isoformat()
    return Article(
        *(url, url, outlet), headline=f"Berita {number}", authors=authors, published=published, body=words,
        confidence=0.9,
    )  # fmt: skip


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    """Two outlets of 72 stories; the last twelve of senandika lost their author."""
    path = tmp_path / "news.db"
    with Writer(open_database(path, create=True)) as writer:
        run = writer.start_run("crawl", ["senandika", "wanamarta"])
        for number in range(1, 73):
            for outlet in ("senandika", "wanamarta"):
                lost = outlet == "senandika" and number > 60
                article = story(number, outlet, authors=[] if lost else ["Sari Danu"])
                seen = visit(article)
                seen.fetch = replace(seen.fetch, fetched_at=article.published or "")
                writer.store(seen, run)
        writer.finish_run(run, reason="finished", stats={})
    writer.db.close()
    return path


def test_an_outlet_that_changed_is_told_with_field_time_and_two_examples(warta: Warta, watched: Path) -> None:
    result = warta("health", "wanamarta", "senandika", "--db", watched)
    answer = json.loads(result.stdout)
    (finding,) = answer["findings"]
    assert result.exit_code == 1
    assert (finding["source"], finding["what"]) == ("senandika", "authors")
    assert finding["since"] == f"{NOW - timedelta(hours=2 * 14):%Y-%m-%dT%H:%M:%SZ}"
    assert finding["examples"] == [f"https://senandika.example/berita/{number}" for number in (71, 72)]
    assert (finding["before"], finding["now"]) == (1.0, 0.0)


def test_outlets_as_ever_are_no_finding(warta: Warta, watched: Path) -> None:
    result = warta("health", "wanamarta", "--db", watched)
    assert (result.exit_code, json.loads(result.stdout)["findings"]) == (0, [])


def test_in_a_terminal_each_finding_is_a_line_with_its_examples(watched: Path, tmp_path: Path) -> None:
    shown = in_terminal("health", "--db", watched, cwd=tmp_path)
    assert "senandika: authors, since " in shown
    assert "stories with an author: 100% before, 0% of 12 since" in shown
    assert "1 of 2 outlets changed" in shown


def test_an_outlet_that_nobody_knows_is_an_error(warta: Warta, watched: Path) -> None:
    result = warta("health", "senandikka", "--db", watched)
    assert result.exit_code == 2
    assert "Did you mean senandika" in result.stderr

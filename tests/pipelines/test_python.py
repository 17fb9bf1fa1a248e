"""Warta from Python: docs/python.md holds, importing is cheap, what is missing is said."""

from __future__ import annotations

import doctest
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from newsstand import page_named

import crawler
import pipelines
from crawler.errors import DatabaseError, MissingExtraError, QuestionError
from pipelines import NewsFile, open_database

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


@pytest.fixture
def news(newsstand: Path) -> Iterator[NewsFile]:
    with open_database(newsstand) as news:
        yield news


def test_the_examples_of_the_documentation_hold(
    newsstand: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(newsstand, "news.db")
    Path("page.html").write_bytes(page_named("banjir-rob"))
    options = doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, optionflags=options)
    assert failed == 0
    assert tried > 20


@pytest.mark.parametrize("module", ["crawler", "pipelines"])
def test_importing_a_package_loads_no_library(module: str) -> None:
    heavy = "{'scrapy', 'trafilatura', 'lxml', 'sqlite_utils', 'pandas', 'pyarrow'}"
    code = f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_asking_a_database_loads_no_crawler(newsstand: Path) -> None:
    code = (
        "import sys; from pipelines import open_database; "
        "open_database(sys.argv[1]).search('banjir'); "
        "print(sorted({'scrapy', 'twisted', 'trafilatura', 'crawler.extractors'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(newsstand)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("package", [crawler, pipelines])
def test_a_package_has_what_it_says_and_nothing_else(package: Any) -> None:
    for name in package.__all__:
        assert getattr(package, name) is not None
        assert name in dir(package)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = package.nonsense


def test_a_missing_database_is_an_error_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="there is no database"):
        open_database(tmp_path / "none.db")


def test_all_pages_of_a_search_are_gone_through(news: NewsFile, monkeypatch: pytest.MonkeyPatch) -> None:
    every = [hit.id for hit in news.hits(order="newest", fold=False)]
    assert sorted(every) == [record["id"] for record in news.articles()]
    assert len({hit.id for hit in news.hits("warga")}) == len(news.search("warga", limit=1_000))


def test_a_stream_goes_on_where_an_earlier_one_ended(news: NewsFile) -> None:
    every = [record["id"] for record in news.articles()]
    assert [record["id"] for record in news.articles(after=every[9])] == every[10:]
    assert [record["id"] for record in news.articles(seen_after="2026-02-04T23:59:59Z")] == every
    assert list(news.articles(seen_after="2026-02-05T00:00:00Z")) == []


def test_sql_keeps_the_other_ways_of_asking_open(news: NewsFile) -> None:
    with pytest.raises(QuestionError, match="only read"):
        news.query("DELETE FROM articles")
    assert news.query("SELECT count(*) FROM articles WHERE id < :most", {"most": 4}).rows == [(3,)]
    assert len(news.search("ka* warga OR pasar")) > 0


def test_a_data_frame_has_a_row_an_article(news: NewsFile) -> None:
    frame = news.dataframe()
    assert list(frame.index) == [record["id"] for record in news.articles()]
    assert frame["authors"].map(type).eq(list).all()
    assert frame["published_utc"].notna().sum() == frame["published"].notna().sum()
    assert len(news.dataframe(source="no-such-outlet")) == 0


def test_without_pandas_an_error_says_how_it_is_had(news: NewsFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'warta\[pandas\]'"):
        news.dataframe()

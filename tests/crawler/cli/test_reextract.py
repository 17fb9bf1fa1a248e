"""``warta reextract``: a crawl of the small news web is read again after a rule has changed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from command_line import WARTA, in_terminal
from crawling import in_own_process

from crawler.items import RawPage
from crawler.reextraction import read_again
from crawler.run import crawl
from crawler.sources import load_catalogue
from fixtures.site.content import load_outlets
from fixtures.site.server import Site
from pipelines.database import Writer, open_database
from pipelines.database.pages import PagePolicy, open_pages, pages_path

Warta = Callable[..., Result]

DAYS = sorted(entry.published.date().isoformat() for outlet in load_outlets(2) for entry in outlet.listed)
ONE_PAGE = """
    SELECT max(f.id), f.url FROM articles AS a JOIN fetches AS f ON f.article_id = a.id AND f.url = a.url
    WHERE f.page_id AND NOT EXISTS (SELECT 1 FROM fetch_parts WHERE fetch_parts.fetch_id = f.id)
    GROUP BY a.id HAVING count(*) = 1 ORDER BY 1
"""
#: Fetches that show their articles, each of one page.

QUICK = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "LOG_LEVEL": "CRITICAL"}
RULE = '\n[[rules]]\nremove = [".article-content-body__item-content > p:nth-of-type(2)"]\n'
#: Takes the second paragraph from gardasiar's stories.


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a crawl of two outlets, ``news.db``, and their source files."""
    directory = tmp_path_factory.mktemp("crawled")
    with Site(0) as site:
        site.write_sources(directory / "sources")
        slugs = ("gardasiar", "kabar-senandika")
        in_own_process(
            lambda: (
                crawl(
                    slugs,
                    directory / "news.db",
                    directories=[directory / "sources"],
                    settings=QUICK,
                    since=DAYS[0],
                    until=DAYS[-1],
                ).reason
            )
        )
    return directory


@pytest.fixture
def here(crawled: Path, tmp_path: Path) -> Path:
    """The directory that commands run in, with files of the test's own."""
    shutil.copytree(crawled, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def changed(here: Path) -> Path:
    """The same after a rule of gardasiar has changed."""
    with (here / "sources" / "gardasiar.toml").open("a") as file:
        file.write(RULE)
    return here


def reextract(warta: Warta, *arguments: object, code: int = 0) -> dict[str, Any]:
    result = warta("reextract", "--sources", "sources", "--jobs", 1, *arguments)
    assert result.exit_code == code, result.stderr
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def rows(directory: Path, sql: str) -> list[Any]:
    db = sqlite3.connect(directory / "news.db")
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def test_nothing_changes_where_no_rule_has(warta: Warta, here: Path) -> None:
    told = reextract(warta)
    assert told["changed"] == told["failed"] == 0
    shown = "SELECT count(DISTINCT article_id) FROM fetches WHERE article_id AND page_id"
    assert [(told["unchanged"],)] == rows(here, shown)


def test_the_report_tells_the_fields_of_an_outlet_with_examples(warta: Warta, changed: Path) -> None:
    told = reextract(warta, "--dry-run")
    fields = {(one["source"], one["field"]): one for one in told["fields"]}
    assert {source for source, _ in fields} == {"gardasiar"}
    body = fields["gardasiar", "body"]
    assert body["articles"] == told["changed"] > 3
    assert len(body["examples"]) == 3
    bodies = dict(rows(changed, "SELECT id, body FROM articles"))
    for one in body["examples"]:
        assert one["old"].strip("…") in bodies[one["article"]]
        assert one["old"] != one["new"]


def test_a_dry_run_writes_nothing(warta: Warta, changed: Path) -> None:
    before = rows(changed, "SELECT * FROM articles")
    reextract(warta, "--dry-run")
    assert rows(changed, "SELECT * FROM articles") == before
    assert rows(changed, "SELECT count(*) FROM runs") == [(1,)]


def test_rows_say_what_their_pages_say_now_and_no_version_is_made(warta: Warta, changed: Path) -> None:
    times = "SELECT id, url, first_seen, last_seen FROM articles"
    before, bodies = rows(changed, times), dict(rows(changed, "SELECT id, body FROM articles"))
    told = reextract(warta)
    after = dict(rows(changed, "SELECT id, body FROM articles"))
    shorter = [number for number, body in bodies.items() if after[number] != body]
    assert len(shorter) == told["changed"]
    for number in shorter:
        assert set(after[number].split("\n\n")) < set(bodies[number].split("\n\n"))
    assert rows(changed, "SELECT count(*) FROM versions") == [(0,)]
    assert rows(changed, times) == before
    db = sqlite3.connect(changed / "news.db")
    db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    db.close()


def test_the_run_says_what_was_written(warta: Warta, changed: Path) -> None:
    told = reextract(warta)
    run = json.loads(warta("runs", "show", 2).stdout)
    assert (run["command"], run["reason"], run["sources"]) == ("reextract", "finished", ["gardasiar"])
    assert run["stats"]["rewritten"] == told["changed"]


def test_a_second_time_finds_nothing_to_change(warta: Warta, changed: Path) -> None:
    reextract(warta)
    assert reextract(warta)["changed"] == 0


def test_a_revisit_of_the_unchanged_page_then_makes_no_version(warta: Warta, changed: Path) -> None:
    """As it would where the row still said what the old rule made of the page."""
    reextract(warta)
    with Writer(open_database(changed / "news.db")) as writer:
        fetch_id = writer.db.execute(
            "SELECT f.id FROM fetches f JOIN articles a ON a.id = article_id WHERE source = 'gardasiar' "
            "AND outcome = 'new'"
        ).fetchone()[0]
        store, catalogue = open_pages(changed / "news.db"), load_catalogue(changed / "sources")
        again = read_again(writer.db, store, catalogue, fetch_id, whole=True)
        assert again.visit is not None
        assert writer.store(again.visit).what == "unchanged"


def test_one_outlet_or_period_may_be_read_again(warta: Warta, changed: Path) -> None:
    whole = reextract(warta, "--dry-run")["pages"]
    other = reextract(warta, "--dry-run", "--source", "kabar-senandika")
    assert other["changed"] == 0
    assert 0 < other["pages"] < whole
    assert reextract(warta, "--dry-run", "--since", "1h")["pages"] == whole
    result = warta("reextract", "--until", "2020-01-01")
    assert result.exit_code == 4
    assert "no kept pages" in result.stderr


def test_a_damaged_page_is_named_and_the_others_are_read(warta: Warta, changed: Path) -> None:
    db = sqlite3.connect(pages_path(changed / "news.db"))
    url = db.execute("SELECT url FROM pages WHERE depth > 0 AND url LIKE '%14:%' LIMIT 1").fetchone()[0]
    with db:
        db.execute("UPDATE pages SET data = zeroblob(30) WHERE url = ?", (url,))
    db.close()
    told = reextract(warta, code=1)
    assert told["failed"] == 1
    assert url in told["failures"][0]["reason"]
    assert told["changed"] > 3


def test_outlets_without_a_source_file_are_told_and_not_written(warta: Warta, here: Path) -> None:
    told = warta("reextract", "--dry-run")
    assert told.exit_code == 0
    assert "no source file is here for gardasiar, kabar-senandika" in told.stderr
    refused = warta("reextract")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--sources" in refused.stderr


def test_a_refused_page_that_is_an_article_now_is_added(warta: Warta, here: Path) -> None:
    db = sqlite3.connect(here / "news.db")
    with db:  # as if the rules of then had taken the last page for none
        number, url = db.execute("SELECT id, url FROM articles ORDER BY id DESC LIMIT 1").fetchone()
        db.execute(
            "UPDATE fetches SET article_id = NULL, outcome = 'refused' WHERE article_id = ?", (number,)
        )
        for table in ("aliases", "article_authors", "related", "boilerplate"):
            db.execute(f"DELETE FROM {table} WHERE article_id = ?", (number,))
        db.execute("DELETE FROM articles WHERE id = ?", (number,))
    db.close()
    assert reextract(warta, "--dry-run")["admitted"] == 1
    assert reextract(warta)["admitted"] == 1
    assert json.loads(warta("show", url).stdout)["url"] == url
    assert rows(here, "SELECT count(*) FROM fetches WHERE outcome = 'refused' AND page_id") == [(0,)]


def test_an_article_whose_page_is_none_now_stays_and_is_told(warta: Warta, here: Path) -> None:
    """As where the rules of then took an error page for an article."""
    store = open_pages(here / "news.db", PagePolicy())
    (fetch_id, url) = rows(here, ONE_PAGE)[0]
    page_id = store.keep(RawPage(url, "2026-07-04T05:00:00Z", b"<h1>Halaman tidak ditemukan</h1>"))
    store.commit()
    store.close()
    db = sqlite3.connect(here / "news.db")
    with db:
        db.execute("UPDATE fetches SET page_id = ? WHERE id = ?", (page_id, fetch_id))
    db.close()
    before = rows(here, "SELECT * FROM articles")
    assert reextract(warta)["no_longer_articles"] == {"error page": 1}
    assert rows(here, "SELECT * FROM articles") == before


@pytest.mark.parametrize("later", [0.0, 1.0])
def test_a_stop_leaves_whole_batches_and_the_rest_for_the_next_time(
    warta: Warta, changed: Path, later: float
) -> None:
    command = [*WARTA, "reextract", "--sources", "sources", "--jobs", "1"]
    with subprocess.Popen(
        command, cwd=changed, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        ends = time.monotonic() + 30
        while not children.read_text() and time.monotonic() < ends:  # until a reader has been started
            time.sleep(0.05)
        time.sleep(later)  # it starts, or reads
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=60)
    # All that it says, also where a reader was just being started; it may have been done before.
    assert process.returncode == 0 or (process.returncode, told.strip()) == (130, b"warta: interrupted")
    reextract(warta)
    assert reextract(warta)["changed"] == 0


def test_a_terminal_gets_tables(changed: Path) -> None:
    printed = in_terminal("reextract", "--sources", "sources", "--dry-run", cwd=changed, columns=140)
    for part in ("read again", "gardasiar", "body", "was", "Nothing was written."):
        assert part in printed


def test_without_kept_pages_it_says_so(warta: Warta, here: Path) -> None:
    pages_path(here / "news.db").unlink()
    result = warta("reextract")
    assert result.exit_code == 3
    assert "no kept pages" in result.stderr

"""The log as JSON: every line of a real crawl is an object, Scrapy's own too."""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.crawler import Crawler

from crawler.logs import CrawlContext, JsonLines
from crawler.sources import load_catalogue
from fixtures.site.server import Site

pytestmark = pytest.mark.slow

WARTA = [sys.executable, "-c", "from crawler.start import main; main()"]
OUTLET = "suara-bandarjati"
SINCE = ("--since", "2026-01-19", "--until", "2026-02-04")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def read(text: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in text.splitlines()]
    assert all({"time", "level", "logger", "message"} <= set(line) for line in lines)
    return lines


def test_every_line_of_a_crawl_is_an_object_with_its_run(site: Site, tmp_path: Path) -> None:
    site.write_sources(tmp_path / "sources")
    command = [*WARTA, "crawl", OUTLET, "--sources", "sources", *SINCE, "--log-format", "json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    lines = read(done.stderr)
    assert any(line["logger"].startswith("scrapy") for line in lines)
    assert {line["run"] for line in lines if "run" in line} == {1}
    assert json.loads(done.stdout)["run"] == 1


def test_every_line_of_a_watch_and_of_its_crawls_is_an_object(site: Site, tmp_path: Path) -> None:
    site.write_sources(tmp_path / "sources")
    command = [*WARTA, "watch", OUTLET, "--sources", "sources", "--log-format", "json"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        text = ""
        for line in process.stderr:
            text += line
            if '"logger": "crawler.watching.watch"' in line and '"run": 1' in line:
                break
        process.send_signal(signal.SIGTERM)
        text += process.communicate(timeout=20)[1]
    finally:
        process.kill()
        process.communicate(timeout=10)
    lines = read(text)
    assert any(line["logger"].startswith("scrapy") for line in lines)
    (told,) = [line for line in lines if line["logger"] == "crawler.watching.watch" and "run" in line]
    assert (told["run"], told["outlet"]) == (1, OUTLET)


def test_a_line_of_scrapys_about_a_request_names_its_outlet(site: Site, tmp_path: Path) -> None:
    site.write_sources(tmp_path)
    spider = SimpleNamespace(run=7, catalogue=load_catalogue(tmp_path))
    context = CrawlContext(cast(Crawler, SimpleNamespace(spider=spider)))
    args = ({"request": Request(f"{site.urls[OUTLET]}/berita")},)
    record = logging.LogRecord("scrapy.core.engine", logging.DEBUG, "", 0, "Crawled %(request)s", args, None)
    line = json.loads(JsonLines(context).format(record))
    assert (line["run"], line["outlet"]) == (7, OUTLET)
    host = site.urls[OUTLET].removeprefix("http://")
    ours = logging.LogRecord("crawler.middlewares", logging.INFO, "", 0, "%s answered %d", (host, 429), None)
    assert json.loads(JsonLines(context).format(ours))["outlet"] == OUTLET
    other = logging.LogRecord("scrapy.crawler", logging.INFO, "", 0, "%s", ("Overridden settings",), None)
    assert "outlet" not in json.loads(JsonLines(context).format(other))


def test_what_a_page_says_stays_within_its_line() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s", ('a\nb "c" \x1b[31m\u2028\ud800',), None)
    line = JsonLines().format(record)
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == 'a\nb "c" \x1b[31m\u2028\ud800'


def test_a_line_names_one_outlet_or_several(caplog: pytest.LogCaptureFixture) -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "m", (), None)
    record.outlets = ["lamau"]
    assert json.loads(JsonLines().format(record))["outlet"] == "lamau"
    record.outlets = ["lamau", "sagara"]
    assert json.loads(JsonLines().format(record))["outlets"] == ["lamau", "sagara"]

"""``warta demo``: the whole road on one machine, as a newcomer first meets it."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from command_line import WARTA

from fixtures.site.content import load_outlets
from fixtures.site.server import Site

README = Path(__file__).parents[3] / "README.md"


@pytest.mark.slow
def test_the_demo_crawls_and_tells(tmp_path: Path, warta: Callable[..., Result]) -> None:
    done = subprocess.run(
        [*WARTA, "demo"], cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr
    printed = done.stdout.partition("\n\n")[0]
    assert printed in README.read_text("utf-8")
    header, *rows = printed.splitlines()
    assert re.split(r"\s{2,}", header.strip()) == [
        "outlet",
        "found",
        "stored",
        "unchanged",
        "copies folded",
        "refused by robots",
        "no article",
        "errors",
    ]
    table = {cells[0]: [int(cell) for cell in cells[1:]] for cells in (row.split() for row in rows)}
    assert len(table) >= 6
    assert all(stored for _, stored, *_ in table.values())
    found, stored, _, folded, robots, _, errors = table["all"]
    assert found > stored > 20
    assert all((folded, robots, errors))
    assert "published" in done.stdout

    suggested = [line.strip() for line in done.stdout.partition("Try next:")[2].splitlines() if line.strip()]
    assert len(suggested) == 4
    for command in suggested:
        result = warta(*shlex.split(command)[1:])
        assert result.exit_code == 0
        assert len(result.stdout) > 10
    assert len(json.loads(warta("search", "--limit", "1000", "--db", "demo.db").stdout)) >= stored


def test_the_demo_replaces_no_file_that_somebody_names(warta: Callable[..., Result], news: Path) -> None:
    before = news.read_bytes()
    result = warta("demo", "--db", news)
    assert result.exit_code == 3
    assert "exists" in result.stderr
    assert news.read_bytes() == before


def test_nor_kept_pages_that_lie_beside_it(warta: Callable[..., Result], tmp_path: Path) -> None:
    theirs = tmp_path / "coba-pages.db"
    theirs.write_bytes(b"halaman")
    result = warta("demo", "--db", "coba.db")
    assert result.exit_code == 3
    assert "coba-pages.db exists" in result.stderr
    assert theirs.read_bytes() == b"halaman"


def test_a_port_that_is_taken_is_named(warta: Callable[..., Result]) -> None:
    with Site() as site:
        result = warta("demo", "--serve", "--port", site.port)
    assert result.exit_code == 1
    assert f"Port {site.port} cannot be used" in result.stderr


@contextmanager
def serving(directory: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """``warta demo --serve`` and the lines it printed, the command to crawl with last."""
    with subprocess.Popen(
        [*WARTA, "demo", "--serve", *options],
        cwd=directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or " crawl --sources " not in lines[-1]:
            lines.append(process.stdout.readline())
            assert lines[-1], "it ended before it said how to crawl"
        try:
            yield process, lines
        finally:
            process.kill()


def test_the_second_visit_is_served_with_the_command_that_sees_what_changed(tmp_path: Path) -> None:
    outlet = next(outlet for outlet in load_outlets(2) if outlet.slug == "kabar-senandika")
    new = next(story for story in outlet.stories if story.visit == 2)
    with serving(tmp_path, "--port", "0", "--visit", "2") as (process, lines):
        assert " --revisit 20" in lines[-1]
        home = next(line.split()[1] for line in lines if line.startswith(outlet.slug))
        with urllib.request.urlopen(home.rstrip("/") + new.path, timeout=10) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def test_serve_prints_addresses_and_the_command_to_crawl_them(tmp_path: Path) -> None:
    with serving(tmp_path, "--port", "0") as (process, lines):
        assert "--revisit" not in lines[-1]
        url = lines[0].split()[1]
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert answer.status == 200
        arguments = shlex.split(lines[-1])
        sources = Path(arguments[arguments.index("--sources") + 1])
        assert len(list(sources.glob("*.toml"))) == len([line for line in lines if "http://" in line])
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.strip() == "warta: interrupted"
    assert not sources.exists()

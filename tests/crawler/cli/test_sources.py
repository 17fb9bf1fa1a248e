"""Outlets looked at from the command line: checked, and declared from what their sites offer."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from command_line import WARTA

from crawler.sources import read_source
from fixtures.site.server import Site


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def run(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [*WARTA, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


def test_a_sound_outlet_is_told_as_json(site: Site, tmp_path: Path) -> None:
    site.write_sources(tmp_path / "own")
    done = run(
        "sources", "check", "kabar-senandika", "--sources", "own", "--fresh", "2026-01-01", cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
    (found,) = json.loads(done.stdout)
    assert found["sound"]
    assert [(one["kind"], one["status"], one["articles"]) for one in found["endpoints"]] == [
        ("feed", 200, 12)
    ]
    assert found["article"]["headline"]


def test_an_outlet_that_needs_a_look_is_named(site: Site, tmp_path: Path) -> None:
    site.write_sources(tmp_path / "own")
    path = tmp_path / "own" / "kabar-senandika.toml"
    path.write_text(path.read_text("utf-8").replace("/feed/", "/umpan/"), "utf-8")
    done = run("sources", "check", "kabar-senandika", "--sources", "own", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "warta: 1 of 1 outlets need a look: kabar-senandika\n")


def test_an_unknown_outlet_is_told_before_anything_is_fetched(warta: Callable[..., Result]) -> None:
    done = warta("sources", "check", "komaps")
    assert done.exit_code == 2
    assert "Did you mean kompas" in done.stderr


def test_a_site_is_looked_at_once_and_declared(site: Site, tmp_path: Path) -> None:
    url = site.urls["kabar-senandika"]
    done = run("sources", "add", url, "--to", "baru", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    source = read_source(tmp_path / found["file"])
    assert (source.name, source.platform, source.language) == ("Kabar Senandika", "wordpress", "id")
    assert source.feeds == (f"{url}/feed/",)
    again = run("sources", "add", url, "--to", "baru", cwd=tmp_path)
    assert again.returncode == 2
    assert "--force" in again.stderr


@pytest.mark.parametrize("url", ["https://www.detik.com/", "www.detik.com", "mailto:x@y.example"])
def test_a_known_outlet_and_what_is_no_site_are_refused(warta: Callable[..., Result], url: str) -> None:
    assert warta("sources", "add", url).exit_code == 2

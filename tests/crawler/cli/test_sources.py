"""Outlets looked at from the command line: checked, and declared from what their sites offer."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from command_line import WARTA

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

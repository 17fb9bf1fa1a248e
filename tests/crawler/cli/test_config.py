"""``warta config`` and what the other commands make of warta.toml."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from command_line import in_terminal

Warta = Callable[..., Result]

GOOD = 'contact = "https://kabar.example/perayap"\n'


def written(text: str) -> None:
    Path("warta.toml").write_text(text, encoding="utf-8")


def test_what_holds_is_told_and_what_is_hardly_meant_so_is_warned_of(warta: Warta) -> None:
    written("[crawl]\ndays = 3\n")
    done = warta("config", "check")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["faults"]) == (0, [])
    assert "contact" in told["warnings"][0]
    assert "warta: warning: contact is" in done.stderr


def test_every_fault_is_told_with_exit_code_2(warta: Warta) -> None:
    written("contct = 1\n[crawl]\ndays = -1\n")
    done = warta("config", "check")
    assert done.exit_code == 2
    assert re.findall(r"^warta: warta\.toml, line (\d): ", done.stderr, re.MULTILINE) == ["1", "3"]


def test_an_outlet_that_nobody_declares_is_a_fault(warta: Warta) -> None:
    written(GOOD + '[sources]\noff = ["komaps"]\n')
    done = warta("config", "check")
    assert done.exit_code == 2
    assert 'warta.toml: sources.off: There is no source "komaps". Did you mean kompas' in done.stderr


def test_a_secret_in_a_file_that_others_may_read_is_warned_of(warta: Warta) -> None:
    written(GOOD + '[alerts]\nwebhook = "https://kabar.example/rahasia"\n')
    Path("warta.toml").chmod(0o644)
    done = warta("config", "check")
    assert (done.exit_code, "alerts.webhook is a secret" in done.stderr) == (0, True)
    Path("warta.toml").chmod(0o600)
    assert warta("config", "check").stderr == ""


def test_every_setting_is_shown_with_where_it_came_from_and_no_secret(
    warta: Warta, monkeypatch: pytest.MonkeyPatch
) -> None:
    written('[alerts]\nwebhook = "https://kabar.example/rahasia"\n')
    monkeypatch.setenv("WARTA_DAYS", "3")
    done = warta("config", "show")
    shown = {row["setting"]: row for row in json.loads(done.stdout)}
    assert (shown["crawl.days"]["value"], shown["crawl.days"]["from"]) == (3, "environment WARTA_DAYS")
    assert (shown["alerts.webhook"]["value"], shown["alerts.webhook"]["from"]) == ("(set)", "warta.toml")
    assert shown["crawl.parts"]["from"] == "default"
    assert "rahasia" not in done.stdout
    assert "rahasia" not in in_terminal("config", "show", cwd=Path.cwd())


def test_the_example_is_a_file_that_holds(warta: Warta) -> None:
    written(warta("config", "example").stdout)
    assert warta("config", "check").exit_code == 0


def test_a_file_may_be_named(warta: Warta, news: Path) -> None:
    Path("etc").mkdir()
    Path("etc/warta.toml").write_text(f'database = "{news}"\n')
    assert len(json.loads(warta("--config", "etc/warta.toml", "search").stdout)) == 2
    assert warta("--config", "etc/none.toml", "search").exit_code == 2


def test_an_option_comes_before_the_file(warta: Warta, news: Path) -> None:
    written('database = "nowhere.db"\n')
    assert warta("search").exit_code == 3
    assert warta("search", "--db", news).exit_code == 0


@pytest.mark.parametrize("command", ["sources", "crawl", "doctor", "export"])
def test_a_file_that_does_not_hold_stops_a_command_in_one_line(warta: Warta, command: str) -> None:
    written("[crwal]\n")
    done = warta(command)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "warta: warta.toml, line 1: crwal is no setting; did you mean crawl?\n"


def test_outlets_are_switched_on_and_off(warta: Warta) -> None:
    written('[sources]\nonly = ["detik", "tempo"]\noff = ["tempo"]\n')
    on = [row["slug"] for row in json.loads(warta("sources").stdout) if row["enabled"]]
    assert on == ["detik"]
    refused = warta("crawl", "tempo")
    assert refused.exit_code == 2
    assert "tempo is switched off: sources.off names it" in refused.stderr


def test_an_outlet_that_its_file_switches_off_may_be_switched_on(warta: Warta) -> None:
    rows = json.loads(warta("sources").stdout)
    off = next(row["slug"] for row in rows if not row["enabled"])
    written(f'[sources]\non = ["{off}"]\n')
    assert next(row for row in json.loads(warta("sources").stdout) if row["slug"] == off)["enabled"]

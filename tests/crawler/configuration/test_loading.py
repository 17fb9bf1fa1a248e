"""What is set, by whom, and what is said where it does not hold."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.configuration import SETTINGS, chosen, current, examine, scrapy_settings, taken
from crawler.configuration.example import example
from crawler.errors import SettingError

DEFAULTS = {each.key: each.kind.read(each.default) for each in SETTINGS}


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory without a file, an environment without a variable."""
    monkeypatch.chdir(tmp_path)
    for name in ["WARTA_CONFIG", *(each.environment for each in SETTINGS)]:
        monkeypatch.delenv(name or "", raising=False)


def written(text: str, name: str = "warta.toml") -> Path:
    Path(name).write_text(text, encoding="utf-8")
    return Path(name)


def test_without_file_and_environment_all_is_as_by_default() -> None:
    assert current().values == DEFAULTS


def test_the_file_in_the_working_directory_is_found() -> None:
    written("[crawl]\ndays = 3\n")
    assert current()["crawl.days"] == 3
    assert str(current().origin("crawl.days")) == "warta.toml"


def test_the_environment_comes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    written("[crawl]\ndays = 3\nparts = 4\n")
    monkeypatch.setenv("WARTA_DAYS", "5")
    monkeypatch.setenv("WARTA_PARTS", "")
    assert (current()["crawl.days"], current()["crawl.parts"]) == (5, 4)
    assert str(current().origin("crawl.days")) == "environment WARTA_DAYS"


def test_the_file_that_is_chosen_comes_before_the_named_and_that_before_the_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written("[crawl]\ndays = 1\n")
    monkeypatch.setenv("WARTA_CONFIG", str(written("[crawl]\ndays = 2\n", "named.toml")))
    assert current()["crawl.days"] == 2
    with chosen(written("[crawl]\ndays = 3\n", "chosen.toml")):
        assert current()["crawl.days"] == 3
    assert current()["crawl.days"] == 2


def test_a_process_that_is_started_reads_the_file_that_was_chosen() -> None:
    asks = "from crawler.configuration import current; print(current()['crawl.days'])"
    with chosen(written("[crawl]\ndays = 3\n", "chosen.toml")):
        told = subprocess.run(
            [sys.executable, "-c", asks], capture_output=True, text=True, check=True, cwd="/"
        )
    assert told.stdout == "3\n"
    assert "WARTA_CONFIG" not in os.environ


def test_what_a_command_has_read_stays_while_the_file_is_edited() -> None:
    file = written("[crawl]\ndays = 1\n")
    with chosen(None):
        assert current()["crawl.days"] == 1
        file.write_text("[crawl]\ndays = ")
        assert current()["crawl.days"] == 1


def test_another_process_takes_what_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTA_DAYS", "5")
    read = dict(current().values)
    monkeypatch.delenv("WARTA_DAYS")
    with chosen(None):
        taken(read)
        assert current().values == read


@pytest.mark.parametrize(
    ("variable", "text", "key", "value"),
    [
        ("WARTA_PAGES", "off", "pages.keep", False),
        ("WARTA_PAGES_LIMIT", "0.5", "pages.limit", 0.5),
        ("WARTA_OBEY", "tdm, noai", "crawl.obey", ("tdm", "noai")),
        ("WARTA_SOURCES", "/one:/two words", "sources.directories", ("/one", "/two words")),
        ("WARTA_MAIL_RECIPIENTS", "a@b.example", "alerts.mail.recipients", ("a@b.example",)),
    ],
)
def test_the_environment_writes_each_kind_in_its_way(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, key: str, value: object
) -> None:
    monkeypatch.setenv(variable, text)
    assert examine()[0][key] == value


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("contct = 'x'", "warta.toml, line 1: contct is no setting; did you mean contact?"),
        ("\n[crawl]\n# days\n dayz = 1", "line 4: crawl.dayz is no setting; did you mean crawl.days?"),
        ("[crwal]\ndays = 1", "warta.toml, line 1: crwal is no setting; did you mean crawl?"),
        ("pace_min = 1", "warta.toml, line 1: pace_min is no setting; did you mean watch.pace_min?"),
        ("[crawl]\ndays = 'x'", "line 2: crawl.days must be a whole number of days from 0 to 3650, not"),
        ("crawl.days = -1", "line 1: crawl.days must be a whole number of days from 0 to 3650, not -1"),
        ("[crawl]\ndays = true", "crawl.days must be a whole number of days from 0 to 3650, not true"),
        ("[crawl]\ntimeout = 0", "crawl.timeout must be a number of seconds above 0 and at most 3600"),
        ("[crawl]\ntimeout = nan", "crawl.timeout must be a number"),
        ("[crawl]\nobey = ['tmd']", 'must be one of "tdm", "noai", "noarchive", "paywall", not "tmd"'),
        ("[pages]\nkeep = 1", "pages.keep must be true or false, not 1"),
        ("crawl = 3", "warta.toml, line 1: crawl is no setting"),
        ("contact = 'me (x)'", "contact must be a page or address without spaces or brackets"),
        ("[alerts]\ncommand = \"mail 'x\"", "alerts.command cannot be read: no closing quotation"),
        ("[alerts]\nwebhook = 'ftp://x'", "alerts.webhook must be an address with http:// or https://"),
        ("[watch.paces]\ndetik = [9, 2]", "watch.paces has 9 minutes at least and 2 at most for detik"),
        ("[watch.paces]\ndetik = 9", "watch.paces must be a table of outlets"),
        ("[watch]\npace_min = 200", "watch.pace_min (200) must not be above watch.pace_max (120)"),
        ("[watch]\nmetrics = 'here'", "watch.metrics must be a port or an address"),
        ("[alerts.mail]\nserver = 'a'", "alerts.mail.server needs alerts.mail.sender, too"),
        ("[retention]\nruns_days = 7", "retention.runs_days must be 0 or 31 at least"),
        ("x = \n", "warta.toml is no TOML: Invalid value (at line 1, column 5)"),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_and_key_and_what_is_allowed(text: str, fault: str) -> None:
    written(text)
    assert fault in "; ".join(examine()[1])
    with pytest.raises(SettingError, match=r"warta\.toml"):
        current()


def test_a_file_that_is_named_and_not_there_is_told(tmp_path: Path) -> None:
    assert examine(tmp_path / "no.toml")[1] == [
        f"{tmp_path / 'no.toml'} cannot be read: No such file or directory"
    ]


def test_a_fault_of_the_environment_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTA_PAGES_DAYS", "long")
    assert examine()[1] == [
        'the environment\'s WARTA_PAGES_DAYS must be a number of days from 0 to 36500, not "long"'
    ]


def test_a_secret_may_stand_in_the_environment_under_any_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK", "https://hooks.example/rahasia")
    written('[alerts]\nwebhook = "env:HOOK"')
    assert current()["alerts.webhook"] == "https://hooks.example/rahasia"


@pytest.mark.parametrize("value", ["env:NO_SUCH", "rahasia"])
def test_no_fault_shows_a_secret(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    written(f'[alerts]\nwebhook = "{value}"')
    (fault,) = examine()[1]
    assert "rahasia" not in fault


def test_paths_are_meant_from_the_directory_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    file = written('database = "a.db"\nsources.directories = ["own", "/else"]', "etc/warta.toml")
    configuration, _ = examine(file)
    assert configuration["database"] == "etc/a.db"
    assert configuration["sources.directories"] == ("etc/own", "/else")


def test_the_example_holds_and_says_the_defaults() -> None:
    written(example())
    assert examine()[0].values == DEFAULTS
    uncommented = [
        line.removeprefix("#") if line.startswith("#") and not line.startswith("# ") else line
        for line in example().splitlines()
    ]
    file = written("\n".join(uncommented))
    configuration, faults = examine()
    assert faults == []
    assert configuration.values == DEFAULTS
    assert set(configuration.origins) == set(DEFAULTS)
    assert file.read_text().count("\n[") == 8


def test_scrapy_is_told_in_its_own_units_and_of_whom_to_write_to() -> None:
    written('contact = "mailto:desk@your.site"\n[crawl]\nlargest = 2.5')
    told = scrapy_settings(current())
    assert told["DOWNLOAD_MAXSIZE"] == 2_621_440
    assert "Warta/" in told["USER_AGENT"]
    assert "+mailto:desk@your.site" in told["USER_AGENT"]

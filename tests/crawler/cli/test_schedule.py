"""What ``warta schedule`` prints is read back by systemd and cron as it was meant."""

from __future__ import annotations

import configparser
import doctest
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.cli import schedule as module
from crawler.cli.schedule import _cron_line, _systemd_line

Warta = Callable[..., Result]
PRINTS = [sys.executable, "-c", "import json, sys; print(json.dumps(sys.argv[1:]))"]
words = st.lists(
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=0, max_size=12), min_size=1, max_size=4
)


def read_by_systemd(line: str) -> list[str]:
    """systemd.service(5), "Command lines": quotes, C escapes, then ``%%`` and ``$$``."""
    read = []
    for quoted in re.findall(r'"((?:[^"\\]|\\.)*)"', line):
        word = re.sub(r"\\(.)", r"\1", quoted)
        assert not re.search(r"(?<!%)(?:%%)*%(?!%)", word)
        read.append(word.replace("%%", "%").replace("$$", "$"))
    return read


@given(words)
def test_systemd_reads_every_word_as_it_was(given_words: list[str]) -> None:
    assert read_by_systemd(_systemd_line(given_words)) == given_words


@given(words)
@settings(max_examples=30)
def test_cron_and_its_shell_read_every_word_as_it_was(given_words: list[str]) -> None:
    line = _cron_line([*PRINTS, *given_words])
    assert not re.search(r"(?<!\\)%", line)
    by_cron = line.replace("\\%", "%")
    done = subprocess.run(["/bin/sh", "-c", by_cron], capture_output=True, check=True)
    assert json.loads(done.stdout) == given_words


def test_the_examples_hold() -> None:
    assert doctest.testmod(module).failed == 0


def unit(text: str, name: str) -> configparser.ConfigParser:
    part = re.search(rf"^# /etc/systemd/system/{name}\n(.*?)(?=^# /etc|\Z)", text, re.MULTILINE | re.DOTALL)
    assert part, name
    parser = configparser.ConfigParser(interpolation=None, comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(part[1])
    return parser


def test_the_unit_watches_this_database_with_these_outlets(warta: Warta, tmp_path: Path) -> None:
    text = warta("schedule", "detik", "--systemd", "--db", "berita 100%.db").stdout
    service = unit(text, "warta-watch.service")["Service"]
    program, *arguments = read_by_systemd(service["ExecStart"])
    assert Path(program).name == "warta"
    assert Path(program).exists()
    assert arguments == ["watch", "detik", "--db", str(tmp_path / "berita 100%.db")]
    assert read_by_systemd(service["ReadWritePaths"]) == [str(tmp_path)]
    assert service["RestartPreventExitStatus"] == "2"


def test_a_backup_gets_a_unit_and_a_timer_when_it_is_asked_for(warta: Warta, tmp_path: Path) -> None:
    assert "warta-backup" not in warta("schedule", "--systemd").stdout
    text = warta("schedule", "--systemd", "--backup", "saved/news.db").stdout
    command = read_by_systemd(unit(text, "warta-backup.service")["Service"]["ExecStart"])
    assert command[1:4] == ["backup", str(tmp_path / "saved" / "news.db"), "--force"]
    assert unit(text, "warta-backup.timer")["Timer"]["Persistent"] == "true"


def test_the_crontab_crawls_one_at_a_time_and_is_silent_while_all_is_well(
    warta: Warta, news: Path, tmp_path: Path
) -> None:
    text = warta("schedule", "detik", "--cron", "--every", "20", "--db", news).stdout
    crawl, health = [line for line in text.splitlines() if not line.startswith("#")]
    assert crawl.startswith("*/20 * * * * flock -n ")
    assert shlex.split(crawl)[9:12] == ["crawl", "detik", "--db"]
    command = health.split(" * * * * ", 1)[1].replace("\\%", "%")
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_the_units_read_the_settings_that_were_read_here(warta: Warta, tmp_path: Path) -> None:
    (tmp_path / "warta.toml").write_text('database = "berita.db"\n')
    service = unit(warta("schedule", "--systemd").stdout, "warta-watch.service")["Service"]
    _, *arguments = read_by_systemd(service["ExecStart"])
    file, database = str(tmp_path / "warta.toml"), str(tmp_path / "berita.db")
    assert arguments == ["--config", file, "watch", "--db", database]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("--systemd", "no-such-outlet"), 2),
        (("--cron", "--db", "two\nlines.db"), 2),
    ],
)
def test_what_cannot_be_scheduled_is_refused_in_one_line(
    warta: Warta, arguments: tuple[str, ...], code: int
) -> None:
    result = warta("schedule", *arguments)
    assert result.exit_code == code
    assert len(result.stderr.splitlines()) == 1

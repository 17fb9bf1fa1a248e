"""docs/configuration.md has every setting, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.configuration import SETTINGS, Setting
from crawler.configuration.kinds import written

DOCS = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text("utf-8")
ROWS = {key: line for line in DOCS.splitlines() for key in re.findall(r"^\| `([a-z_.]+)` \|", line)}


@pytest.mark.parametrize("each", SETTINGS, ids=lambda each: each.key)
def test_every_setting_is_documented_as_it_is_declared(each: Setting) -> None:
    _, key, default, environment, told, _ = _cells(ROWS[each.key])
    assert key == f"`{each.key}`"
    assert default == f"`{written(each.default)}`"
    named = [name for name in (each.environment, each.scrapy) if name and name != "WARTA_DATABASE"]
    assert re.findall(r"`(\w+)`", environment) == list(dict.fromkeys(named))
    assert told.startswith(f"{each.meaning}. ")
    assert each.kind.allowed[1:] in told


def test_no_setting_is_documented_that_is_not_there() -> None:
    assert set(ROWS) == {each.key for each in SETTINGS}


def test_every_name_is_one_setting_alone() -> None:
    for names in (
        [each.key for each in SETTINGS],
        [each.environment for each in SETTINGS if each.environment],
        [each.scrapy for each in SETTINGS if each.scrapy],
    ):
        assert len(names) == len(set(names))


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.split("|")]

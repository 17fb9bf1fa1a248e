"""Every setting of Scrapy's is explained to the operator, and no door is left open."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler import settings
from crawler.configuration import SETTINGS, current, scrapy_settings

DOCS = (Path(__file__).parents[1] / "docs" / "crawling.md").read_text("utf-8")
CONFIGURED = {each.scrapy for each in SETTINGS if each.scrapy}
NAMES = sorted(name for name in vars(settings) if name.startswith("WARTA_"))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in CONFIGURED])
def test_each_setting_that_no_file_sets_stands_in_the_docs(name: str) -> None:
    row = next((line for line in DOCS.splitlines() if line.startswith(f"| `{name}` |")), None)
    assert row is not None
    assert str(getattr(settings, name) or "") in row


@pytest.mark.parametrize("name", sorted(CONFIGURED | {"USER_AGENT"}))
def test_scrapy_is_told_what_is_configured(name: str) -> None:
    assert getattr(settings, name) == scrapy_settings(current())[name]


@pytest.mark.parametrize("name", ["ROBOTSTXT_OBEY", "AUTOTHROTTLE_ENABLED"])
def test_politeness_is_on(name: str) -> None:
    assert getattr(settings, name) is True


@pytest.mark.parametrize("name", ["TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED"])
def test_doors_are_shut(name: str) -> None:
    assert getattr(settings, name) is False

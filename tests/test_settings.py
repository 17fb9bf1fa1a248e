"""Every setting is explained to the operator, and no door is left open."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler import settings

DOCS = (Path(__file__).parents[1] / "docs" / "crawling.md").read_text("utf-8")
NAMES = sorted(name for name in vars(settings) if name.isupper())


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("WARTA_")])
def test_each_setting_of_ours_stands_in_the_docs_with_its_default(name: str) -> None:
    row = next((line for line in DOCS.splitlines() if line.startswith(f"| `{name}` |")), None)
    assert row is not None
    value = getattr(settings, name)
    if isinstance(value, bool) or value in ("", []):
        return
    assert f"{value:g}" in row if isinstance(value, int | float) else str(value) in row


@pytest.mark.parametrize("name", ["ROBOTSTXT_OBEY", "AUTOTHROTTLE_ENABLED"])
def test_politeness_is_on(name: str) -> None:
    assert getattr(settings, name) is True


@pytest.mark.parametrize("name", ["TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED"])
def test_doors_are_shut(name: str) -> None:
    assert getattr(settings, name) is False


def test_the_user_agent_names_us_and_where_to_reach_us() -> None:
    assert "Warta/" in settings.USER_AGENT
    assert f"+{settings.WARTA_CONTACT}" in settings.USER_AGENT

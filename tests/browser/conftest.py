"""A browser before the reading room; the whole suite shares both."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

sys.path.append(str(Path(__file__).parent))
from looked_at import WIDE, browsing, dress, open_shelf, resize

Shelf = tuple[str, dict[str, str]]


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """The room's address, and its pages with their paths."""
    with open_shelf(tmp_path_factory.mktemp("shelf")) as opened:
        yield opened


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with browsing(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def browser(chromium: Chrome) -> Chrome:
    """The browser without cookies, in the light, with a wide window."""
    chromium.get("about:blank")
    chromium.execute_cdp_cmd("Network.clearBrowserCookies", {})
    resize(chromium, WIDE)
    dress(chromium, "light")
    return chromium

"""The pages that are looked at, and a browser to look with. A new page joins by a line in ``PAGES``."""

from __future__ import annotations

import base64
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from newsroom_shelf import NOW, fill_shelf, numbers
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from crawler.reading_room.app import open_room

#: Name to path; ``{changed}``, ``{copied}`` and so on are ids (``newsroom_shelf.numbers``).
PAGES = {
    "search": "/?q=banjir",
    "front": "/",
    "filters": "/?section=Ekonomi&sort=newest&copies=1",
    "nothing": "/?q=tiadaada",
    "fault": "/?q=%22",
    "article": "/article/{copied}",
    "copy": "/article/{copy}",
    "versions": "/article/{changed}/versions",
    "stored": "/article/{changed}/page",
    "stored-whole": "/article/{copied}/page?all=1",
    "missing": "/article/999999",
    "outlets": "/outlets",
    "outlet": "/outlets/kilas-tirtamaya",
    "runs": "/runs",
    "run": "/runs/1",
    "stories": "/stories",
    "story": "/stories/{story}",
    "places": "/places?q=a",
    "place": "/places/1",
    "authors": "/authors",
    "author": "/authors/1",
}
WIDE, PHONE = (1280, 900), (390, 844)


@contextmanager
def open_shelf(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A room over the small news web, served on loopback: its address, and the pages with their paths."""
    path = fill_shelf(folder / "news.db")
    pages = {name: page.format(**numbers(path)) for name, page in PAGES.items()}
    room = open_room(path, now=lambda: NOW)
    sock = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(room.app(), log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}", pages
    finally:
        server.should_exit = True
        thread.join(10)
        room.reading_room.close()


@contextmanager
def browsing(folder: Path) -> Iterator[Chrome]:
    """A Chromium without a screen, with a profile of its own in *folder*."""
    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *("--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en", f"--user-data-dir={folder}"),
    ):
        options.add_argument(flag)
    browser = Chrome(options, ChromeService(shutil.which("chromedriver")))
    browser.set_page_load_timeout(30)
    try:
        yield browser
    finally:
        browser.quit()


def resize(browser: Chrome, size: tuple[int, int]) -> None:
    """A window of that many CSS pixels, phone or not."""
    width, height = size
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def dress(browser: Chrome, scheme: str) -> None:
    """Light or dark, as the visitor's system would ask for it."""
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def picture(browser: Chrome, *, whole: bool = True) -> bytes:
    """The page as PNG."""
    wanted: dict[str, Any] = {"format": "png", "captureBeyondViewport": whole}
    if whole:
        size = browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        height = min(size["height"], 4_000)
        wanted["clip"] = {"x": 0, "y": 0, "width": size["width"], "height": height, "scale": 1}
    return base64.b64decode(browser.execute_cdp_cmd("Page.captureScreenshot", wanted)["data"])

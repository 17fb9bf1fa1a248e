"""Every page in a real browser: its accessibility, nothing refused, nothing wider than a phone."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from conftest import Shelf
from looked_at import PAGES, PHONE, dress, resize
from selenium.webdriver import Chrome

AXE = (resources.files("axe_core_python") / "axe.min.js").read_text("utf-8")
_RUN = """
const [rules, done] = [arguments[0], arguments[arguments.length - 1]];
const options = rules.length ? {runOnly: {type: "rule", values: rules}} : {};
axe.run(document, {...options, resultTypes: ["violations"]}).then(
  found => done(JSON.stringify(found.violations.map(v => [
    v.impact, v.id, v.nodes.slice(0, 3).map(n => n.html + " " + n.failureSummary)]))),
  error => done(JSON.stringify([["critical", String(error), []]])));
"""


def faults(browser: Chrome, *rules: str) -> list[list[object]]:
    """Serious and critical faults that axe finds on the page that is open, by these rules or by all."""
    browser.execute_script(AXE)
    found = json.loads(browser.execute_async_script(_RUN, list(rules)))
    return [fault for fault in found if fault[0] in {"serious", "critical"}]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_serious_fault(browser: Chrome, shelf: Shelf, name: str) -> None:
    base, pages = shelf
    # A sandboxed page runs no timers, which axe waits for.
    browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    try:
        browser.get(base + pages[name])
        assert faults(browser) == []
        dress(browser, "dark")
        assert faults(browser, "color-contrast") == []
    finally:
        browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(browser: Chrome, shelf: Shelf, name: str) -> None:
    base, pages = shelf
    resize(browser, PHONE)
    browser.get(base + pages[name])
    assert browser.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]


def test_the_browser_refuses_and_misses_nothing(browser: Chrome, shelf: Shelf) -> None:
    base, pages = shelf
    browser.get_log("browser")
    for name, path in pages.items():
        browser.get(base + path)
        said = [entry["message"] for entry in browser.get_log("browser")]
        # The pages that tell of a fault are answered with its status.
        told = [
            message for message in said if "status of 40" not in message or name not in {"fault", "missing"}
        ]
        assert told == [], name

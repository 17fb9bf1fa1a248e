"""What a reader does: search, narrow down, open, compare versions, see copies; by mouse, keyboard, phone."""

from __future__ import annotations

from conftest import Shelf
from looked_at import PHONE, resize
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait


def find(browser: Chrome, css: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, css)


def texts(browser: Chrome, css: str) -> list[str]:
    return [element.text for element in browser.find_elements(By.CSS_SELECTOR, css)]


def follow(browser: Chrome, element: WebElement) -> None:
    """Click, and wait for the page behind it."""
    before = browser.current_url
    element.click()
    WebDriverWait(browser, 10).until(lambda browser: browser.current_url != before)


def test_a_search_finds_and_marks_its_words(browser: Chrome, shelf: Shelf) -> None:
    browser.get(shelf[0])
    find(browser, "#q").send_keys("kereta")
    follow(browser, find(browser, ".bar button"))
    assert "q=kereta" in browser.current_url
    marks = texts(browser, ".snippet mark")
    assert marks
    assert all("kereta" in mark.lower() for mark in marks)


def test_a_facet_narrows_the_search_and_its_chip_widens_it_again(browser: Chrome, shelf: Shelf) -> None:
    browser.get(f"{shelf[0]}/?q=kereta")
    all_found = len(texts(browser, ".list h3"))
    value, amount = texts(browser, "#facet-source + ul li")[0].split()
    follow(browser, find(browser, "#facet-source + ul a"))
    assert len(texts(browser, ".list h3")) == int(amount) < all_found
    assert {label.partition(" · ")[0].lower() for label in texts(browser, ".list .label")} == {value}
    follow(browser, find(browser, ".chosen a"))
    assert len(texts(browser, ".list h3")) == all_found


def test_the_form_keeps_what_was_asked_for(browser: Chrome, shelf: Shelf) -> None:
    browser.get(f"{shelf[0]}/?q=harga&place=Cirebon&sort=newest&when=range&since=2026-01-01")
    assert find(browser, "#q").get_attribute("value") == "harga"
    assert find(browser, "#place").get_attribute("value") == "Cirebon"
    assert find(browser, "#sort").get_attribute("value") == "newest"
    assert find(browser, "#since").get_attribute("value") == "2026-01-01"
    assert find(browser, "details.more").get_attribute("open")


def test_a_hit_opens_its_article(browser: Chrome, shelf: Shelf) -> None:
    browser.get(f"{shelf[0]}/?q=banjir")
    headline = texts(browser, ".list h3")[0]
    follow(browser, find(browser, ".list h3 a"))
    assert find(browser, "h1").text.split() == headline.split()
    assert "sentimeter" in find(browser, ".body").text


def test_versions_show_what_was_taken_away_and_what_was_put_in(browser: Chrome, shelf: Shelf) -> None:
    base, pages = shelf
    browser.get(base + pages["versions"].removesuffix("/versions"))
    follow(browser, find(browser, ".doors a[href$=versions]"))
    ins, dele = find(browser, "ins"), find(browser, "del")
    assert ins.text.startswith("put in:") or "[+" in ins.text
    assert "line-through" in dele.value_of_css_property("text-decoration-line")
    assert "underline" in ins.value_of_css_property("text-decoration-line")


def test_an_article_tells_who_else_has_it_and_who_was_first(browser: Chrome, shelf: Shelf) -> None:
    base, pages = shelf
    browser.get(base + pages["copy"])
    assert "This is a copy" in find(browser, ".notice").text
    first = find(browser, ".retold li")
    assert "FIRST" in first.text.upper()
    assert "ORIGINAL" in first.text.upper()
    follow(browser, find(browser, ".retold li a"))
    assert base + pages["article"] == browser.current_url


def test_the_stored_page_names_each_role_and_runs_nothing(browser: Chrome, shelf: Shelf) -> None:
    base, pages = shelf
    browser.get(base + pages["stored"])
    roles = {role.lower() for role in texts(browser, ".what .role")}
    assert {"headline", "story"} <= roles
    assert browser.execute_script("return self.origin") == "null"
    assert browser.execute_script("return document.scripts.length") == 0
    follow(browser, find(browser, ".stored p a"))
    assert browser.current_url == base + pages["stored"].removesuffix("/page")


def test_the_language_is_switched_and_kept(browser: Chrome, shelf: Shelf) -> None:
    browser.get(f"{shelf[0]}/?q=banjir")
    assert find(browser, ".bar button").text == "Search"
    follow(browser, find(browser, ".languages a[hreflang=id]"))
    assert find(browser, ".bar button").text == "Cari"
    assert find(browser, "#q").get_attribute("value") == "banjir"
    browser.get(shelf[0])
    assert find(browser, "html").get_attribute("lang") == "id"


def test_all_is_reached_by_keyboard_alone(browser: Chrome, shelf: Shelf) -> None:
    browser.get(f"{shelf[0]}/?q=banjir")
    press = ActionChains(browser)
    press.send_keys(Keys.TAB).perform()
    skip = browser.switch_to.active_element
    assert skip.get_attribute("class") == "skip"
    assert skip.location["x"] >= 0
    press.send_keys(Keys.ENTER).perform()
    assert browser.switch_to.active_element.get_attribute("id") == "content"
    seen = []
    for _ in range(40):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        element = browser.switch_to.active_element
        seen.append(element.get_attribute("id") or element.get_attribute("href") or element.tag_name)
        if "/article/" in seen[-1]:
            break
    assert {"q", "when", "sort", "copies"} <= set(seen)
    style = browser.switch_to.active_element.value_of_css_property("outline-style")
    assert style == "solid"
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    WebDriverWait(browser, 10).until(lambda browser: "/article/" in browser.current_url)


def test_a_phone_searches_too(browser: Chrome, shelf: Shelf) -> None:
    resize(browser, PHONE)
    browser.get(shelf[0])
    find(browser, "#q").send_keys("pasar" + Keys.ENTER)
    WebDriverWait(browser, 10).until(lambda browser: "q=pasar" in browser.current_url)
    assert texts(browser, ".list h3")


def test_it_works_without_javascript(browser: Chrome, shelf: Shelf) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(f"{shelf[0]}/?q=pasar")
        find(browser, ".list h3 a").click()
        WebDriverWait(browser, 10).until(lambda browser: "/article/" in browser.current_url)
        assert find(browser, ".body p").text
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

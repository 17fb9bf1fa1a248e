"""The pages of a split story are told by their addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.parts import asks_for_whole, is_part, part_number

STORY = "https://pesisir.example/berita/bakau"


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 1), ("?page=3", 3), ("?hal=2", 2), ("?halaman=12", 12), ("?a=1&PAGE=4", 4), ("?page=all", 1),
        ("?page=0", 1), ("?page=2026", 1), ("?page=-2", 1), ("?page=", 1), ("?id=7", 1), ("?page=²", 1),
    ],
)  # fmt: skip
def test_an_address_names_a_part_by_its_parameter(query: str, number: int):
    assert part_number(STORY + query) == number


@pytest.mark.parametrize("query", ["page=all", "showpage=all", "single=1", "a=b&page=ALL", "page=all&a=b"])
def test_some_parameters_ask_for_the_whole_story(query: str):
    assert asks_for_whole(f"{STORY}?{query}")


@pytest.mark.parametrize("query", ["", "page=2", "homepage=all", "page=allin", "single=12"])
def test_others_do_not(query: str):
    assert not asks_for_whole(f"{STORY}?{query}")


@pytest.mark.parametrize("url", [f"{STORY}?page=2", f"{STORY}/2", f"{STORY}/page/2/", f"{STORY}/?halaman=2"])
def test_the_second_part_is_known_by_its_number(url: str):
    assert is_part(url, STORY, 2)
    assert not is_part(url, STORY, 3)


@pytest.mark.parametrize(
    "url",
    [
        STORY,
        "https://pesisir.example/berita/lain?page=2",
        "https://lain.example/berita/bakau?page=2",
        "https://pesisir.example/berita/bakau-2",
        f"{STORY}/2?ref=x",
        "http://[",
        "",
    ],
)
def test_another_address_is_no_part(url: str):
    assert not is_part(url, STORY, 2)


def test_the_part_after_a_numbered_one_is_known():
    assert is_part(f"{STORY}?page=3", f"{STORY}?page=2", 3)


@pytest.mark.parametrize("url", ["http://[", "http://[::1?page=2", "?page=" + "9" * 5000, ""])
def test_what_is_no_address_is_one_whole_part(url: str):
    assert part_number(url) == 1
    assert not asks_for_whole(url)


@given(st.text(max_size=40), st.text(max_size=40), st.integers(1, 99))
def test_any_addresses_are_compared(url: str, first: str, number: int):
    assert is_part(url, first, number) in (True, False)

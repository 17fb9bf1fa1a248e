"""Lists of posts as the REST API of WordPress gives them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import read_posts
from crawler.items import Candidate

URL = "https://lamau.example/wp-json/wp/v2/posts?per_page=50&page=1"
POST = {
    "link": "https://lamau.example/2026/07/04/panen-garam/?utm_source=api",
    "date": "2026-07-04T09:30:00",
    "date_gmt": "2026-07-04T02:30:00",
    "modified_gmt": "2026-07-04T03:00:00",
    "status": "publish",
    "title": {"rendered": "Panen Garam &#038; Ikan"},
}


def read(*posts: Any) -> list[Candidate]:
    return read_posts(json.dumps(posts).encode(), URL)


def test_a_post_gives_address_title_and_times_in_utc() -> None:
    assert read(POST) == [
        Candidate(
            "https://lamau.example/2026/07/04/panen-garam/",
            found_in=URL,
            title="Panen Garam & Ikan",
            published="2026-07-04T02:30:00+00:00",
            modified="2026-07-04T03:00:00+00:00",
        )
    ]


def test_without_universal_time_no_zone_is_invented() -> None:
    [found] = read({name: value for name, value in POST.items() if name != "date_gmt"})
    assert found.published == "2026-07-04T09:30:00"


def test_each_address_comes_once() -> None:
    assert len(read(POST, POST)) == 1


@pytest.mark.parametrize(
    "kept_back", [{"status": "future"}, {"content": {"protected": True}}, {"link": None}]
)
def test_what_is_not_for_everyone_is_left_out(kept_back: dict[str, Any]) -> None:
    assert read(POST | kept_back) == []


@pytest.mark.parametrize("data", [b"", b'{"code": "rest_no_route"}', b"[1, null]", b"<html>", b"[" * 100_000])
def test_what_is_no_list_of_posts_gives_nothing(data: bytes) -> None:
    assert read_posts(data, URL) == []


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["link", "date", "title", "rendered", "status", "content"]), inner
            )
        ),
    )
)
def test_no_json_makes_it_raise(value: Any) -> None:
    read_posts(json.dumps(value).encode(), URL)

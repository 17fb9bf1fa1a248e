"""One spelling for URLs, and what counts as the same article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.urls import MAX_LENGTH, article_key, normalise, whole_story_url
from crawler.sources import Source

BASE = "https://www.pesisir.example/ekonomi/indeks?page=2"


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://Pesisir.Example", "https://pesisir.example/"),
        ("HTTPS://pesisir.example:443/a", "https://pesisir.example/a"),
        ("http://pesisir.example:80/a", "http://pesisir.example/a"),
        ("http://pesisir.example:8765/a", "http://pesisir.example:8765/a"),
        ("http://127.0.0.11:8765/a", "http://127.0.0.11:8765/a"),
        ("http://[::1]:8765/a", "http://[::1]:8765/a"),
        ("https://pesisir.example./a", "https://pesisir.example/a"),
        ("  https://pesisir.example/a\n", "https://pesisir.example/a"),
        ("https://pesisir.example/berita//t9/judul", "https://pesisir.example/berita/t9/judul"),
        ("https://pesisir.example/a#komentar", "https://pesisir.example/a"),
        ("https://pesisir.example/a?", "https://pesisir.example/a"),
        ("https://pesisir.example/a?b=2&a=1&c=", "https://pesisir.example/a?b=2&a=1&c="),
        ("https://pesisir.example/a?x=1&amp;y=2", "https://pesisir.example/a?x=1&y=2"),
        ("https://pesisir.example/a/", "https://pesisir.example/a/"),
        ("https://pesisir.example/harga naik", "https://pesisir.example/harga%20naik"),
        ("https://pesisir.example/é", "https://pesisir.example/%C3%A9"),
        ("https://arsip.example/2020/https://pesisir.example/a", None),
    ],
)
def test_a_url_has_one_spelling(url: str, clean: str | None) -> None:
    assert normalise(url) == (clean or url)


@pytest.mark.parametrize(
    "tracking",
    [
        "utm_source=rss",
        "utm_medium=x&utm_campaign=y",
        "fbclid=abc",
        "gclid=1",
        "ref=terkait",
        "source=feed",
        "_ga=1",
    ],
)
def test_tracking_parameters_are_dropped_and_others_kept(tracking: str) -> None:
    assert (
        normalise(f"https://pesisir.example/a?page=2&{tracking}&id=7")
        == "https://pesisir.example/a?page=2&id=7"
    )


@pytest.mark.parametrize(
    "name", ["id", "p", "page", "cid", "reference", "source_id", "session", "single", "tag"]
)
def test_parameters_that_may_choose_the_page_are_kept(name: str) -> None:
    assert normalise(f"https://pesisir.example/?{name}=7") == f"https://pesisir.example/?{name}=7"


@pytest.mark.parametrize(
    ("link", "absolute"),
    [
        ("/berita/1", "https://www.pesisir.example/berita/1"),
        ("berita/1", "https://www.pesisir.example/ekonomi/berita/1"),
        ("//foto.pesisir.example/1", "https://foto.pesisir.example/1"),
        ("?page=3", "https://www.pesisir.example/ekonomi/indeks?page=3"),
        ("http://tetangga.example/x", "http://tetangga.example/x"),
    ],
)
def test_a_link_is_resolved_against_its_page(link: str, absolute: str) -> None:
    assert normalise(link, BASE) == absolute


@pytest.mark.parametrize(
    "url",
    [
        "mailto:redaksi@pesisir.example",
        "javascript:void(0)",
        "tel:+62211234",
        "data:text/html,x",
        "ftp://pesisir.example/a",
        "file:///etc/passwd",
        "https://nama:sandi@pesisir.example/",
        "https://nama@pesisir.example/",
        "https:///tanpa-host",
        "https://dua kata.example/",
        "https://pesisir.example:nomor/",
        "https://[::1/",
        "https://pesisir.example/" + "a" * MAX_LENGTH,
    ],
)
def test_what_is_no_web_page_is_refused(url: str) -> None:
    assert normalise(url, BASE) is None


def test_a_relative_link_without_its_page_is_refused() -> None:
    assert normalise("/berita/1") is None
    assert normalise("") is None


@pytest.mark.parametrize(
    "twin",
    [
        "http://pesisir.example/berita/1",
        "https://www.pesisir.example/berita/1/",
        "https://m.pesisir.example/berita/1",
        "https://amp.pesisir.example/berita/1",
        "https://pesisir.example/amp/berita/1",
        "https://pesisir.example/berita/1/amp/",
        "https://pesisir.example/berita/1?amp",
        "https://pesisir.example/berita/1?amp=1",
        "https://pesisir.example/berita/1?page=all",
        "https://pesisir.example/berita/1?single=1&utm_source=x#atas",
        "https://pesisir.example/berita/1?page=1",
    ],
)
def test_twins_of_an_article_share_its_key(twin: str) -> None:
    assert article_key(twin) == "https://pesisir.example/berita/1"


@pytest.mark.parametrize(
    "other",
    [
        "https://pesisir.example/berita/1?page=2",
        "https://pesisir.example/berita/1?id=2",
        "https://bali.pesisir.example/berita/1",
        "https://pesisir.example/Berita/1",
        "https://pesisir.example/berita/1/all",
        "https://pesisir.example/berita/1/ampas",
        "https://pesisir.example:8765/berita/1",
        "https://team.pesisir.example/berita/1",
    ],
)
def test_other_pages_have_other_keys(other: str) -> None:
    assert article_key(other) != "https://pesisir.example/berita/1"


def test_hosts_are_not_cut_to_a_bare_suffix_or_number() -> None:
    assert article_key("https://m.example/a") == "https://m.example/a"
    assert article_key("http://127.0.0.11:8765/a") == "https://127.0.0.11:8765/a"


def test_the_order_of_the_query_makes_no_other_article() -> None:
    assert article_key("https://a.example/?b=2&a=1") == article_key("https://a.example/?a=1&b=2")


def test_what_is_no_url_is_its_own_key() -> None:
    assert article_key("simpanan/halaman.html") == "simpanan/halaman.html"


def test_a_sources_own_whole_story_address_is_the_article() -> None:
    source = Source("a", "A", ("a.example",), single_page_query="tampil=semua", single_page_suffix="/all")
    assert article_key("https://a.example/x/all?tampil=semua", source) == "https://a.example/x"
    assert article_key("https://a.example/x/all?tampil=semua") != "https://a.example/x"


@pytest.mark.parametrize(
    ("source", "url", "whole"),
    [
        (Source("a", "A", ("a.example",)), "https://a.example/x?page=2", "https://a.example/x?page=2"),
        (
            Source("a", "A", ("a.example",), single_page_query="page=all"),
            "https://a.example/x?id=1&page=2",
            "https://a.example/x?id=1&page=all",
        ),
        (
            Source("a", "A", ("a.example",), single_page_suffix="/all"),
            "https://a.example/x/",
            "https://a.example/x/all",
        ),
    ],
)
def test_the_whole_story_is_asked_for_as_the_outlet_wants(source: Source, url: str, whole: str) -> None:
    assert whole_story_url(url, source) == whole
    assert whole_story_url(whole, source) == whole


URLS = st.one_of(
    st.text(max_size=200),
    st.builds(
        "{}://{}{}/{}?{}#{}".format,
        st.sampled_from(["http", "https", "HTTP"]),
        st.sampled_from(
            ["a.example", "www.m.a.example", "[::1]", "127.0.0.1", "bücher.example", "a..b", "m.amp.b.c"]
        ),
        st.sampled_from(["", ":80", ":443", ":8765", ":"]),
        st.text(st.sampled_from("aA/.%2fé amp;:@"), max_size=30),
        st.text(st.sampled_from("ab=&;%26 +utm_pagel1"), max_size=30),
        st.text(max_size=5),
    ),
)


@given(URLS)
def test_normalising_twice_changes_nothing(url: str) -> None:
    once = normalise(url, BASE)
    if once is not None:
        assert normalise(once) == once
        assert once.startswith(("http://", "https://"))
        assert len(once) <= MAX_LENGTH


@given(URLS)
def test_a_key_is_its_own_key(url: str) -> None:
    key = article_key(url)
    assert article_key(key) == key

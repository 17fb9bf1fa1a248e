"""Lists of articles, and the order in which index pages are asked for."""

import re
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import index_urls, read_listing
from crawler.items import Candidate
from crawler.sources import Source

FEEDS = Path(__file__).parents[3] / "fixtures" / "feeds"
URL = "https://kilasbandar.example/indeks"
SOURCE = Source(
    "bandar",
    "Kilas Bandar",
    ("kilasbandar.example",),
    index_pages=(
        "https://kilasbandar.example/indeks/{date:%Y-%m-%d}?page={page}",
        "https://kilasbandar.example/terbaru?page={page}",
        "https://kilasbandar.example/hari/{date:%d-%m-%Y}",
    ),
    article_url=re.compile(r"^https?://kilasbandar\.example/read/\d+/[a-z-]+"),
    exclude_url=re.compile("/video-"),
)


def candidate(path: str, title: str) -> Candidate:
    return Candidate(url=f"https://kilasbandar.example{path}", source="bandar", found_in=URL, title=title)


def test_a_listing_gives_the_outlets_articles_once_in_order_with_the_headings_title() -> None:
    assert read_listing((FEEDS / "listing.html").read_bytes(), URL, SOURCE) == [
        candidate("/read/10231/kapal-ferry-kembali-berlayar", "Kapal Ferry Kembali Berlayar"),
        candidate("/read/10230/tarif-parkir-pelabuhan-turun", "Tarif Parkir Pelabuhan Turun"),
        candidate("/read/10229/lampu-mercusuar-diganti", "Lampu Mercusuar Diganti"),
    ]


def test_without_a_pattern_the_shape_of_the_urls_decides() -> None:
    plain = Source("bandar", "Kilas Bandar", ("kilasbandar.example",))
    urls = [found.url for found in read_listing((FEEDS / "listing.html").read_bytes(), URL, plain)]
    assert urls == [
        "https://kilasbandar.example/read/10231/kapal-ferry-kembali-berlayar",
        "https://kilasbandar.example/read/10230/tarif-parkir-pelabuhan-turun",
        "https://kilasbandar.example/read/10229/lampu-mercusuar-diganti",
        "https://kilasbandar.example/read/10228/video-kabut",
    ]


def test_a_page_does_not_list_itself() -> None:
    url = "https://kilasbandar.example/read/1/kapal"
    assert read_listing(b'<a href="?utm_source=x">Kapal</a>', url, SOURCE) == []


def test_index_pages_come_newest_day_first_and_undated_ones_once() -> None:
    pages = list(index_urls(SOURCE, date(2026, 1, 31), date(2026, 2, 1)))
    assert [page.url.removeprefix("https://kilasbandar.example/") for page in pages] == [
        "terbaru?page=1",
        "indeks/2026-02-01?page=1",
        "hari/01-02-2026",
        "indeks/2026-01-31?page=1",
        "hari/31-01-2026",
    ]
    assert [page.dated for page in pages] == [False, True, True, True, True]


def test_an_index_page_knows_the_next_one() -> None:
    undated, dated, day_only = index_urls(SOURCE, date(2026, 2, 1), date(2026, 2, 1))
    following = dated.next()
    assert following is not None
    assert following.url == "https://kilasbandar.example/indeks/2026-02-01?page=2"
    assert undated.next() is not None
    assert day_only.next() is None


def test_a_range_that_ends_before_it_begins_has_no_days() -> None:
    assert [page.dated for page in index_urls(SOURCE, date(2026, 2, 2), date(2026, 2, 1))] == [False]


def test_broken_pages_give_nothing() -> None:
    for data in (b"", b"   ", b"\x00", b"<", b"%PDF-1.7 \x80\x81", b"<div>" * 100_000, b"\xff\xfe" * 50):
        assert read_listing(data, URL, SOURCE) == []


@given(st.binary(max_size=300), st.integers(0, 1500))
def test_nothing_raises(noise: bytes, place: int) -> None:
    page = (FEEDS / "listing.html").read_bytes()
    read_listing(noise, URL, SOURCE)
    read_listing(page[:place] + noise + page[place:], URL, SOURCE)

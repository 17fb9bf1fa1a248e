"""Sitemaps keep the dates and titles they carry, and cannot fill the memory."""

import gzip
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import SitemapContent, read_sitemap
from crawler.discovery.sitemaps import MAX_BYTES, MAX_ENTRIES
from crawler.items import Candidate

FEEDS = Path(__file__).parents[3] / "fixtures" / "feeds"
URL = "https://wartadelta.example/sitemap.xml"


def test_a_news_sitemap_keeps_titles_and_dates() -> None:
    content = read_sitemap((FEEDS / "news-sitemap.xml").read_bytes(), URL)
    assert content == SitemapContent(
        candidates=[
            Candidate(
                url="https://news.suaralereng.example/berita/101/embun-upas-turun-lagi",
                found_in=URL,
                title='Embun Upas Turun Lagi, Petani Kentang "Siaga"',
                published="2026-02-01T06:45:00+07:00",
                modified="2026-02-01T09:10:00+07:00",
            ),
            Candidate(
                url="https://news.suaralereng.example/berita/100/festival-jagung-bakar",
                found_in=URL,
                title="Festival Jagung Bakar & Musik Bambu",
                published="2026-01-31",
            ),
        ]
    )


def test_a_plain_sitemap_without_namespace_is_read() -> None:
    content = read_sitemap((FEEDS / "sitemap.xml").read_bytes(), URL)
    assert [(candidate.url, candidate.modified) for candidate in content.candidates] == [
        ("https://wartadelta.example/berita/88/tanggul-sungai-diperkuat", "2026-02-01T12:30:00+00:00"),
        ("https://wartadelta.example/berita/86/pasar-pagi-pindah", "2026-01-31"),
    ]


def test_an_index_names_further_sitemaps_and_when_they_changed() -> None:
    content = read_sitemap((FEEDS / "sitemap-index.xml").read_bytes(), URL)
    assert content == SitemapContent(
        sitemaps=[
            ("https://wartadelta.example/sitemap-2026-02.xml.gz", "2026-02-01T12:30:00+07:00"),
            ("https://wartadelta.example/sitemap-2026-01.xml", None),
        ]
    )


def test_gzip_is_unpacked_whole_or_in_part() -> None:
    plain = (FEEDS / "news-sitemap.xml").read_bytes()
    packed = gzip.compress(plain)
    assert read_sitemap(packed, URL) == read_sitemap(plain, URL)
    assert read_sitemap(packed + gzip.compress(b" "), URL) == read_sitemap(plain, URL)
    assert len(read_sitemap(packed[:-60], URL).candidates) >= 1


def test_broken_xml_gives_what_can_be_read() -> None:
    content = read_sitemap((FEEDS / "broken-sitemap.xml").read_bytes(), URL)
    urls = [candidate.url for candidate in content.candidates]
    assert urls[0] == "https://wartadelta.example/berita/90/jembatan-gantung-selesai"
    assert "https://wartadelta.example/berita/85/lomba-perahu-naga" in urls


def test_no_external_entity_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("rahasia")
    sitemap = f"""<!DOCTYPE urlset [<!ENTITY s SYSTEM "file://{secret}">]>
      <urlset><url><loc>https://a.example/&s;</loc></url></urlset>"""
    assert [candidate.url for candidate in read_sitemap(sitemap.encode(), URL).candidates] == [
        "https://a.example/"
    ]


def test_entities_that_multiply_are_refused() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    sitemap = f'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{entities}]><urlset><url><loc>&e9;</loc></url></urlset>'
    started = time.perf_counter()
    assert read_sitemap(sitemap.encode(), URL).candidates == []
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "bomb",
    [b"<urlset><url><loc>" + b"a" * 2 * MAX_BYTES, b"<urlset>" + b"<a/>" * 5_000_000, b"<a>" * 2_000_000],
    ids=["one long text", "a swarm of elements", "a deep nest"],
)
def test_a_gzip_bomb_is_read_for_a_moment_only(bomb: bytes) -> None:
    packed = gzip.compress(bomb, compresslevel=1)
    started = time.process_time()
    assert read_sitemap(packed, URL) == SitemapContent()
    assert time.process_time() - started < 4


def test_no_more_is_read_than_the_protocol_allows() -> None:
    entries = b"".join(b"<url><loc>https://a.example/%d</loc></url>" % n for n in range(MAX_ENTRIES + 10))
    assert len(read_sitemap(b"<urlset>" + entries + b"</urlset>", URL).candidates) == MAX_ENTRIES


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"<html><body><p>404</p></body></html>",
        b"\x1f\x8b",
        b"\x1f\x8b\x08rusak",
        b"https://a.example/1",
    ],
)
def test_what_is_no_sitemap_gives_nothing(data: bytes) -> None:
    assert read_sitemap(data, URL) == SitemapContent()


@given(st.binary(max_size=300), st.integers(0, 1500))
def test_nothing_raises(noise: bytes, place: int) -> None:
    sitemap = (FEEDS / "news-sitemap.xml").read_bytes()
    read_sitemap(noise, URL)
    read_sitemap(gzip.compress(noise), URL)
    read_sitemap(b"\x1f\x8b\x08\x00" + noise, URL)
    read_sitemap(sitemap[:place] + noise + sitemap[place:], URL)

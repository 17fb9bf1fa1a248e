"""Feeds become candidates with their evidence."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import read_feed
from crawler.discovery.feeds import LENIENT_BYTES, MAX_BYTES
from crawler.items import Candidate

FEEDS = Path(__file__).parents[3] / "fixtures" / "feeds"
URL = "https://kabarpesisir.example/feed/"


def read(name: str, url: str = URL) -> list[Candidate]:
    return read_feed((FEEDS / name).read_bytes(), url)


def test_rss_gives_each_article_once_in_order_with_its_evidence() -> None:
    assert read("rss.xml") == [
        Candidate(
            url="https://kabarpesisir.example/2026/02/01/nelayan-teluk-mutiara-panen-cumi/",
            found_in=URL,
            title="Nelayan Teluk Mutiara “Panen” Cumi Setelah Angin Barat Reda",
            published="2026-02-01T09:30:00+07:00",
            author="Ratna Wulandari",
            section="Ekonomi",
        ),
        Candidate(
            url="https://kabarpesisir.example/2026/01/31/dermaga-apung-dibuka/",
            found_in=URL,
            title="Dermaga Apung Dibuka & Langsung Ramai",
            published="2026-01-31T18:05:00+08:00",
            author="Yusuf Lamadike, Ratna Wulandari",
        ),
        Candidate(
            url="https://kabarpesisir.example/2026/01/30/sekolah-terapung-menerima-murid-baru/",
            found_in=URL,
            title="Sekolah Terapung Menerima Murid Baru",
            published="2026-01-30T07:00:00+07:00",
            author="Tim Redaksi",
        ),
    ]


def test_atom_tells_publication_from_change() -> None:
    url = "https://suaralereng.example/atom.xml"
    assert read("atom.xml", url) == [
        Candidate(
            url="https://suaralereng.example/berita/petani-kopi-beralih",
            found_in=url,
            title="Petani Kopi Lereng Utara Beralih ke Pupuk Kandang",
            published="2026-02-01T08:15:00+08:00",
            modified="2026-02-01T11:40:00+08:00",
            author="Made Artana",
            section="Pertanian",
        ),
        Candidate(
            url="https://suaralereng.example/berita/jalur-pendakian-ditutup",
            found_in=url,
            title="Jalur Pendakian Ditutup Sepekan",
            modified="2026-01-31T02:00:00+00:00",
        ),
    ]


def test_json_feed_is_read_too() -> None:
    url = "https://wartadelta.example/feed.json"
    assert read("feed.json", url) == [
        Candidate(
            url="https://wartadelta.example/berita/88/tanggul-sungai-diperkuat",
            found_in=url,
            title="Tanggul Sungai Diperkuat Sebelum Puncak Hujan",
            published="2026-02-01T10:00:00+07:00",
            modified="2026-02-01T12:30:00+07:00",
            author="Lestari Hadi, Bram Siregar",
            section="Lingkungan",
        ),
        Candidate(
            url="https://wartadelta.example/berita/86/pasar-pagi-pindah",
            found_in=url,
            title="Pasar Pagi Pindah ke Lapangan",
            published="2026-01-31",
            author="Lestari Hadi",
        ),
    ]


def test_dates_are_told_as_the_feed_writes_them_even_where_its_zone_is_wrong() -> None:
    assert [candidate.published for candidate in read("wrong-zone.xml")] == [
        "2026-02-01T09:30:00+00:00",
        "2026-02-01T08:00:00",
        "2026-02-01T07:45:00+07:00",
        None,
    ]


def test_items_that_link_to_the_home_page_are_no_articles() -> None:
    assert read("homepage-links.xml") == []


def test_broken_xml_gives_what_can_be_read() -> None:
    candidates = read("broken.xml")
    assert [candidate.url for candidate in candidates] == [
        "https://kabarpesisir.example/2026/02/02/garam-gula-langka/",
        "https://kabarpesisir.example/2026/02/02/truk-terguling/",
    ]
    assert candidates[0].title == "Garam & Gula Langka di Tiga Kecamatan"


def test_utf_16_is_read() -> None:
    text = (FEEDS / "wrong-zone.xml").read_text("utf-8").replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert read_feed(text.encode("utf-16"), URL)[0].title == "Kapal Ferry Kembali Berlayar"


def test_no_file_is_opened_and_no_external_entity_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("rahasia")
    feed = f"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY s SYSTEM "file://{secret}">]>
      <rss version="2.0"><channel><item><title>A &s; B</title><link>https://a.example/1</link></item></channel></rss>"""
    assert [candidate.url for candidate in read_feed(feed.encode(), URL)] == ["https://a.example/1"]
    assert "rahasia" not in (read_feed(feed.encode(), URL)[0].title or "")
    assert read_feed(str(FEEDS / "rss.xml").encode(), URL) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><body><a href='/berita/1'>Bukan umpan</a></body></html>",
        b"<rss",
        b"<rss><item>",
        b"<rss>" + b"<item>" * LENIENT_BYTES,
        b"{",
        b"[" * 100_000,
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [1, null, {"url": 7}, {"url": "tel:1"}]}',
        b'{"version": 1, "items": [{"url": "https://a.example/1"}]}',
        b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 100_000,
        b"<rss>" + b" " * MAX_BYTES,
        bytes(range(256)) * 10,
    ],
    ids=range(12),
)
def test_what_is_no_feed_gives_nothing(data: bytes) -> None:
    assert read_feed(data, URL) == []


def test_a_large_broken_feed_is_repaired_first() -> None:
    padding = b"<description>" + b"Isi berita. " * (LENIENT_BYTES // 12) + b"</description>"
    data = (FEEDS / "broken.xml").read_bytes().replace(b"<link>", padding + b"<link>", 1)
    assert read_feed(data, URL)[0].url == "https://kabarpesisir.example/2026/02/02/garam-gula-langka/"


def test_a_feed_whose_offsets_lie_keeps_its_clock_in_the_zone_that_is_declared() -> None:
    data = (FEEDS / "rss.xml").read_bytes().replace(b"+0700", b"GMT")
    published = [candidate.published for candidate in read_feed(data, URL, "Asia/Jakarta")]
    assert published[0] == "2026-02-01T09:30:00+07:00"
    assert read_feed(data, URL)[0].published == "2026-02-01T09:30:00+00:00"


@pytest.mark.parametrize("tag", [b"<a>", b"<a ", b"<a/>", b"<item>", b"<", b"&x;"])
def test_endless_markup_is_given_up_quickly(tag: bytes) -> None:
    data = (b"<rss><channel>" + tag * (MAX_BYTES // len(tag)))[:MAX_BYTES]
    started = time.process_time()
    assert read_feed(data, URL) == []
    assert time.process_time() - started < 3


@given(st.binary(max_size=300), st.integers(0, 2000))
def test_nothing_raises(noise: bytes, place: int) -> None:
    rss, json_feed = (FEEDS / "rss.xml").read_bytes(), (FEEDS / "feed.json").read_bytes()
    read_feed(noise, URL)
    read_feed(b"<rss>" + noise, URL)
    read_feed(rss[:place] + noise + rss[place:], URL)
    read_feed(json_feed[:place] + noise + json_feed[place:], URL)

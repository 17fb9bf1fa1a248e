"""Which URLs look like articles where an outlet declares no pattern, and how links are read."""

import re

import pytest

from crawler.discovery import looks_like_article
from crawler.discovery.links import MAX_LINKS, read_links
from crawler.sources import Source

PLAIN = Source("bandar", "Kilas Bandar", ("bandar.example",))
URL = "https://bandar.example/indeks"


@pytest.mark.parametrize(
    "path",
    [
        "/2026/02/01/kapal-berlayar",
        "/2026/02/01/kapal-berlayar/",
        "/berita/20260201/kapal",
        "/berita/2026-02-01/kapal-berlayar.html",
        "/read/10231/kapal-ferry",
        "/berita/d-7654321/kapal-ferry",
        "/ekonomi/kapal-ferry-1234567",
        "/ekonomi/1234567-kapal-ferry.html",
        "/kapal-ferry-kembali-berlayar",
        "/daerah/kapal-ferry-kembali-berlayar/",
        "/ekonomi/20260201093000-4-600001/kapal-ferry",
        "/?p=512",
        "/baca.php?id=512",
    ],
)
def test_a_date_a_number_or_a_long_slug_speaks_for_an_article(path: str) -> None:
    assert looks_like_article(f"https://bandar.example{path}", PLAIN)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/ekonomi",
        "/ekonomi/mikro",
        "/2026",
        "/2026/02/01/",
        "/20260201",
        "/ekonomi/2026/02",
        "/tag/kapal-ferry-kembali-berlayar",
        "/topik/10231/kapal",
        "/penulis/10231",
        "/author/ratna-wulandari-binti-hasan",
        "/kategori/kapal-laut-dan-sungai",
        "/page/2",
        "/indeks/2026/02/01/x",
        "/video/10231/kapal-ferry-kembali-berlayar",
        "/foto/10231/kapal",
        "/search?q=kapal",
        "/pedoman-pemberitaan-media-siber",
        "/tentang-kami",
        "/wp-content/uploads/2026/02/01/kapal.jpg",
        "/berita/10231/kapal-ferry-kembali-berlayar.pdf",
        "/ekonomi?page=2",
    ],
)
def test_lists_pages_of_the_house_and_files_are_no_articles(path: str) -> None:
    assert not looks_like_article(f"https://bandar.example{path}", PLAIN)


def test_other_hosts_have_none_of_the_outlets_articles() -> None:
    assert looks_like_article("https://news.bandar.example/read/10231/kapal", PLAIN)
    assert not looks_like_article("https://bukanbandar.example/read/10231/kapal", PLAIN)
    local = Source("lokal", "Lokal", ("127.0.0.11:8765",))
    assert looks_like_article("http://127.0.0.11:8765/read/10231/kapal", local)
    assert not looks_like_article("http://127.0.0.12:8765/read/10231/kapal", local)


def test_a_declared_pattern_decides_alone_and_exclusion_before_it() -> None:
    source = Source(
        "bandar",
        "Kilas Bandar",
        ("bandar.example",),
        article_url=re.compile(r"^https?://bandar\.example/b/"),
        exclude_url=re.compile("/iklan-"),
    )
    assert looks_like_article("https://bandar.example/b/x", source)
    assert not looks_like_article("https://bandar.example/read/10231/kapal-ferry-kembali-berlayar", source)
    assert not looks_like_article("https://bandar.example/b/iklan-kapal", source)


def titles(html: str) -> list[tuple[str, str]]:
    return [(link.url, link.title) for link in read_links(html.encode(), URL)]


def test_a_links_title_is_its_heading_then_its_text_then_its_title_attribute() -> None:
    assert titles('<a href="/1"><span>Ekonomi</span><h3>Kapal\n Ferry</h3></a>') == [
        ("https://bandar.example/1", "Kapal Ferry")
    ]
    assert titles('<a href="/1" title="b">Kapal</a>') == [("https://bandar.example/1", "Kapal")]
    assert titles('<a href="/1" title="Kapal"><img src="x"></a>') == [("https://bandar.example/1", "Kapal")]


def test_links_are_resolved_against_the_declared_base() -> None:
    assert titles('<base href="/daerah/"><a href="1">A</a>') == [("https://bandar.example/daerah/1", "A")]
    assert titles('<base href="javascript:x"><a href="1">A</a>') == [("https://bandar.example/1", "A")]


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "utf-16"])
def test_titles_are_read_in_the_pages_encoding(encoding: str) -> None:
    page = f'<html><head><meta charset="{encoding}"></head><body><a href="/1">Café</a></body></html>'
    data = page.encode(encoding)
    assert [link.title for link in read_links(data, URL)] == ["Café"]


def test_a_page_in_xhtml_with_a_declaration_and_a_nul_is_read() -> None:
    page = '<?xml version="1.0" encoding="UTF-8"?><html><body>\x00<a href="/1">A</a></body></html>'
    assert titles(page) == [("https://bandar.example/1", "A")]


def test_a_million_links_are_not_all_looked_at() -> None:
    page = b"".join(b'<a href="/%d">x</a>' % number for number in range(2 * MAX_LINKS))
    assert len(list(read_links(page, URL))) == MAX_LINKS

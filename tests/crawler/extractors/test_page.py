"""Bytes become one parsed page: which encoding is believed, what the page states, how hostile input ends."""

from __future__ import annotations

import json

import pytest

from crawler.extractors.page import MAX_BYTES, MAX_STATEMENT, decode, parse

URL = "https://pesisir.example/berita/tanggul"
CAFE = "Kedai kopi “Café Nias” buka lagi"


def head(markup: str):
    return parse(f"<html><head>{markup}</head><body><p>isi</p></body></html>".encode(), URL)


def statement(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_valid_utf8_is_believed_over_any_declaration():
    data = f'<meta charset="iso-8859-1"><p>{CAFE}</p>'.encode()
    assert decode(data, "text/html; charset=windows-1252") == (data.decode(), "utf-8")


def test_the_header_decides_where_the_bytes_are_not_utf8():
    assert decode("Café".encode("latin-1"), "text/html; charset=iso-8859-1")[0] == "Café"


def test_the_page_declares_its_encoding_where_no_header_does():
    data = '<meta charset="shift_jis"><p>東京の図書館</p>'.encode("shift_jis")
    assert "東京の図書館" in decode(data)[0]


def test_an_unknown_encoding_is_read_as_browsers_do():
    assert decode("“Café”".encode("cp1252"), "text/html; charset=enkoding-khayal")[0] == "“Café”"


def test_a_few_broken_bytes_leave_a_page_utf8():
    data = ("é" * 40).encode() + b"\xff"
    assert decode(data)[0] == "é" * 40 + "\ufffd"


def test_a_page_that_is_broken_throughout_is_windows_1252_whatever_it_claims():
    data = ("<meta charset=utf-8>" + "“kutipan” é ".replace("é", "è") * 20).encode("cp1252")
    text, encoding = decode(data, "text/html; charset=utf-8")
    assert encoding == "cp1252"
    assert "“kutipan” è" in text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
def test_a_byte_order_mark_tells_the_encoding(encoding: str):
    text, _ = decode(f"\ufeff<p>{CAFE}</p>".encode(encoding), "text/html; charset=latin-1")
    assert text == f"<p>{CAFE}</p>"


def test_text_survives_a_wrong_charset_declaration():
    page = parse(f'<html><meta charset="gb2312"><body><p>{CAFE}</p></body></html>'.encode(), URL)
    assert page.root is not None
    assert CAFE in page.root.text()


@pytest.mark.parametrize("data", [b"", b"   \n\t ", b"\x00\x00\x00"])
def test_a_page_without_content_has_no_tree(data: bytes):
    assert parse(data, URL).root is None


def test_nul_characters_are_removed_with_a_warning():
    page = parse(b"<html><body><p>Air\x00 surut</p></body></html>", URL)
    assert page.root is not None
    assert "Air surut" in page.root.text()
    assert "NUL characters removed" in page.warnings


def test_a_page_longer_than_the_limit_is_cut_with_a_warning():
    page = parse(b"<p>" + "é".encode() * (MAX_BYTES // 2) + b"</p>", URL)
    assert page.encoding == "utf-8"
    assert len(page.text.encode()) <= MAX_BYTES
    assert any(warning.startswith("page cut at") for warning in page.warnings)
    assert page.is_cut


def test_bytes_that_are_replaced_are_warned_of():
    assert any(
        "replaced" in warning for warning in parse(b"<p>" + ("é" * 40).encode() + b"\xff", URL).warnings
    )


def test_a_pdf_is_no_reason_to_stop():
    parse(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj", URL)


def test_title_language_canonical_and_next_page_are_read():
    page = parse(
        b'<html lang="id-ID"><head><title> Harga\n Cabai </title><link rel="canonical" href="/a">'
        b'<link rel="next" href="?page=2"></head><body></body></html>',
        URL,
    )
    assert (page.title, page.language, page.canonical, page.next_page) == (
        "Harga Cabai",
        "id-ID",
        "/a",
        "?page=2",
    )


def test_an_icons_title_is_not_the_pages():
    page = parse(b"<body><svg><title>ikon cari</title></svg><title>Harga Cabai</title></body>", URL)
    assert page.title == "Harga Cabai"


def test_amp_pages_are_known_by_the_html_element():
    assert parse("<html ⚡><body><p>a</p></body></html>".encode(), URL).amp
    assert parse(b"<html amp><body><p>a</p></body></html>", URL).amp
    assert not parse(b"<html><body><p>a</p></body></html>", URL).amp


def test_meta_names_are_folded_and_kept_in_page_order():
    page = head(
        '<meta name="Author" content=" Siti  Rahma "><meta property="article:tag" content="Cabai">'
        '<meta property="article:tag" content="Pasar">'
    )
    assert page.first_meta("author") == "Siti Rahma"
    assert page.meta["article:tag"] == ["Cabai", "Pasar"]


def test_the_first_named_meta_with_a_value_wins():
    page = head('<meta name="og:title" content=""><meta name="title" content="Harga Cabai">')
    assert page.first_meta("og:title", "title") == "Harga Cabai"
    assert page.first_meta("twitter:title") is None


def test_an_article_is_found_in_a_graph():
    page = head(
        statement(
            {
                "@graph": [
                    {"@type": "WebSite", "name": "Kabar Pesisir"},
                    {"@type": "NewsArticle", "headline": "A"},
                ]
            }
        )
    )
    assert [node["headline"] for node in page.articles] == ["A"]
    assert page.publishers == ["Kabar Pesisir"]


def test_an_article_is_found_in_a_list_and_by_one_of_its_types():
    page = head(statement([{"@type": ["Thing", "https://schema.org/ReportageNewsArticle"], "headline": "A"}]))
    assert page.articles[0]["headline"] == "A"


def test_the_most_specific_article_comes_first():
    page = head(
        statement(
            [
                {"@type": "WebPage", "name": "w"},
                {"@type": "VideoObject", "name": "v"},
                {"@type": "NewsArticle", "name": "a"},
            ]
        )
    )
    assert [node["name"] for node in page.articles] == ["a", "v", "w"]


def test_the_publisher_is_read_from_the_article():
    page = head(
        statement({"@type": "NewsArticle", "publisher": {"@type": "Organization", "name": " Kabar Pesisir "}})
    )
    assert "Kabar Pesisir" in page.publishers


def test_breadcrumbs_stand_in_the_order_of_their_positions():
    crumbs = [
        {"position": 2, "item": {"name": "Daerah"}},
        {"position": 1, "name": "Beranda"},
        "sampah",
        {"position": 3},
    ]
    page = head(statement({"@type": "BreadcrumbList", "itemListElement": crumbs}))
    assert page.breadcrumbs == ["Beranda", "Daerah"]


@pytest.mark.parametrize(
    "source",
    [
        '{"@type": "NewsArticle", "headline": "A",}',
        '{"@type": "NewsArticle", "headline": "A"};',
        '{"@type": "NewsArticle", "description": "dua\nbaris", "headline": "A"}',
        '\n{"@type": "NewsArticle", "tags": ["a", "b",], "headline": "A"}\n',
    ],
)
def test_json_ld_with_the_usual_faults_is_read(source: str):
    page = head(f'<script type="application/ld+json">{source}</script>')
    assert [node["headline"] for node in page.articles] == ["A"]


def test_json_ld_that_is_not_json_is_warned_of():
    page = head('<script type="application/ld+json">{"@type": NewsArticle}</script>')
    assert page.articles == []
    assert page.warnings == ["JSON-LD that is not JSON"]


@pytest.mark.parametrize(
    "source",
    [
        "null",
        "1",
        '"teks"',
        "[]",
        "[[[[]]]]",
        '{"@type": 3}',
        '{"@type": [null, {}]}',
        '{"@graph": "x"}',
        '{"@type": "NewsArticle", "publisher": [], "headline": {}}',
        '{"@type": "BreadcrumbList", "itemListElement": 4}',
        (
            '{"@type": "BreadcrumbList", "itemListElement": [{"name": "a", "position": true}, {"name": '
            '4, "position": 1}]}'
        ),
    ],
)
def test_json_ld_of_any_shape_is_taken(source: str):
    head(f'<script type="application/ld+json">{source}</script>')


def test_json_ld_nested_without_end_is_left():
    page = head(f'<script type="application/ld+json">{"[" * 100_000}</script>')
    assert page.articles == []


def test_json_ld_beyond_the_limit_is_not_read():
    node = {"@type": "NewsArticle", "headline": "A", "articleBody": "x" * MAX_STATEMENT}
    assert head(statement(node)).articles == []

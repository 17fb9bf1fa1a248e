"""No bytes stop the reader: it never raises, and its time grows with a page's size and no faster."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsprint import STORY, URL, page, paragraphs

from crawler.extractors import explain, explain_text, extract, extract_text
from crawler.extractors.page import MAX_BYTES
from crawler.items import Article
from fixtures.site.content import load_outlets
from fixtures.site.web import build

MEGABYTE = 1_000_000
LIMIT = 8.0
#: Seconds that a page of the greatest size that is read may take on a slow machine.

CLUTTER = [
    b"<p>",
    b"</p>",
    b"<div>",
    b"</div>",
    b"<table>",
    b"<td>",
    b"<a href=//x>",
    b"</a>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"<script>",
    b"</script>",
    b"<h1>",
    b"<svg>",
    b"<math>",
    b"<title>",
    b"\x00",
    b"\xff\xfe",
    b"&#x0;",
    b"&#xd800;",
    b"\xed\xa0\x80",
    b"<br>",
    b"<time datetime=9999-99-99>",
    b"<a href='http://[::1'>",
    b"31 Februari 2026 99:99 WIB",
    b"<script type=application/ld+json>",
    b'{"@type":"NewsArticle"',
    b"<body>",
    b"</html>",
    b"<frameset>",
    b"<template>",
]


def read(data: bytes) -> Article:
    """The record, with what must hold of every record checked."""
    article = extract(data, URL)
    article.to_dict()
    assert 0.0 <= article.confidence <= 1.0
    assert "\x00" not in article.body
    assert article.headline or article.body or article.warnings
    return article


def frame(middle: bytes) -> bytes:
    return page(paragraphs() + "@@").replace(b"@@", middle)


def seconds(data: bytes) -> float:
    began = time.process_time()
    read(data)
    return time.process_time() - began


# --- bytes of every kind


@settings(max_examples=30)
@given(st.binary(max_size=2000))
def test_any_bytes_are_read(data: bytes):
    read(data)


@settings(max_examples=30)
@given(st.lists(st.sampled_from(CLUTTER) | st.binary(max_size=12), max_size=60))
def test_any_mixture_of_markup_is_read(pieces: list[bytes]):
    read(frame(b"".join(pieces)))


@settings(max_examples=30)
@given(st.text(st.characters(categories=None), max_size=500))
def test_any_text_is_read_lone_surrogates_too(text: str):
    article = extract_text(text, URL)
    assert "\x00" not in article.headline + article.body
    explain_text(text)


@settings(max_examples=30)
@given(st.text(max_size=60))
def test_any_address_is_taken(url: str):
    extract(page(), url)


@pytest.mark.parametrize(
    "url",
    ["", "http://[", "http://[::1/a", "//", "a:b", "http://a:99999/", "http://\ud800.example/", "?page=²"],
)
def test_what_is_no_address_is_taken_too(url: str):
    assert extract(page(), url).body.split("\n\n") == STORY
    explain(page(), url)


@settings(max_examples=30)
@given(st.binary(max_size=40) | st.just(b"text/html; charset=utf-7"))
def test_any_content_type_is_taken(content_type: bytes):
    extract(page().replace(b"desa", b"d\xe9sa"), URL, content_type=content_type.decode("latin-1"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"\x00",
        b"\xef\xbb\xbf",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"\x1f\x8b\x08\x00",
        b"<",
        b"<!doctype html>",
        b"{}",
        b"<html",
        b"<?xml version='1.0'?><rss/>",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"<html></html>",
    ],
)
def test_what_is_no_page_gives_an_empty_article_and_a_warning(data: bytes):
    article = read(data)
    assert article.body == ""
    assert article.warnings
    explain(data, URL)


@pytest.mark.parametrize(
    "charset",
    [
        "utf-7",
        "utf-16",
        "shift_jis",
        "gb18030",
        "koi8-r",
        "hz",
        "idna",
        "punycode",
        "rot13",
        "unicode_escape",
        "zlib",
    ],
)
def test_a_charset_that_is_not_the_pages_is_survived(charset: str):
    data = page().replace(b'charset="utf-8"', f'charset="{charset}"'.encode())
    assert read(data).body.split("\n\n") == STORY
    read(data.replace(b"desa", b"d\xe9sa\xff"))


def test_nul_bytes_are_passed_over():
    assert read(page().replace(b"desa", b"de\x00sa")).body.split("\n\n") == STORY


# --- pages of real shape, mutilated


def _cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data))]


def _doubled(data: bytes, dice: random.Random) -> bytes:
    begin = dice.randrange(len(data))
    end = begin + dice.randrange(5000)
    return data[:end] + data[begin:end] * dice.randrange(1, 20) + data[end:]


def _nested(data: bytes, dice: random.Random) -> bytes:
    place, tag = (
        dice.randrange(len(data)),
        dice.choice([b"div", b"b", b"a href=/x", b"ul", b"table", b"blockquote"]),
    )
    return data[:place] + b"<" + tag + b">" + data[place // 2 : place] + data[place:]


def _flipped(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(len(data) // 50):
        changed[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(changed)


def _without_tags(data: bytes, dice: random.Random) -> bytes:
    pieces = data.split(b"<")
    return pieces[0] + b"".join(b"<" + piece for piece in pieces[1:] if dice.random() > 0.2)


def _cluttered(data: bytes, dice: random.Random) -> bytes:
    for _ in range(30):
        place = dice.randrange(len(data))
        data = data[:place] + dice.choice(CLUTTER) + data[place:]
    return data


def _shuffled(data: bytes, dice: random.Random) -> bytes:
    pieces = data.split(b">")
    dice.shuffle(pieces)
    return b">".join(pieces)


MUTATIONS = [_cut, _doubled, _nested, _flipped, _without_tags, _cluttered, _shuffled]


def _fixture_pages() -> list[bytes]:
    """One article page of each outlet's template."""
    return [build(outlet, "http://127.0.0.9", 1)[outlet.stories[0].path].body for outlet in load_outlets()]


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_mutilated_pages_are_read(mutation: Callable[[bytes, random.Random], bytes]):
    dice = random.Random(2026)
    for data in _fixture_pages():
        for _ in range(6):
            mutant = mutation(data, dice)
            read(mutant)
            explain(mutation(mutant, dice), URL)


# --- size

FLOODS: dict[str, bytes] = {
    "unclosed divs": b"<div>",
    "unclosed bold": b"<b>",
    "unclosed links": b"<a href=/x>",
    "unclosed lists": b"<ul><li>",
    "unclosed tables": b"<table><tr><td>",
    "unclosed comments": b"<!--",
    "links": b"<a href=/b/1>Banjir di Demak</a> ",
    "linked paragraphs": b"<p><a href=/b/1>Banjir di Demak surut</a></p>",
    "words in one line": b"kata ",
    "one long word": b"a",
    "blanks": b" ",
    "no-break blanks": b"&nbsp;",
    "digits": b"1",
    "opening brackets": b"(",
    "closing brackets": b")",
    "dashes": b"- ",
    "quotes": b'"',
    "colons": b"Oleh: ",
    "capitals": b"JAKARTA, ",
    "dates": b"Senin, 2 Februari 2026 ",
    "date lines": b"<p>Senin, 2 Februari 2026 10:00 WIB</p>",
    "line breaks": b"<br>",
    "headings": b"<h1>Warga Bangun Tanggul</h1>",
    "images": b"<img src=/a.jpg>",
    "captions": b"<figure><img src=/a.jpg><figcaption>Warga</figcaption></figure>",
    "attributes": b"<p a=1 b=2 class='tag tags'>",
    "meta elements": b"<meta name=author content='Siti Rahma'>",
    "statements": (
        b'<script type="application/ld+json">{"@type":"NewsArticle","author":"Siti Rahma"}</script>'
    ),
    "related lines": b"<p>Baca juga: <a href=/1>Banjir di Demak</a></p>",
    "paragraphs": b"<p>Warga desa itu membangun tanggul dari karung pasir sejak Senin pagi.</p>",
}


@pytest.mark.parametrize("flood", FLOODS)
def test_time_is_about_linear_in_size(flood: str):
    piece = FLOODS[flood]
    small, large = (frame(b"<p>" + piece * (size // len(piece))) for size in (100_000, 400_000))
    read(frame(piece))  # what is loaded once is not counted
    assert seconds(large) < 12 * seconds(small) + 0.5


LONG_LINES = {
    "title": lambda text: page().replace(b"<title>", b"<title>" + text),
    "heading": lambda text: page(heading=f"<h1>{text.decode()}</h1>"),
    "statement": lambda text: page(head=f'<meta property="og:title" content="{text.decode()}">'),
    "class": lambda text: page(f"<div class='{text.decode()}'>{paragraphs()}</div>"),
    "address": lambda text: page(
        paragraphs() + f"<p><a href='{text.decode()}'>Banjir di Demak surut</a></p>"
    ),
    "first paragraph": lambda text: page(paragraphs(text.decode() + STORY[0], *STORY[1:])),
    "last paragraph": lambda text: page(paragraphs(*STORY, text.decode())),
    "byline": lambda text: page(before=f"<p class='byline'>Oleh {text.decode()}</p>"),
}


@pytest.mark.parametrize("place", LONG_LINES)
@pytest.mark.parametrize(
    "run", [b" ", b"a", b"1", b"(", b"- ", b"| ", b"/", b"A. ", b"&amp; ", b"\xe2\x80\x94"]
)
def test_no_expression_backtracks_over_long_runs(place: str, run: bytes):
    assert seconds(LONG_LINES[place](run * (60_000 // len(run)))) < 1.5


@pytest.mark.slow
def test_a_hundred_megabytes_of_divs_are_survived():
    data = b"<div>" * (100 * MEGABYTE // 5)
    began = time.process_time()
    article = read(data)
    assert time.process_time() - began < LIMIT
    assert any(warning.startswith("page cut") for warning in article.warnings)


@pytest.mark.parametrize(
    "tag", ["div", "span", "b", "ul><li", "blockquote", "table><tr><td", "a href=/x", "font"]
)
def test_a_hundred_thousand_nested_elements_leave_what_stands_before(tag: str):
    data = frame(f"<{tag}>".encode() * 100_000 + b"isi")
    began = time.process_time()
    article = read(data)
    assert time.process_time() - began < LIMIT
    assert STORY[0] in article.body


@pytest.mark.slow
def test_a_million_links_are_survived():
    assert seconds(frame(b"<a href=/b/1>Banjir di Demak</a> " * MEGABYTE)) < 2 * LIMIT


def test_two_megabytes_in_one_line_are_survived():
    assert seconds(frame(b"<p>" + b"kata " * (2 * MEGABYTE // 5))) < LIMIT


def test_json_ld_of_five_megabytes_is_passed_over():
    huge = (
        b'<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"'
        + b"kata " * MEGABYTE
        + b'"}</script>'
    )
    article = read(frame(huge))
    assert article.body.split("\n\n") == STORY


@pytest.mark.slow
def test_non_ascii_text_beyond_the_limit_is_cut_at_once():
    assert seconds(page("<p>" + "é" * MAX_BYTES)) < LIMIT


@pytest.mark.slow
def test_a_doubtful_page_of_ten_megabytes_asks_for_no_second_opinion():
    assert seconds(b"<html><body>" + b"<div><b>kata</b></div>" * (MAX_BYTES // 22)) < LIMIT


def test_a_long_text_is_read_in_linear_time():
    line = "Warga desa itu membangun tanggul dari karung pasir sejak Senin pagi.\n"
    began = time.process_time()
    extract_text("Judul berita\n\n" + line * 15_000)
    assert time.process_time() - began < LIMIT

"""A page's tree: as browsers make it, whatever the page is made of, in time that grows with the page."""

from __future__ import annotations

import time

import pytest

from crawler.extractors import tree
from crawler.extractors.tree import parse_tree

PARAGRAPHS = b"".join(b"<p class=a>Kalimat <b>ke-%d</b> tentang air.</p>" % number for number in range(50))


def text_of(markup: bytes) -> str:
    root, _ = parse_tree(markup)
    assert root is not None
    return " ".join(root.text().split())


def seconds(markup: bytes) -> float:
    began = time.process_time()
    parse_tree(markup)
    return time.process_time() - began


@pytest.mark.parametrize("markup", [b"", b" \n\t"])
def test_blanks_have_no_tree(markup: bytes):
    assert parse_tree(markup) == (None, False)


def test_an_open_paragraph_ends_where_the_next_block_begins():
    root, _ = parse_tree(b"<p>Satu<div>Dua</div><p>Tiga")
    assert root is not None
    assert [element.text() for element in root.css("p")] == ["Satu", "Tiga"]


def test_a_page_of_many_tags_reads_the_same(monkeypatch: pytest.MonkeyPatch):
    plain = text_of(PARAGRAPHS)
    monkeypatch.setattr(tree, "MANY_TAGS", 10)
    assert text_of(PARAGRAPHS) == plain


def test_attributes_and_scripts_survive_where_a_page_is_balanced_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tree, "MANY_TAGS", 1)
    root, _ = parse_tree(
        b'<html lang=id><head><script type=application/ld+json>{"a": "<b> & \\u00e9"}</script></head>'
        b"<body><a href='/x?a=1&amp;b=2' class='k'>caf\xc3\xa9 &amp; teh</a></body></html>"
    )
    assert root is not None
    link = root.css_first("a")
    assert (root.attributes["lang"], link.attributes["href"], link.text()) == (
        "id",
        "/x?a=1&b=2",
        "café & teh",
    )
    assert root.css_first("script").text() == '{"a": "<b> & \\u00e9"}'


def test_what_is_nested_too_deep_to_read_is_told():
    assert parse_tree(b"<div>" * 50_000 + b"air")[1]
    assert not parse_tree(b"<div>" * 300 + b"air")[1]


@pytest.mark.parametrize(
    "piece",
    [
        b"<div>",
        b"<div></b>",
        b"<b><div></b>",
        b"<a><div>",
        b"<p><font size=%d>",
        b"<font size=%d><div>",
        b"<table><b>x",
        b"<button><div>",
        b"<nobr><p>",
    ],
)
def test_open_elements_cost_no_more_than_their_number(piece: bytes):
    few, many = (b"".join(piece.replace(b"%d", b"%d" % n) for n in range(count)) for count in (4_000, 40_000))
    assert seconds(many) < 40 * max(seconds(few), 0.01)


@pytest.mark.parametrize(
    "attribute",
    [b"a%d ", b'a%d=">" ', b"a%d='<' ", b'a%d="\'>" ', b'= a%d="', b"a%d"],
)
@pytest.mark.parametrize(
    "opening", [b"<div ", b'<div =" x=">" ', b"<script ' a=\" ' > ", b"<a\n", b"<a x='<' "]
)
def test_countless_attributes_cost_no_more_than_their_number(opening: bytes, attribute: bytes):
    flood = opening + b"".join(attribute.replace(b"%d", b"%d" % number) for number in range(200_000)) + b">"
    assert seconds(flood) < 2.0

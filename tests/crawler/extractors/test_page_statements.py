"""What a page's own statements say: canonical URL, section, tags, language, access, policy, images."""

from __future__ import annotations

import json

import pytest
from newsprint import URL, paragraphs, read

from crawler.extractors.page import Page, parse
from crawler.extractors.statements import (
    access_of,
    canonical_url,
    declared_language,
    policy_of,
    section_of,
    text_of,
)
from crawler.extractors.tags import tags_of


def head(markup: str, *, language: str = "") -> Page:
    return parse(f"<html lang='{language}'><head>{markup}</head><body></body></html>".encode(), URL)


def article(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ('<link rel="canonical" href="/berita/b?utm_source=x">', "https://pesisir.example/berita/b"),
        ('<link rel="canonical" href="/">', URL),
        ('<link rel="canonical" href="javascript:void(0)">', URL),
        ('<link rel="canonical" href="http://[">', URL),
        (
            ('<meta property="og:url" content="https://pesisir.example/berita/c">'),
            "https://pesisir.example/berita/c",
        ),
        ("", URL),
    ],
)
def test_the_canonical_url_is_cleaned_and_never_the_sites_root(markup: str, url: str):
    assert canonical_url(head(markup)) == url


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" Daerah ", "Daerah"),
        (["Daerah", "Jawa"], "Daerah"),
        ({"name": "Daerah"}, "Daerah"),
        ({"@value": "Daerah"}, "Daerah"),
        ([], None),
        ({}, None),
        (4, None),
        (None, None),
        ("  ", None),
    ],
)
def test_a_statement_is_a_text_or_a_named_object(value: object, text: str | None):
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("markup", "section"),
    [
        (article(articleSection="Daerah"), "Daerah"),
        (article(articleSection=["Ekonomi", "Pasar"]), "Ekonomi"),
        ('<meta property="article:section" content="Ekonomi">', "Ekonomi"),
        ("", None),
    ],
)
def test_the_section_is_the_stated_one(markup: str, section: str | None):
    assert section_of(head(markup)) == section


def test_the_section_may_stand_in_the_breadcrumbs():
    crumbs = [{"position": n, "name": name} for n, name in enumerate(["Beranda", "Ekonomi", "Judul"])]
    data = json.dumps({"@type": "BreadcrumbList", "itemListElement": crumbs})
    assert section_of(head(f'<script type="application/ld+json">{data}</script>')) == "Ekonomi"


def test_tags_shown_win_over_stated_ones():
    assert tags_of(head(article(keywords="cabai, pasar")), ["#Banjir", "Demak,", "banjir"]) == [
        "Banjir",
        "Demak",
    ]


@pytest.mark.parametrize(
    "markup",
    [
        article(keywords="cabai, pasar"),
        article(keywords=["cabai", "pasar"]),
        '<meta name="keywords" content="cabai,pasar">',
        '<meta name="news_keywords" content="cabai, pasar">',
        '<meta property="article:tag" content="cabai"><meta property="article:tag" content="pasar">',
    ],
)
def test_tags_are_stated_in_many_ways(markup: str):
    assert tags_of(head(markup), []) == ["cabai", "pasar"]


@pytest.mark.parametrize(
    ("markup", "language", "code"),
    [
        (article(inLanguage="id-ID"), "en", "id"),
        ("", "in", "id"),
        ("", "en-US", "en"),
        ('<meta property="og:locale" content="ms_MY">', "", "ms"),
        ("", "bahasa", None),
        ("", "", None),
    ],
)
def test_the_declared_language_is_a_code(markup: str, language: str, code: str | None):
    assert declared_language(head(markup, language=language)) == code


@pytest.mark.parametrize(
    ("markup", "access"),
    [
        (article(isAccessibleForFree=False), "paywalled"),
        (article(isAccessibleForFree="False"), "paywalled"),
        (article(isAccessibleForFree=True), "free"),
        ('<meta property="article:content_tier" content="locked">', "paywalled"),
        ('<meta property="article:content_tier" content="free">', "free"),
        (article(isAccessibleForFree="mungkin"), None),
        ("", None),
    ],
)
def test_access_is_what_the_page_says(markup: str, access: str | None):
    assert access_of(head(markup)) == access


def test_policy_joins_the_meta_element_and_the_header():
    policy = policy_of(
        head('<meta name="robots" content="max-image-preview:large">'),
        {"X-Robots-Tag": "noarchive", "TDM-Reservation": "1"},
    )
    assert policy.robots == "max-image-preview:large, noarchive"
    assert policy.noarchive
    assert policy.tdm_reservation is True


@pytest.mark.parametrize(("value", "reserved"), [("1", True), ("0", False), ("ya", False)])
def test_a_tdm_reservation_is_one_or_it_is_none(value: str, reserved: bool):
    assert (
        policy_of(head(f'<meta name="tdm-reservation" content="{value}">'), None).tdm_reservation is reserved
    )


def test_a_page_that_says_nothing_has_no_policy():
    policy = policy_of(head(""), {})
    assert (policy.robots, policy.tdm_reservation, policy.noarchive) == (None, None, False)


def test_icons_are_no_images_of_the_article():
    story = paragraphs() + '<img src="/ikon.png" width="16"><img src="/peta.jpg" width="800" alt="Peta desa">'
    assert [(image.url, image.caption) for image in read(story).images] == [
        ("https://pesisir.example/peta.jpg", "Peta desa")
    ]


def test_without_a_picture_on_the_page_the_stated_one_is_taken():
    found = read(head='<meta property="og:image" content="/utama.jpg">').images
    assert [image.url for image in found] == ["https://pesisir.example/utama.jpg"]

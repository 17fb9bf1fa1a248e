"""The headline as the reader sees it: one of the page's blocks, vouched for by its statements."""

from __future__ import annotations

import pytest
from newsprint import HEADLINE, paragraphs, read

from crawler.extractors import extract
from crawler.extractors.headline import without_rubric, without_site

OTHER = "Harga Ikan di Teluk Randu Turun Menjelang Puasa"


@pytest.mark.parametrize("tag", ["h1", "h2", "h3", "h5"])
def test_a_heading_of_any_level_is_the_headline(tag: str):
    assert read(heading=f"<{tag}>{HEADLINE}</{tag}>").headline == HEADLINE


@pytest.mark.parametrize("tag", ["div", "td", "p"])
def test_a_headline_may_stand_in_no_heading(tag: str):
    heading = f'<{tag} class="judul">{HEADLINE}</{tag}>'
    assert read(heading=f"<table><tr>{heading}</tr></table>" if tag == "td" else heading).headline == HEADLINE


def test_a_section_in_the_h1_is_not_the_headline():
    assert read(heading=f"<h1>Daerah</h1><h2>{HEADLINE}</h2>").headline == HEADLINE


def test_of_two_h1_the_one_that_the_page_states_wins():
    assert read(heading=f"<h1>Kabar Pesisir</h1><h1>{HEADLINE}</h1>").headline == HEADLINE


def test_another_storys_heading_in_the_side_column_is_not_the_headline():
    below = f'<aside class="sidebar"><h1>{OTHER}</h1></aside>'
    assert read(below=below).headline == HEADLINE


def test_the_visible_heading_wins_over_a_longer_title_element():
    heading = "<h1>Warga Teluk Randu Bangun Tanggul Darurat</h1>"
    assert read(heading=heading).headline == "Warga Teluk Randu Bangun Tanggul Darurat"


def test_markup_inside_the_headline_is_folded():
    assert (
        read(
            heading="<h1>Warga Teluk Randu <em>Bangun</em> Tanggul Darurat\n dari Karung Pasir</h1>"
        ).headline
        == HEADLINE
    )


def test_without_statements_the_lone_h1_is_taken():
    html = f"<html><body><h1>{HEADLINE}</h1>{paragraphs()}</body></html>".encode()
    assert extract(html, "https://pesisir.example/a").headline == HEADLINE


def test_without_any_heading_the_statement_is_taken_without_the_sites_name():
    article = read(heading="<!-- -->")
    assert article.headline == HEADLINE


def test_the_evidence_names_tag_and_statement():
    assert read().evidence["headline"].startswith("h1, ")


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Harga Cabai Turun - Kabar Nusa", "Harga Cabai Turun"),
        ("Harga Cabai Turun | Kabar Nusa", "Harga Cabai Turun"),
        ("Harga Cabai Turun – KabarNusa.com", "Harga Cabai Turun"),
        ("Kabar Nusa: Harga Cabai Turun", "Kabar Nusa: Harga Cabai Turun"),
        ("Kabar Nusa | Harga Cabai Turun", "Harga Cabai Turun"),
        ("Harga Cabai Turun » Ekonomi - Kabar Nusa", "Harga Cabai Turun » Ekonomi"),
        ("Persetirta 3 - 2 Garuda", "Persetirta 3 - 2 Garuda"),
        ("Cabai - Komoditas yang Naik", "Cabai - Komoditas yang Naik"),
        ("Harga Cabai Turun", "Harga Cabai Turun"),
    ],
)
def test_the_sites_name_is_cut_where_a_separator_sets_it_off(title: str, bare: str):
    assert without_site(title, ["Kabar Nusa", "kabarnusa.com"]) == bare


def test_a_page_without_headline_and_text_has_an_empty_headline():
    assert extract(b"<html><body></body></html>", "https://pesisir.example/a").headline == ""


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        (f"{HEADLINE} | Opini", HEADLINE),
        (f"Opinion | {HEADLINE}", HEADLINE),
        (f"{HEADLINE} | Teluk Randu", f"{HEADLINE} | Teluk Randu"),
        ("Opini | Kolom", "Opini"),
    ],
)
def test_the_name_of_a_rubric_beside_a_bar_is_no_part_of_a_headline(title: str, headline: str):
    assert without_rubric(title) == headline


def test_a_headline_may_be_the_first_part_of_a_title_of_several():
    guide = "Panduan Lengkap Menghadapi Banjir Rob di Pesisir Randu"
    head = f'<meta property="og:title" content="{OTHER} - {guide} - Kabar Pesisir">'
    html = f"<html><head>{head}</head><body><h3>{guide}</h3><h2>{OTHER}</h2>{paragraphs()}</body></html>"
    assert extract(html.encode(), "https://pesisir.example/a").headline == OTHER

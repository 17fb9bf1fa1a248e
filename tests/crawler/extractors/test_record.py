"""The record of one article: who wrote it and when, what stands around it, whether it is whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from newsprint import HEADLINE, LEDE, STORY, URL, body_of, kept, page, paragraphs, read

from crawler.extractors import explain, extract
from crawler.extractors.boilerplate import resolve
from crawler.items import Candidate

FETCHED = datetime(2026, 2, 1, tzinfo=UTC)


def stated(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


# --- who


@pytest.mark.parametrize(
    ("before", "authors", "editors"),
    [
        (
            ('<p class="byline">Penulis: Salma Wirda | Editor: Halim Sadewa</p>'),
            ["Salma Wirda"],
            ["Halim Sadewa"],
        ),
        ('<div class="author">Oleh <a href="/p/1">Salma Wirda</a></div>', ["Salma Wirda"], []),
        ('<div class="author">By Salma Wirda and Halim Sadewa</div>', ["Salma Wirda", "Halim Sadewa"], []),
        ("<div>Salma Wirda - Senin, 26 Januari 2026 09:30 WIB</div>", ["Salma Wirda"], []),
        ('<p class="byline">Editor</p><p class="byline">Halim Sadewa</p>', [], ["Halim Sadewa"]),
        ('<p class="byline">Redaksi</p>', [], []),
        ('<p class="byline">Kabar Pesisir</p>', [], []),
        ("", [], []),
    ],
)
def test_the_byline_under_the_headline_names_persons_by_role(
    before: str, authors: list[str], editors: list[str]
):
    article = read(before=before)
    assert (article.authors, article.editors) == (authors, editors)


def test_a_byline_may_stand_after_the_story():
    article = read(paragraphs(*STORY, "Reporter: Salma Wirda", "Editor: Halim Sadewa"))
    assert (article.authors, article.editors) == (["Salma Wirda"], ["Halim Sadewa"])
    assert body_of(article) == STORY


def test_a_full_name_in_brackets_at_the_end_is_the_author():
    article = read(paragraphs(*STORY[:4], f"{STORY[4]} (Salma Wirda)"))
    assert article.authors == ["Salma Wirda"]
    assert body_of(article) == STORY


def test_a_stated_author_is_believed_where_the_page_shows_the_name():
    head = stated(author={"@type": "Person", "name": "Salma Wirda"})
    assert read(head=head, before="<span>Salma Wirda</span>").authors == ["Salma Wirda"]
    assert read(head=head).authors == []


def test_a_stated_author_who_is_shown_as_editor_is_the_editor():
    article = read(head=stated(author={"name": "Halim Sadewa"}), before="<p>Editor: Halim Sadewa</p>")
    assert (article.authors, article.editors) == ([], ["Halim Sadewa"])


def test_the_outlet_in_a_statement_is_no_author():
    head = stated(author={"name": "Kabar Pesisir"}) + '<meta name="author" content="Kabar Pesisir">'
    assert read(head=head).authors == []


def test_another_storys_byline_after_the_story_is_not_believed():
    teaser = '<div class="list"><a href="/b/2">Harga Ikan Turun Menjelang Puasa</a><p>By Jane Doe</p></div>'
    assert read(below=teaser).authors == []


# --- when


@pytest.mark.parametrize(
    ("before", "published"),
    [
        ("<p>Senin, 26 Januari 2026 | 09:30 WIB</p>", "2026-01-26T09:30:00+07:00"),
        ("<p>26/01/2026, 09:30 WITA</p>", "2026-01-26T09:30:00+08:00"),
        ('<time datetime="2026-01-26T09:30:00+09:00">26 Januari 2026</time>', "2026-01-26T09:30:00+09:00"),
        pytest.param(
            '<time datetime="2026-01-26T09:30:00+09:00">26 Januari</time>',
            "2026-01-26T09:30:00+09:00",
            marks=pytest.mark.xfail(strict=True, reason="a time element without year begins the story"),
        ),
    ],
)
def test_the_visible_date_gives_the_publication(before: str, published: str):
    article = extract(page(before=before), URL, fetched_at=FETCHED)
    assert article.published == published


def test_a_visible_time_wins_over_a_stated_one_that_lies():
    article = read(
        head=stated(datePublished="2026-01-26T09:30:00Z"), before="<p>Senin, 26 Januari 2026 | 09:30 WIB</p>"
    )
    assert article.published == "2026-01-26T09:30:00+07:00"
    assert (article.published_from or "").startswith("visible")


def test_the_stated_date_is_taken_where_none_is_shown():
    article = read(head=stated(datePublished="2026-01-26T09:30:00+07:00"))
    assert (article.published, article.published_from) == ("2026-01-26T09:30:00+07:00", "json-ld")


def test_the_feeds_date_is_taken_where_the_page_has_none():
    candidate = Candidate(URL, published="2026-01-26T09:30:00+07:00", title="Judul di umpan")
    article = extract(page(), URL, candidate=candidate)
    assert (article.published, article.published_from) == ("2026-01-26T09:30:00+07:00", "feed")


def test_a_date_in_the_story_is_not_the_publication():
    lede = LEDE.replace("malam berturut-turut", "malam sejak Senin (12/1/2026)")
    assert read(paragraphs(lede, *STORY[1:])).published is None


def test_a_change_is_told_from_the_publication():
    article = read(
        before="<p>Senin, 26 Januari 2026 09:30 WIB</p><p>Diperbarui 27 Januari 2026 10:00 WIB</p>"
    )
    assert (article.published, article.modified) == ("2026-01-26T09:30:00+07:00", "2026-01-27T10:00:00+07:00")


def test_a_change_at_the_moment_of_publication_is_none():
    moment = "2026-01-26T09:30:00+07:00"
    assert read(head=stated(datePublished=moment, dateModified=moment)).modified is None


def test_a_change_before_the_publication_is_not_believed():
    article = read(
        head=stated(datePublished="2026-01-26T09:30:00+07:00", dateModified="2026-01-19T10:00:00+07:00")
    )
    assert (article.published, article.modified) == ("2026-01-26T09:30:00+07:00", None)
    assert any("before it was published" in warning for warning in article.warnings)


def test_what_stands_over_the_tags_is_none():
    tags = '<div class="tags"><a href="/tag">Tag</a> <a href="/tag/banjir">Banjir</a></div>'
    assert read(below=tags).tags == ["Banjir"]


def test_a_page_that_was_cut_is_not_whole():
    assert not extract(page() + b"<div>" * 50_000 + b"<p>lagi</p>", URL).complete


# --- around


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/a?b=1", "https://pesisir.example/a?b=1"),
        ("../x", "https://pesisir.example/x"),
        ("//lain.example/a", "https://lain.example/a"),
        ("#komentar", ""),
        ("javascript:void(0)", ""),
        ("mailto:a@b.example", ""),
        ("http://[::1", "http://[::1"),
        ("//[::1", ""),
        ("", ""),
    ],
)
def test_links_are_absolute_or_left_out(href: str, url: str):
    assert resolve(href, URL) == url


def test_a_line_of_boilerplate_that_recurs_is_kept_once():
    article = read(paragraphs(*STORY[:2], "ADVERTISEMENT", *STORY[2:4], "ADVERTISEMENT", STORY[4]))
    assert kept(article, "ad_marker") == ["ADVERTISEMENT"]


def test_a_related_story_that_recurs_is_listed_once():
    link = '<p>Baca juga: <a href="/b/2">Nelayan Teluk Randu Kembali Melaut</a></p>'
    article = read(paragraphs(*STORY[:2]) + link + paragraphs(*STORY[2:]) + link)
    assert [entry.title for entry in article.related] == ["Nelayan Teluk Randu Kembali Melaut"]


def test_nothing_between_headline_and_storys_end_is_lost():
    before = '<p>Senin, 26 Januari 2026</p><div class="share">Bagikan</div><p class="x">Dibaca 200 kali</p>'
    rows = explain(page(paragraphs(*STORY[:2], "Iklan", *STORY[2:]), before=before), URL).blocks
    read_texts = [row.text for row in rows]
    for text in (HEADLINE, "Senin, 26 Januari 2026", "Bagikan", "Dibaca 200 kali", "Iklan", *STORY):
        assert text in read_texts


def test_every_block_has_a_role_and_a_reason():
    rows = explain(page(), URL).blocks
    assert [row.role for row in rows][:2] == ["headline", "story"]
    assert all(row.reason for row in rows if row.role != "outside")
    assert all(0.0 <= row.score <= 1.0 for row in rows if row.role != "headline")


# --- whole or not


def test_a_page_without_further_parts_is_whole():
    assert read().complete


def test_a_page_that_links_to_its_second_part_is_not_whole():
    pager = (
        f'<div class="paging"><a href="{URL}?page=2">2</a><a href="{URL}?page=2">Halaman '
        f"selanjutnya</a></div>"
    )
    assert not read(below=pager).complete


def test_the_last_part_of_a_story_is_whole():
    pager = f'<div class="paging"><a href="{URL}">1</a><a href="{URL}?page=2">2</a></div>'
    assert read(below=pager, url=f"{URL}?page=2").complete


def test_a_page_that_was_asked_for_whole_is_whole():
    pager = f'<div class="paging"><a href="{URL}?page=2">2</a></div>'
    assert read(below=pager, url=f"{URL}?page=all").complete


def test_rel_next_that_leads_to_another_story_says_nothing():
    assert read(head='<link rel="next" href="/berita/lain">').complete


def test_a_story_behind_a_paywall_is_not_whole():
    story = paragraphs(*STORY[:3]) + (
        '<div class="paywall"><p>Berlangganan untuk membaca artikel ini.</p></div>'
    )
    article = read(story, head=stated(isAccessibleForFree=False))
    assert article.access == "paywalled"
    assert not article.complete


# --- trust


def test_a_plain_page_is_trusted_and_an_empty_one_is_not():
    assert read().confidence > 0.8
    assert extract(b"<html><body><p>Masuk</p></body></html>", URL).confidence < 0.4


def test_the_candidates_title_stands_in_for_a_headline_that_is_not_there():
    article = extract(b"<html><body></body></html>", URL, candidate=Candidate(URL, title="Judul di umpan"))
    assert article.headline == "Judul di umpan"


def test_a_record_is_plain_json():
    assert json.loads(json.dumps(read().to_dict()))["headline"] == HEADLINE

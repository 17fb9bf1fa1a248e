"""A page's text as a person copies it, read by the same roles as a page: lines are its blocks."""

from __future__ import annotations

from pathlib import Path

import pytest
from newsprint import HEADLINE, STORY, body_of, kept

import fixtures
from crawler.extractors import explain_text, extract_text
from crawler.extractors.plain_text import MAX_CHARS, flow_of_text, page_of_text
from crawler.items import Article

SAMPLE = (Path(fixtures.__file__).parent / "pages" / "copied-article.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def article() -> Article:
    return extract_text(SAMPLE)


def test_the_first_line_is_the_headline(article: Article):
    assert article.headline == "Gubernur Resmikan Dermaga Apung di Teluk Kenari Saat Protes Nelayan Berlanjut"


def test_a_doubled_byline_names_its_author_once(article: Article):
    assert article.authors == ["Wartawan Pesisir"]
    assert article.editors == []


def test_the_dateline_is_cut_from_the_story(article: Article):
    assert article.dateline is not None
    assert (article.dateline.raw, article.dateline.place, article.dateline.outlet) == (
        "Ambon –",
        "Ambon",
        None,
    )


def test_the_body_is_the_story_and_nothing_else(article: Article):
    body = body_of(article)
    assert len(body) == 5
    assert body[0].startswith("Gubernur Hasan Latuconsina meresmikan")
    assert body[-1].endswith("nelayan dan pengelola pelabuhan.")


def test_the_prompts_under_the_story_are_kept_by_kind(article: Article):
    assert kept(article, "related") == ["Baca juga Berita lainnya di News Page"]
    assert kept(article, "comment_prompt") == ["Tinggalkan Balasan"]
    assert article.related == []


def test_a_date_in_the_story_is_the_events_and_not_the_publications(article: Article):
    assert article.published is None
    assert article.modified is None


def test_the_storys_language_is_told_by_its_words(article: Article):
    assert article.language == "id"


def test_every_line_is_explained():
    rows = explain_text(SAMPLE).blocks
    lines = [" ".join(line.split()) for line in SAMPLE.splitlines() if line.strip()]
    assert [row.text for row in rows] == lines
    assert [row.role for row in rows if row.role == "story"] == ["story"] * 5


def test_windows_line_ends_and_indents_make_no_difference(article: Article):
    assert extract_text(SAMPLE.replace("\n", "\r\n\t")).body == article.body


def test_paragraphs_without_blank_lines_are_read():
    assert body_of(extract_text("\n".join([HEADLINE, *STORY]))) == STORY


def test_lines_that_are_wrapped_in_a_sentence_make_one_paragraph():
    wrapped = [text.replace(" karena ", "\nkarena ").replace(" sehingga ", "\nsehingga ") for text in STORY]
    assert body_of(extract_text("\n\n".join([HEADLINE, *wrapped]))) == STORY


@pytest.mark.parametrize("text", ["", "\n\n\n", " \t "])
def test_an_empty_text_gives_an_empty_article_and_a_warning(text: str):
    article = extract_text(text)
    assert (article.headline, article.body) == ("", "")
    assert article.warnings


def test_nul_characters_are_removed_with_a_warning():
    page = page_of_text("Air\x00 surut", "")
    assert page.text == "Air surut"
    assert page.warnings == ["NUL characters removed"]


def test_a_text_longer_than_the_limit_is_cut_with_a_warning():
    page = page_of_text("a" * (MAX_CHARS + 1), "")
    assert len(page.text) == MAX_CHARS
    assert page.warnings == [f"text cut at {MAX_CHARS} of {MAX_CHARS + 1} characters"]


def test_lines_become_blocks_the_first_a_heading():
    blocks = flow_of_text("Judul\n\nSatu.\nDua.\n").blocks
    assert [(block.tag, block.text, block.after_break) for block in blocks] == [
        ("h1", "Judul", False), ("p", "Satu.", False), ("p", "Dua.", True),
    ]  # fmt: skip

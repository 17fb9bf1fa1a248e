"""The story as text: lines joined, repeats dropped, parts put together, texts compared, languages told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsprint import FIFTH, LEDE, STORY, page

from crawler.extractors import join_parts
from crawler.extractors.body import join_bodies, join_lines, without_repeats
from crawler.extractors.language import language_of
from crawler.extractors.second_opinion import MAX_CHARS, agreement, second_opinion
from crawler.extractors.tree import parse_tree
from crawler.extractors.walk import read_blocks
from crawler.items import Article, Boilerplate, Image, Link

INDONESIAN = "Warga yang mengungsi sudah pulang karena air surut dan jalan itu bisa dilalui kendaraan."
ENGLISH = "The villagers who had fled have returned, and the road is open to cars that were stuck for days."
MALAY = (
    "Penduduk yang berpindah sudah pulang kerana air surut dan beliau berkata bahawa jalan itu dibuka semula."
)


def lines(markup: str) -> list[str]:
    root, _ = parse_tree(f"<div>{markup}</div>".encode())
    return join_lines(read_blocks(root).blocks) if root is not None else []


def part(body: str, **fields: object) -> Article:
    return Article(url="u", canonical_url="u", body=body, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("markup", "paragraphs"),
    [
        ("Harga cabai<br>naik lagi.", ["Harga cabai naik lagi."]),
        ("Harga cabai naik.<br>pedagang mengeluh.", ["Harga cabai naik.", "pedagang mengeluh."]),
        ("Harga cabai<br>Pedagang mengeluh", ["Harga cabai", "Pedagang mengeluh"]),
        ("<p>Harga cabai</p><p>naik lagi.</p>", ["Harga cabai", "naik lagi."]),
        ("<ul><li>cabai</li><li>bawang</li></ul>", ["cabai", "bawang"]),
        ("", []),
    ],
)
def test_only_a_sentence_cut_by_a_line_break_is_joined(markup: str, paragraphs: list[str]):
    assert lines(markup) == paragraphs


def test_long_paragraphs_stand_once_and_refrains_may_recur():
    assert without_repeats([LEDE, "Kenapa?", LEDE, "Kenapa?"]) == [LEDE, "Kenapa?", "Kenapa?"]


@given(st.lists(st.sampled_from([*STORY, "Kenapa?", "Ya."])))
def test_dropping_repeats_twice_changes_nothing(paragraphs: list[str]):
    once = without_repeats(paragraphs)
    assert without_repeats(once) == once
    assert set(once) == set(paragraphs)


def test_the_seams_of_a_split_story_stand_once():
    assert join_bodies(["\n\n".join(STORY[:3]), "\n\n".join(STORY[2:])]) == "\n\n".join(STORY)


def test_the_parts_of_a_story_become_one_article():
    link, image = Link("Nelayan Melaut", "https://a.example/n"), Image("https://a.example/f.jpg")
    first = part(STORY[0], headline="Judul", related=[link], images=[image], confidence=0.9, complete=False)
    last = part(
        STORY[1],
        headline="Judul - Halaman 2",
        related=[link],
        images=[image],
        boilerplate=[Boilerplate("credit", "(abc/def)")],
        editors=["Salma Wirda"],
        confidence=0.6,
        warnings=["aneh"],
    )
    whole = join_parts([first, last])
    assert whole.body.split("\n\n") == STORY[:2]
    assert (whole.headline, whole.pages, whole.complete) == ("Judul", 2, True)
    assert (whole.related, whole.images, whole.editors) == ([link], [image], ["Salma Wirda"])
    assert [block.text for block in whole.boilerplate] == ["(abc/def)"]
    assert (whole.confidence, whole.warnings) == (0.6, ["aneh"])


def test_one_part_is_the_article_itself():
    only = part(LEDE)
    assert join_parts([only]) is only


def test_a_story_whose_last_part_is_cut_is_not_complete():
    assert not join_parts([part(LEDE), part(FIFTH, complete=False)]).complete


def test_no_parts_are_an_error():
    with pytest.raises(ValueError, match="no parts"):
        join_parts([])


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        (INDONESIAN, None, "id"),
        (INDONESIAN, "en", "id"),
        (ENGLISH, "id", "en"),
        (MALAY, None, "ms"),
        (MALAY, "id", "ms"),
        ("Persetirta 3-2", "id", "id"),
        ("Persetirta 3-2", None, None),
        ("東京の図書館は今日も開いている " * 4, "ja", "ja"),
        ("", "id", "id"),
    ],
)
def test_a_language_is_told_by_its_words_and_declared_where_they_say_nothing(
    text: str, declared: str | None, language: str | None
):
    assert language_of(text, declared) == language


@given(st.text(max_size=300))
def test_any_text_has_a_language_or_the_declared_one(text: str):
    assert language_of(text, "xx") is not None


def test_two_equal_bodies_agree_and_two_different_ones_do_not():
    assert agreement(" ".join(STORY), "\n\n".join(STORY)) == 1.0
    assert agreement(INDONESIAN, ENGLISH) == 0.0
    assert agreement("", LEDE) == 0.0


def test_a_body_that_holds_half_of_another_agrees_in_part():
    assert 0.3 < agreement(" ".join(STORY), " ".join(STORY[:2])) < 0.9


@given(st.text(max_size=200), st.text(max_size=200))
def test_agreement_is_between_0_and_1_and_the_same_both_ways(one: str, other: str):
    value = agreement(one, other)
    assert 0.0 <= value <= 1.0
    assert value == pytest.approx(agreement(other, one))


def test_the_second_opinion_finds_a_plain_pages_story():
    assert LEDE in second_opinion(page().decode(), "https://pesisir.example/a")


@pytest.mark.parametrize("text", ["", "<html></html>", "\x00", "<" * 100])
def test_the_second_opinion_on_no_page_is_empty(text: str):
    assert second_opinion(text, "") == ""


def test_a_huge_page_gets_no_second_opinion():
    assert second_opinion(page().decode() + " " * MAX_CHARS, "") == ""

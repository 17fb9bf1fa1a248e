"""What stands in brackets at a story's end."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.closing import closing_name


def test_a_full_name_in_brackets_at_the_end_is_an_author():
    closing = closing_name("Jembatan itu kini bisa dilalui. (Siti Rahma)")
    assert closing is not None
    assert (closing.kind, closing.name, closing.text, closing.start) == (
        "author",
        "Siti Rahma",
        "(Siti Rahma)",
        32,
    )


@pytest.mark.parametrize("mark", ["(abc/def)", "(abc)", "(H-4)", "(*)", "[sc]", "(ANTARA)"])
def test_initials_at_the_end_are_a_credit(mark):
    closing = closing_name(f"Jembatan itu kini bisa dilalui. {mark}")
    assert closing is not None
    assert (closing.kind, closing.name, closing.text) == ("credit", None, mark)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Jembatan itu kini bisa dilalui.",
        "menurut undang-undang (UU Nomor 5 Tahun 2014)",
        "dilaporkan ke Komisi Pemilihan Umum (KPU)",
        "kalah dari tim tamu (AC Sukamaju)",
    ],
)
def test_brackets_that_belong_to_the_sentence_stay(text):
    assert closing_name(text) is None


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text):
    closing = closing_name(text)
    assert closing is None or text[closing.start :].strip() == closing.text


def test_long_texts_cost_no_more_than_their_length():
    started = time.perf_counter()
    for text in ("( " * 100, "(Siti Rahma, " * 21, "A" * 260, "a@" * 130):
        closing_name(text * 1000)
    assert time.perf_counter() - started < 1

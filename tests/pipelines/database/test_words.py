import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.database.words import Words, parse_words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("banjir jakarta", '"banjir" AND "jakarta"'),
        ('"banjir rob" pesisir', '"banjir rob" AND "pesisir"'),
        ("“banjir rob”", '"banjir rob"'),
        ("ban*", '"ban"*'),
        ("rob OR pasang jakarta", '("rob" OR "pasang") AND "jakarta"'),
        ("rob OR", '"rob"'),
        ("OR rob", '"rob"'),
        ("rob AND pasang", '"rob" AND "pasang"'),
        ("rob or pasang", '"rob" AND "or" AND "pasang"'),
        ("rob -jakarta", '("rob") NOT "jakarta"'),
        ("rob NOT jakarta NOT bogor", '("rob") NOT ("jakarta" OR "bogor")'),
        ('rob -"kota bogor"', '("rob") NOT "kota bogor"'),
        ("undang-undang", '"undang undang"'),
        ("headline:rob", '"headline rob"'),
        ('tanpa "tutup', '"tanpa" AND "tutup"'),
        ("(rob) + ^pasang", '"rob" AND "pasang"'),
    ],
)
def test_words_are_read_as_people_write_them(text: str, wanted: str) -> None:
    assert parse_words(text) == Words(wanted, None)


@pytest.mark.parametrize("text", ["", "   ", '"', '""', "*", "-", "OR", "NOT", ":", '"-" * ^ ()', "\x00"])
def test_nothing_is_asked_by_signs_alone(text: str) -> None:
    assert parse_words(text) == Words(None, None)


def test_only_unwanted_words_are_kept_apart() -> None:
    assert parse_words("-rob -pasang") == Words(None, '("rob" OR "pasang")')


SIGNS = st.lists(
    st.sampled_from(
        ['"', "*", "-", ":", "(", ")", "^", "+", "OR", "AND", "NOT", "NEAR", "rob", "é", "{", " "]
    )
)


@given(st.one_of(st.text(), SIGNS.map("".join), SIGNS.map(" ".join)))
@example("a " * 3000)
@example("-a " * 1000)
@example("a OR " * 1000)
def test_no_text_is_a_syntax_error(text: str) -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5 (headline, body, tokenize='unicode61 remove_diacritics 2')")
    asked = parse_words(text)
    for expression in (asked.wanted, asked.unwanted):
        if expression is not None:
            db.execute("SELECT * FROM t WHERE t MATCH ?", (expression,)).fetchall()
    db.close()

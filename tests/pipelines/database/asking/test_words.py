import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.errors import QuestionError
from pipelines.database.asking.words import Group, expression, read_question


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("banjir jakarta", '("banjir" AND "jakarta")'),
        ('"banjir rob" pesisir', '("banjir rob" AND "pesisir")'),
        ("“banjir rob”", '"banjir rob"'),
        ("ban*", '"ban"*'),
        ("rob OR pasang jakarta", '(("rob" OR "pasang") AND "jakarta")'),
        ("rob AND pasang", '("rob" AND "pasang")'),
        ("rob or pasang", '("rob" AND "or" AND "pasang")'),
        ("rob -jakarta", '("rob" NOT "jakarta")'),
        ("rob AND NOT jakarta", '("rob" NOT "jakarta")'),
        ("rob pasang NOT jakarta NOT bogor", '("rob" AND "pasang") NOT ("jakarta" OR "bogor")'),
        ('rob -"kota bogor"', '("rob" NOT "kota bogor")'),
        ("rob OR (pasang -bogor)", '("rob" OR ("pasang" NOT "bogor"))'),
        ("undang-undang", '"undang undang"'),
        ("headline:rob", 'headline : "rob"'),
        ('Body:"kota bogor" -deck:rob', '(body : "kota bogor" NOT deck : "rob")'),
        ("headline:(rob OR pasang)", 'headline : (("rob" OR "pasang"))'),
        ("(rob) + ^pasang - {x}", '("rob" AND "pasang" AND "x")'),
        ("pukul 18:30 di http://a.example/b", '("pukul" AND "18 30" AND "di" AND "http a example b")'),
        ("NEAR(rob pasang)", '("NEAR" AND ("rob" AND "pasang"))'),
        ("'; DROP TABLE articles; --", '("DROP" AND "TABLE" AND "articles")'),
    ],
)
def test_words_are_read_as_people_write_them(text: str, wanted: str) -> None:
    assert expression(read_question(text).words) == wanted


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ('banjir place:"Kota Semarang"', {"place": "Kota Semarang"}),
        ("outlet:kompas since:2026-01-31 banjir", {"source": "kompas", "since": "2026-01-31"}),
        (
            "author:rahma section:Daerah language:id",
            {"author": "rahma", "section": "Daerah", "language": "id"},
        ),
    ],
)
def test_names_among_the_words_are_filters(text: str, filters: dict[str, str]) -> None:
    assert read_question(text).filters == filters


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_nothing_is_asked_by_blanks(text: str) -> None:
    assert read_question(text).words == Group("all")


def test_what_is_not_wanted_may_stand_alone() -> None:
    words = read_question("-rob NOT pasang").words
    assert not words.wanted
    assert expression(Group("any", words.unwanted)) == '("rob" OR "pasang")'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("rob OR", "nothing follows OR"),
        ("OR rob", "nothing stands before OR"),
        ("rob OR AND pasang", "side by side"),
        ("rob NOT", "nothing follows NOT"),
        ("rob OR -pasang", "OR stands before what is not wanted"),
        ("-rob OR pasang", "OR stands after what is not wanted"),
        ('rob "kota bogor', "quotation mark"),
        ("(rob", "not closed"),
        ("rob)", "not opened"),
        ("rob (-pasang)", "only what is not wanted"),
        ("r*", "two letters"),
        ("headline: rob", "nothing follows headline:"),
        ("rob author:", "nothing follows author:"),
        ('rob author:""', "nothing follows author:"),
        ("place:a place:b", "twice"),
        ("-place:bogor", "narrows the whole question"),
        ("(rob place:bogor)", "narrows the whole question"),
        ("place:(bogor)", "not before brackets"),
        ("🙂 ^ * -", "no word"),
        ("\x00", "no word"),
        ("(" * 40 + "rob" + ")" * 40, "deep"),
        ("rob " * 100, "more than 64 words"),
        ("x" * 10_000, "10000 characters"),
    ],
)
def test_a_fault_is_told_in_a_sentence(text: str, fault: str) -> None:
    with pytest.raises(QuestionError, match=fault) as raised:
        read_question(text)
    assert "fts5" not in str(raised.value)
    assert len(str(raised.value)) < 200


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE VIRTUAL TABLE t USING fts5 (headline, deck, body, tokenize='unicode61 remove_diacritics 2')"
    )
    yield db
    db.close()


SIGNS = st.lists(
    st.sampled_from(
        [*'"*-:()^+{}', *("OR", "AND", "NOT", "NEAR", "rob", "é", " ", "headline:", "place:", "a\u0301b")]
    )
)


@given(st.one_of(st.text(), SIGNS.map("".join), SIGNS.map(" ".join)))
@example("a " * 64)
@example("-a " * 64)
@example("aa* OR " * 60 + "b")
def test_no_question_is_a_syntax_error_of_the_index(index: sqlite3.Connection, text: str) -> None:
    try:
        words = read_question(text).words
    except QuestionError:
        return
    for tree in (words, Group("any", words.unwanted)):
        if tree.wanted:
            index.execute("SELECT * FROM t WHERE t MATCH ?", (expression(tree),)).fetchall()

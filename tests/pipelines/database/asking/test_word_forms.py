"""Forms of a word find each other, by the rules of its language and what the index has."""

import pytest
from newsroom import story, visit

from pipelines.database import Writer
from pipelines.database.asking.queries import search
from pipelines.database.asking.word_forms import forms_of, languages

FAMILIES = {
    "id": [
        "didik mendidik dididik pendidik pendidikan pendidikannya terdidik",
        "tulis menulis penulis tulisan ditulis menuliskan tertulis penulisan",
        "kirim mengirim dikirim pengiriman kiriman mengirimkan",
        "sapu menyapu disapu penyapu",
        "pakai memakai dipakai pemakaian terpakai",
        "banjir kebanjiran membanjiri dibanjiri",
        "baik perbaikan memperbaiki diperbaiki kebaikan terbaik",
        "jalan berjalan menjalankan dijalankan perjalanan",
    ],
    "en": [
        "flood floods flooded flooding",
        "city cities",
        "plan plans planned planning",
        "resign resigned resigns",
        "vote votes voted voting",
        "say says said saying",
        "child children",
    ],
}


@pytest.mark.parametrize(
    ("language", "line"), [(code, line) for code, lines in FAMILIES.items() for line in lines]
)
def test_each_form_finds_the_whole_family(writer: Writer, language: str, line: str) -> None:
    family = line.split()
    strangers = "sekolah berita beras perang dinas kelapa terima bersih news during hundred bus"
    writer.store(visit(story(1, body=f"{line} {strangers}")))
    writer.flush()
    for form in family:
        assert set(forms_of(writer.db, form)) == set(family)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("sekolah", "sekolah bersekolah kolam"),
        ("beras", "beras berasnya asap"),
        ("perang", "perang memerangi angin"),
        ("berita", "berita diberitakan beritanya pemberitaan ita"),
        ("news", "news new"),
    ],
)
def test_what_looks_like_an_affix_is_not_cut_off_a_root(writer: Writer, word: str, text: str) -> None:
    *family, stranger = text.split()
    writer.store(visit(story(1, body=text)))
    writer.flush()
    assert stranger not in forms_of(writer.db, word)
    assert set(forms_of(writer.db, word)) <= set(family)


def test_only_forms_that_the_index_has_are_asked_for(writer: Writer) -> None:
    writer.store(visit(story(1, body="mendidik")))
    writer.flush()
    assert forms_of(writer.db, "didik") == ["didik", "mendidik"]
    assert forms_of(writer.db, "tiada") == ["tiada"]


@pytest.mark.parametrize("word", ["2026", "b2b", "x" * 10_000, "é", '"', "a\u0301b"])
def test_what_is_no_plain_word_is_left_as_it_is(writer: Writer, word: str) -> None:
    assert forms_of(writer.db, word) == [word]


def test_a_language_that_is_asked_for_lends_its_rules_alone(writer: Writer) -> None:
    writer.store(visit(story(1, body="bank banks banking perbankan")))
    writer.flush()
    assert set(forms_of(writer.db, "bank", "en")) == {"bank", "banks", "banking"}
    assert set(forms_of(writer.db, "bank", "id")) == {"bank", "perbankan"}
    assert forms_of(writer.db, "bank", "xx") == ["bank"]


def test_no_two_languages_claim_one_code() -> None:
    codes = [code for rules in languages() for code in rules.codes]
    assert len(codes) == len(set(codes))


def test_a_search_finds_other_forms_unless_it_is_exact(writer: Writer) -> None:
    writer.store(visit(story(1, body="Guru itu mendidik anak pesisir.", headline="Guru")))
    writer.flush()
    writer.store(visit(story(2, body="Anak didik datang pagi-pagi.", headline="Murid")))
    writer.flush()
    assert [hit.id for hit in search(writer.db, "mendidik")] == [1, 2]
    assert [hit.id for hit in search(writer.db, "mendidik", order="newest")] == [2, 1]
    assert [hit.id for hit in search(writer.db, "mendidik", exact=True)] == [1]
    assert [hit.id for hit in search(writer.db, '"mendidik"')] == [1]
    assert "\x02didik\x03" in search(writer.db, "mendidik")[1].snippet

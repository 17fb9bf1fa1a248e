"""Who wrote and edited, from bylines and metadata."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.byline import person_names, read_byline

NAMES = ("Warta Kota", "wartakota.com", "Harian Kabar")


def read(text, **options):
    byline = read_byline(text, **({"outlet_names": NAMES} | options))
    return (byline.authors, byline.editors) if byline else None


@pytest.mark.parametrize(
    ("text", "authors", "editors"),
    [
        ("Penulis: Siti Rahma | Editor: Budi Santoso", ["Siti Rahma"], ["Budi Santoso"]),
        ("Reporter : Siti Rahma Editor : Budi Santoso", ["Siti Rahma"], ["Budi Santoso"]),
        ("Rep: Siti Rahma/ Red: Budi Santoso", ["Siti Rahma"], ["Budi Santoso"]),
        ("Pewarta: Siti Rahma\nEditor: Budi Santoso", ["Siti Rahma"], ["Budi Santoso"]),
        ("Siti Rahma Penulis Budi Santoso Editor", ["Siti Rahma"], ["Budi Santoso"]),
        ("Siti RahmaAuthor Budi SantosoEditor", ["Siti Rahma"], ["Budi Santoso"]),
        ("AuthorSiti RahmaEditorBudi Santoso", ["Siti Rahma"], ["Budi Santoso"]),
        ("Redaktur & Reporter : Siti Rahma", ["Siti Rahma"], ["Siti Rahma"]),
        ("1.201 Views / Penulis. Muslimin", ["Muslimin"], []),
        ("Editor. Budi Santoso", [], ["Budi Santoso"]),
        ("Oleh: Siti Rahma dan Budi Santoso", ["Siti Rahma", "Budi Santoso"], []),
        ("Oleh : Siti Rahma, Angkotasan (Ambon)", ["Siti Rahma", "Angkotasan"], []),
        ("Oleh Budi Santoso pada 7 Feb 2017, 10:00 WIB", ["Budi Santoso"], []),
        ("Selasa, 7 Februari 2017 | 13:01 WIB Oleh : Siti Rahma", ["Siti Rahma"], []),
        ("Siti RahmaSelasa, 7 Februari 2017", ["Siti Rahma"], []),
        ("Rahma21 Sep 2020, 22:45 WIBDiperbarui 21 Sep 2020, 22:45 WIB", ["Rahma"], []),
        ("Siti Rahma , Jurnalis-Selasa, 7 Februari 2017 |13:10 WIB", ["Siti Rahma"], []),
        ("Laporan Wartawan Harian Kabar, Siti Rahma", ["Siti Rahma"], []),
        ("Laporan Wartawan Wartakota.com, Siti Rahma", ["Siti Rahma"], []),
        ("Kontributor Bandung, Siti Rahma", ["Siti Rahma"], []),
        ("Penulis: siti rahma", ["siti rahma"], []),
        ("By Jurnalis Berita", ["Jurnalis Berita"], []),
        ("By Jane Doe and John Roe, The Daily Example", ["Jane Doe", "John Roe"], []),
        ("JANE DOE Staff Writer", ["JANE DOE"], []),
        ("Jane Doe Wellness Writer", ["Jane Doe"], []),
        ("By Jane Doe, Chief Technology Officer", ["Jane Doe"], []),
        ("ByJane DoePublishedThursday 1:23PM", ["Jane Doe"], []),
        ("By: Jane Doe, John B. Roe - @dailyexample", ["Jane Doe", "John B. Roe"], []),
        ("Jane Doe | Published January 5, 2023", ["Jane Doe"], []),
        ("By Jane Doe | jdoe@example.com", ["Jane Doe"], []),
        ("Jane Doe USA WEEKLY", ["Jane Doe"], []),
        ("By Associated Press", ["Associated Press"], []),
        ("Siti Rahma, Warta Kota", ["Siti Rahma"], []),
        ("Siti Rahma - wartaKotaSport", ["Siti Rahma"], []),
        ("Siti Rahma / Warta Kota", ["Siti Rahma"], []),
        ("Oleh: Prof. Dr. Ahmad Budi, S.H., M.H.", ["Ahmad Budi"], []),
        ("Penulis, Siti Rahma", ["Siti Rahma"], []),
        ("[Penulis: Siti Rahma]", ["Siti Rahma"], []),
        ("Siti Rahma Jurnalis Warta Kota", ["Siti Rahma"], []),
        ("Siti Rahma 3 jam lalu", ["Siti Rahma"], []),
        ("By Tim Harlow", ["Tim Harlow"], []),
    ],
)
def test_names_by_role(text, authors, editors):
    assert read(text) == (authors, editors)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(abc/def)",
        "[MUS]",
        "AZF",
        "Admin",
        "Redaksi",
        "Penulis: Admin",
        "Penulis: Tim Redaksi",
        "Warta Kota",
        "By News Desk",
        "by admin",
        "Baca Juga",
        "Halaman Selanjutnya",
        "EDITOR CHOICE",
        "Politik",
        "@wartakota",
        "redaksi@wartakota.com",
        "Selasa, 7 Februari 2017",
        "By submitting your address you agree to the Terms & Conditions",
    ],
)
def test_desks_initials_and_the_outlet_are_no_authors(text):
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Siti Rahma",
        "Oleh karena itu, Siti Rahma pulang",
        "Laporan Keuangan Desa",
        "SBY: Ya Begitulah",
        "Side-By-Side",
    ],
)
def test_without_a_label_a_line_of_unknown_role_names_nobody(text):
    assert read(text, labelled_only=True) is None


def test_a_label_makes_a_line_of_unknown_role_a_byline():
    assert read("Penulis: Siti Rahma", labelled_only=True) == (["Siti Rahma"], [])
    assert read("Siti Rahma Penulis Budi Santoso Editor", labelled_only=True) == (
        ["Siti Rahma"],
        ["Budi Santoso"],
    )


def test_photographers_and_sources_are_kept_apart():
    byline = read_byline("Penulis : Siti Rahma Fotografer : Budi Santoso")
    assert byline is not None
    assert (byline.authors, byline.others, byline.labelled) == (["Siti Rahma"], ["Budi Santoso"], True)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ({"@type": "Person", "name": "Siti Rahma"}, ["Siti Rahma"]),
        ([{"name": "Siti Rahma, Budi Santoso"}, {"name": "siti rahma"}], ["Siti Rahma", "Budi Santoso"]),
        ("By Jane Doe", ["Jane Doe"]),
        ("Jane Doe, MD", ["Jane Doe"]),
        ("Siti Rahma &amp; Budi Santoso", ["Siti Rahma", "Budi Santoso"]),
        ({"@type": "Organization", "name": "Reuters"}, ["Reuters"]),
        ({"@type": "Organization", "name": "Contoh Grup"}, []),
        ("https://www.example.com/author/siti", []),
        ("siti.rahma", []),
        ("siti_r", []),
        ("siti@example.com", []),
        ("Redaksi Warta Kota", []),
        ("wartakota.com", []),
        (None, []),
        (7, []),
        ([[[[[["Siti Rahma"]]]]]], []),
    ],
)
def test_metadata_authors_are_cleaned(value, names):
    assert person_names(value, outlet_names=NAMES) == names


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text):
    byline = read_byline(text, outlet_names=NAMES)
    assert byline is None or all(name.strip() == name for name in byline.authors + byline.editors)
    person_names(text)


def test_long_texts_cost_no_more_than_their_length():
    started = time.perf_counter()
    for text in ("Penulis: A " * 20, "Oleh " * 50, "( " * 100, "Siti Rahma, " * 21, "A" * 260, "a@" * 130):
        read(text)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("text", ["Reporter Siti Rahma", "Penulis Siti Rahma"])
def test_a_position_and_a_name_are_a_byline_without_a_colon(text: str):
    assert read(text, labelled_only=True) == (["Siti Rahma"], [])


@pytest.mark.parametrize(
    "text",
    [
        "Warta.net BrandRoom / 5 Januari 2023",
        "Lensa Garut | 5 Januari 2023",
        "Oleh Tim Kabar",
        "Reporter Tribun Kota",
    ],
)
def test_halves_of_names_and_outlets_are_no_persons(text: str):
    found = read(text, labelled_only="|" not in text and "/" not in text)
    assert found is None or not found[0]

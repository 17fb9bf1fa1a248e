"""The dateline before a story's first sentence."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.dateline import read_dateline

STORY = "Warga desa itu memperbaiki jembatan yang rusak diterjang banjir sejak pekan lalu."
NAMES = ("Warta Kota", "www.kabarpagi.co.id", "VIMA")


def read(text, **options):
    return read_dateline(text, **({"outlet_names": NAMES} | options))


@pytest.mark.parametrize(
    ("lead", "place", "outlet"),
    [
        ("Jakarta - ", "Jakarta", None),
        ("SAMARINDA – ", "SAMARINDA", None),
        ("Bandung- ", "Bandung", None),
        ("Sukamaju - ", "Sukamaju", None),
        ("Kab. Bogor – ", "Kab. Bogor", None),
        ("Nusa Dua, Bali - ", "Nusa Dua, Bali", None),
        ("JAKARTA, WARTAKOTA.com - ", "JAKARTA", "WARTAKOTA.com"),
        ("Jakarta, Wartakota.com — ", "Jakarta", "Wartakota.com"),
        ("Jakarta, wartakotacom - ", "Jakarta", "wartakotacom"),
        ("Jakarta, CNX Indonesia -- ", "Jakarta", "CNX Indonesia"),
        ("Solo, Harian Pagi - ", "Solo", "Harian Pagi"),
        ("WARTA-TIMUR.COM, PINRANG - ", "PINRANG", "WARTA-TIMUR.COM"),
        ("Warta6.com, Jakarta ", "Jakarta", "Warta6.com"),
        ("Warta6.com, Jakarta: ", "Jakarta", "Warta6.com"),
        ("WARTA.CO.ID, MEDAN -- ", "MEDAN", "WARTA.CO.ID"),
        ("WARTA.CO.ID, ", None, "WARTA.CO.ID"),
        ("WARTA.CO.ID - JAKARTA. ", "JAKARTA", "WARTA.CO.ID"),
        ("warta.com - JAKARTA - ", "JAKARTA", "warta.com"),
        ("Warta.net-", None, "Warta.net"),
        ("VIMA – ", None, "VIMA"),
        ("VIMAbola - ", None, "VIMAbola"),
        ("Kabarpagi - ", None, "Kabarpagi"),
        ("Jakarta (ANTARA) - ", "Jakarta", "ANTARA"),
        ("Palangka Raya (Antara Kalteng) - ", "Palangka Raya", "Antara Kalteng"),
        ("Jembrana, (Wartabali.com)- ", "Jembrana", "Wartabali.com"),
        ("WASHINGTON (AP) — ", "WASHINGTON", "AP"),
        ("SUKAMAJU | ", "SUKAMAJU", None),
        ("VIMA. ", None, "VIMA"),
        ("SEMARANG, WARTA KOTA. ", "SEMARANG", "WARTA KOTA"),
        ("PADANG, KP - ", "PADANG", "KP"),
        ("Kendari, Kendarikini - ", "Kendari", "Kendarikini"),
        ("BANDUNG, (WK).- ", "BANDUNG", "WK"),
        ("Bandung, wartakota.com.- ", "Bandung", "wartakota.com"),
        ("BANDUNG (wartakota.com) ", "BANDUNG", "wartakota.com"),
        ("Wartakota.com | ", None, "Wartakota.com"),
        ("Jakarta, Warta Kota ", "Jakarta", "Warta Kota"),
        ("KBRN, Surabaya: ", "Surabaya", "KBRN"),
        ("PORTAL JEMBER - ", None, "PORTAL JEMBER"),
        ("TALLAHASSEE, Fla. (AP) — ", "TALLAHASSEE, Fla.", "AP"),
        ("(Reuters) - ", None, "Reuters"),
        ("BEIJING, Dec. 22 (Xinhua) -- ", "BEIJING", "Xinhua"),
        ("KUALA LUMPUR, 5 Okt (Bernama) -- ", "KUALA LUMPUR", "Bernama"),
        ("KUALA LUMPUR: ", "KUALA LUMPUR", None),
        ("KUALA LUMPUR:", "KUALA LUMPUR", None),
        ("Kota Bharu: ", "Kota Bharu", None),
        ("TANA PASER. ", "TANA PASER", None),
        ("Jakarta, ", "Jakarta", None),
        ("DOHA/LONDON, Jan 5 (Reuters) - ", "DOHA/LONDON", "Reuters"),
        ("Santa Barbara, California—", "Santa Barbara, California", None),
    ],
)
def test_forms_of_datelines(lead, place, outlet):
    found = read(lead + STORY)
    assert found is not None
    dateline, begins = found
    assert (dateline.place, dateline.outlet) == (place, outlet)
    assert dateline.raw == lead.strip()
    assert (lead + STORY)[begins:] == STORY


@pytest.mark.parametrize(
    "text",
    [
        "",
        STORY,
        "Di Jakarta, warga antre sejak pagi untuk membeli beras murah.",
        "Jokowi - Ma'ruf unggul dalam penghitungan suara sementara kemarin malam.",
        "Persija - Persib bermain imbang dalam laga tadi malam di Senayan.",
        "1. Jakarta - kota ini macet pada jam pulang kantor setiap hari kerja.",
        '"Jakarta - kota besar," kata warga itu kepada wartawan di lokasi.',
        "Jakarta, Bandung, dan Surabaya menjadi tuan rumah turnamen itu.",
        "Bandung, Jawa Barat, menjadi tujuan wisata akhir pekan warga kota.",
        "Jakarta, Ibu Kota Indonesia, macet parah pada jam pulang kantor.",
        "Update: polisi menangkap tiga tersangka pencurian itu di rumahnya sendiri kemarin.",
        "FAKTA: Klaim bahwa obat itu berbahaya tidak benar menurut para ahli kesehatan.",
        "KRONOLOGI - Korban berangkat dari rumah pukul tujuh pagi menuju sekolahnya.",
        "Siti Rahma: Saya tidak tahu apa yang terjadi di rumah itu kemarin malam.",
        "WASPADA. Hujan deras diperkirakan turun di wilayah utara kota ini.",
        "Warta.com, Kabar.com, dan Koran.co memberitakan hal yang sama kemarin.",
        "Tokokita.com menawarkan diskon besar untuk pembeli setia mereka.",
        "The mayor — who was in Jakarta — said that the plan would work.",
        "Siti Rahma - Warna Biru - 12 poin",
        "Jakarta -",
    ],
)
def test_a_story_without_a_dateline_gets_none(text):
    assert read(text) is None


def test_an_advertorials_mark_is_no_place():
    found = read("INFO BISNIS - " + STORY)
    assert found is not None
    assert found[0].place is None
    assert found[0].outlet == "INFO BISNIS"


def test_a_day_gets_its_year_from_the_publication():
    text = "Jakarta, 31/12 (ANTARA) - " + STORY
    assert read(text)[0].date is None
    assert read(text, near=date(2021, 1, 2))[0].date == "2020-12-31"
    assert read("Jakarta, 7 Februari 2017 - " + STORY)[0].date == "2017-02-07"


def test_an_outlet_is_told_from_a_place_by_the_names_given():
    assert read_dateline("Vima - " + STORY)[0].place == "Vima"
    assert read_dateline("Vima - " + STORY, outlet_names=["haji.vima.co.id"])[0].outlet == "Vima"


@given(st.text(max_size=200))
def test_the_rest_of_any_text_begins_inside_it(text):
    found = read(text)
    assert found is None or 0 < found[1] <= len(text)


def test_long_texts_cost_no_more_than_a_beginning():
    started = time.perf_counter()
    for text in ("Jakarta, " * 20_000, "A" * 100_000, "( " * 50_000, "Aa-" * 50_000, "Kota - " * 20_000):
        read(text)
    assert time.perf_counter() - started < 1

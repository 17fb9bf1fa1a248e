"""Dates as pages write them, and which of them to believe."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.dates import (
    choose_published,
    read_iso,
    read_moment,
    read_moments,
)

FETCHED = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


def read(text, **options):
    moment = read_moment(text, **({"language": "id", "fetched_at": FETCHED} | options))
    return moment.iso if moment else None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Selasa, 10 Maret 2020 | 12:16 WIB", "2020-03-10T12:16:00+07:00"),
        ("Kamis, 05 Nov 2020 20:59 WITA", "2020-11-05T20:59:00+08:00"),
        ("24 Juli 2025 | 11.32 WIT", "2025-07-24T11:32:00+09:00"),
        ("Selasa, 10/03/2020 09:33 WIB", "2020-03-10T09:33:00+07:00"),
        ("02/11/2023, 21:34 WIB", "2023-11-02T21:34:00+07:00"),
        ("10/3/2025 22:58", "2025-03-10T22:58:00"),
        ("Jum'at, 24 Juli 2020 - 13:39 WIB", "2020-07-24T13:39:00+07:00"),
        ("Jum’at, 24 Juli 2020 pukul 14.05 WIB", "2020-07-24T14:05:00+07:00"),
        ("Kamis,20 Februari 2020 - 17:03:29 WIB", "2020-02-20T17:03:29+07:00"),
        ("Selasa , 10 Maret 2020, 11:28 WIB", "2020-03-10T11:28:00+07:00"),
        ("Maret 10 / 2020 11:58 WIB", "2020-03-10T11:58:00+07:00"),
        ("2026-07-24 08:10:08", "2026-07-24T08:10:08"),
        ("2026-05-13WIB18:45:00+07:00", "2026-05-13T18:45:00+07:00"),
        ("Published on Sep. 29, 2025", "2025-09-29"),
        ("Updated 3:04 PM ET, January 5, 2023", "2023-01-05T15:04:00-05:00"),
        ("June 5, 2023 at 3 p.m. ET", "2023-06-05T15:00:00-04:00"),
        ("Isnin, 5 Ogos 2024 9:15 PM", "2024-08-05T21:15:00"),
        ("08-02-2017 02:01", "2017-02-08T02:01:00"),
        ("24-Jul-26 10:00", "2026-07-24T10:00:00"),
        ("Siti RahmaSelasa, 10 Maret 2020", "2020-03-10"),
        ("Terbit 12:16 WIB, 10 Maret 2020", "2020-03-10T12:16:00+07:00"),
    ],
)
def test_lines_of_pages_are_read(text, iso):
    assert read(text) == iso


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Harga beras naik menjadi Rp 12.500 per kilogram",
        "Telepon 021-555-1234",
        "Versi 10.11.12.13",
        "31 Februari 2020",
        "Rabu, 5 Maret 1890",
        "24 Juli 2031 10:00 WIB",
        "5 jam dari kota",
    ],
)
def test_what_is_no_plausible_date_is_refused(text):
    assert read(text) is None


def test_day_and_month_are_told_apart_by_language_weekday_numbers_or_not_at_all():
    assert read("03/04/2023") == "2023-04-03"
    assert read("03/04/2023", language="en") is None
    assert read("Tuesday, 03/04/2023", language="en") is None
    assert read("Saturday 03/04/2023", language="en") == "2023-03-04"
    assert read("12/22/2023 5:00 PM", language="en") == "2023-12-22T17:00:00"
    assert read("03/04/2023 10:00 WIB", language="en") == "2023-04-03T10:00:00+07:00"


def test_the_outlets_zone_is_used_where_the_line_shows_none():
    moment = read_moment("10 Maret 2020 10:00", language="id", zone="Asia/Makassar")
    assert moment is not None
    assert moment.iso == "2020-03-10T10:00:00+08:00"
    assert not moment.zone_shown


def test_relative_times_need_the_time_of_the_fetch():
    assert read("5 jam lalu") == "2026-11-20"
    assert read("3 hari yang lalu - Sulawesi Selatan") == "2026-11-17"
    assert read("Kemarin") == "2026-11-19"
    assert read("2 hours ago", zone="Asia/Jakarta") == "2026-11-20"
    assert read("5 jam lalu", fetched_at=None) is None


def test_the_span_is_where_the_date_stands():
    text = "Oleh Siti Rahma pada 10 Maret 2020, 07:30 WIB Dibaca 12 kali"
    moment = read_moment(text, language="id")
    assert moment is not None
    assert text[slice(*moment.span)] == moment.raw == "10 Maret 2020, 07:30 WIB"
    assert moment.precision == "minute"


def test_labels_part_publication_from_change():
    found = read_moments("Terbit 10 Maret 2020 09:00 WIB Diperbarui: 11 Maret 2020 10:00 WIB", language="id")
    assert [(entry.label, entry.moment.iso) for entry in found] == [
        ("published", "2020-03-10T09:00:00+07:00"),
        ("modified", "2020-03-11T10:00:00+07:00"),
    ]
    (last,) = read_moments("Last modified on March 10, 2020")
    assert last.label == "modified"


def test_a_language_without_a_lexicon_is_left_to_dateparser():
    assert read("10 mars 2020 08:30", language="fr") == "2020-03-10T08:30:00"
    assert read("pas de date 2020", language="fr") is None


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2020-03-10T12:16:00+0700", "2020-03-10T12:16:00+07:00"),
        ("2020-03-10T12:16:00.123Z", "2020-03-10T12:16:00+00:00"),
        ("2020-03-10T12:16:00 07:00", "2020-03-10T12:16:00+07:00"),
        ("2020-03-10T12:16:00+07:00Z", "2020-03-10T12:16:00+07:00"),
        ("2020-03-10WIB12:16:00+07:00", "2020-03-10T12:16:00+07:00"),
        ("2020-03-10 12:16", "2020-03-10T12:16:00"),
        ("20200310T121600Z", "2020-03-10T12:16:00+00:00"),
        ("2020/03/10 12:16:11", "2020-03-10T12:16:11"),
        ("2020-03-10", "2020-03-10"),
        ("Tue, 10 Mar 2020 12:16:00 +0700", "2020-03-10T12:16:00+07:00"),
        (1583817360, "2020-03-10T05:16:00+00:00"),
        ("1583817360000", "2020-03-10T05:16:00+00:00"),
        ("Selasa, 10 Maret 2020 10:00 WIB", "2020-03-10T10:00:00+07:00"),
    ],
)
def test_metadata_values_are_read(value, iso):
    moment = read_iso(value, fetched_at=FETCHED)
    assert moment is not None
    assert moment.iso == iso


@pytest.mark.parametrize(
    "value", ["", "0000-00-00T00:00:00", "2020-13-40", "now", "9" * 40, "1970-01-01", "2040-01-01"]
)
def test_metadata_values_that_are_no_plausible_dates_are_refused(value):
    assert read_iso(value, fetched_at=FETCHED) is None


def chosen(*pairs, zone=None):
    moments = [(name, read_iso(value, language="id")) for name, value in pairs]
    published = choose_published(
        [(name, moment) for name, moment in moments if moment], zone=zone, fetched_at=FETCHED
    )
    return (published.iso, published.evidence) if published else None


def test_a_visible_time_beats_metadata():
    assert chosen(("visible", "10 Maret 2020 10:15 WIB"), ("json-ld", "2020-03-10T10:15:00Z")) == (
        "2020-03-10T10:15:00+07:00",
        "visible",
    )


def test_metadata_lends_its_zone_where_its_clock_shows_the_same():
    assert chosen(("visible", "10 Maret 2020 10:15"), ("meta", "2020-03-10T10:15:30+08:00")) == (
        "2020-03-10T10:15:00+08:00",
        "visible+meta",
    )


def test_metadata_in_utc_lends_the_offset_between_the_clocks():
    assert chosen(("visible", "10 Maret 2020 10:15"), ("meta", "2020-03-10T03:15:30Z")) == (
        "2020-03-10T10:15:00+07:00",
        "visible+meta",
    )


def test_the_same_clock_said_to_be_utc_lends_nothing():
    assert chosen(("visible", "10 Maret 2020 10:15"), ("meta", "2020-03-10T10:15:00Z")) == (
        "2020-03-10T10:15:00",
        "visible",
    )


def test_zones_that_contradict_each_other_lend_nothing():
    found = chosen(
        ("visible", "10 Maret 2020 10:15"),
        ("json-ld", "2020-03-10T10:15:00-08:00"),
        ("meta", "2020-03-10T10:15:00+07:00"),
    )
    assert found == ("2020-03-10T10:15:00", "visible")


def test_the_outlets_zone_beats_a_stated_one():
    assert chosen(
        ("visible", "10 Maret 2020 10:15"), ("meta", "2020-03-10T10:15:00-08:00"), zone="Asia/Jakarta"
    ) == ("2020-03-10T10:15:00+07:00", "visible")


def test_a_visible_day_takes_the_time_of_metadata_of_that_day():
    assert chosen(("visible", "10 Maret 2020"), ("json-ld", "2020-03-10T08:30:00+07:00")) == (
        "2020-03-10T08:30:00+07:00",
        "visible+json-ld",
    )
    assert chosen(("visible", "10 Maret 2020"), ("json-ld", "2020-03-14T08:30:00+07:00")) == (
        "2020-03-10",
        "visible",
    )
    assert chosen(("visible", "10 Maret 2020"), ("json-ld", "2020-03-10T00:00:00Z")) == (
        "2020-03-10",
        "visible",
    )


def test_metadata_alone_is_told_in_the_outlets_zone():
    assert chosen(("json-ld", "2020-03-10T03:15:00Z"), zone="Asia/Jakarta") == (
        "2020-03-10T10:15:00+07:00",
        "json-ld",
    )


def test_a_utc_label_that_another_statement_gives_the_lie_is_dropped():
    assert chosen(("json-ld", "2020-03-10T10:15:00Z"), ("meta", "2020-03-10T10:15:00+07:00")) == (
        "2020-03-10T10:15:00+07:00",
        "json-ld",
    )


def test_of_several_visible_dates_the_one_metadata_knows_wins():
    assert chosen(
        ("visible", "19 November 2026"), ("visible", "10 Maret 2020 10:15 WIB"), ("meta", "2020-03-10")
    ) == ("2020-03-10T10:15:00+07:00", "visible")


def test_nothing_plausible_gives_nothing():
    assert chosen(("visible", "10 Maret 2030"), ("meta", "1970-01-01T00:00:00Z")) is None


@given(st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2026, 11, 1)), st.integers(0, 3))
def test_every_written_moment_is_read_back(when, style):
    months = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"]
    written = [
        f"{when.day} {months[when.month - 1]} {when.year}, {when:%H:%M} WIB",
        f"{when:%d/%m/%Y %H:%M} WIB",
        f"{when:%Y-%m-%d} {when:%H:%M} WIB",
        f"{months[when.month - 1]} {when.day}, {when.year} {when:%H.%M} WIB",
    ][style]
    assert read(written) == f"{when:%Y-%m-%dT%H:%M}:00+07:00"


@given(st.text(max_size=120))
def test_any_text_gets_an_answer(text):
    read_moments(text, language="id", zone="Asia/Jakarta", fetched_at=FETCHED)
    read_iso(text, fetched_at=FETCHED)


def test_long_texts_cost_no_more_than_their_length():
    started = time.perf_counter()
    for text in ("12:16 " * 10_000, "1/1/" * 10_000, "senin, " * 10_000, "2020-" * 10_000):
        read_moments(text, language="id")
    assert time.perf_counter() - started < 3

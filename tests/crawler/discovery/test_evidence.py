"""Titles and dates as feeds and sitemaps write them, in the record's forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.evidence import iso_date, plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Harga Beras Naik", "Harga Beras Naik"),
        ("  Harga\n  Beras ", "Harga Beras"),
        ("<b>Harga</b> &amp; <i>Pasokan</i>", "Harga & Pasokan"),
        ("Harga &amp;#8220;Beras&amp;#8221;", "Harga “Beras”"),
        ("5 < 6 dan 7 > 6", "5 < 6 dan 7 > 6"),
        ("A<br/>B", "A B"),
        ("<p></p>", None),
        ("", None),
        (None, None),
    ],
)
def test_a_title_is_plain_text(markup: str | None, text: str | None) -> None:
    assert plain_text(markup) == text


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Sun, 01 Feb 2026 09:30:00 +0700", "2026-02-01T09:30:00+07:00"),
        ("Sun, 01 Feb 2026 02:30:00 GMT", "2026-02-01T02:30:00+00:00"),
        ("2026-02-01T09:30:00+08:00", "2026-02-01T09:30:00+08:00"),
        ("2026-02-01T02:30:00.123Z", "2026-02-01T02:30:00+00:00"),
        ("2026-02-01T09:30+07:00", "2026-02-01T09:30:00+07:00"),
        ("Minggu, 01 Februari 2026 09:30 WIB", "2026-02-01T09:30:00+07:00"),
        ("Sun, 01 Feb 2026 09:30:00 WITA", "2026-02-01T09:30:00+08:00"),
        ("02/01/2026 09:30 WIT", "2026-01-02T09:30:00+09:00"),
    ],
)
def test_a_date_keeps_the_offset_it_was_written_with(text: str, iso: str) -> None:
    assert iso_date(text) == iso


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Sun, 01 Feb 2026 09:30:00", "2026-02-01T09:30:00"),
        ("2026-02-01 09:30:00", "2026-02-01T09:30:00"),
        ("2026-02-01", "2026-02-01"),
        ("1 Februari 2026", "2026-02-01"),
    ],
)
def test_neither_zone_nor_time_is_invented(text: str, iso: str) -> None:
    assert iso_date(text) == iso


@pytest.mark.parametrize(
    "text",
    [None, "", "kemarin", "2 jam lalu", "2026", "2026-02", "2026-02-31", "Sun, 32 Feb 2026 09:30:00 +0700"],
)
def test_what_is_no_whole_date_is_none(text: str | None) -> None:
    assert iso_date(text) is None


@given(st.text(max_size=60))
def test_nothing_raises(text: str) -> None:
    plain_text(text)
    iso_date(text)

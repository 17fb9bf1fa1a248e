"""Moments as people type them."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.cli.options import Moment


def moment(text: str) -> str:
    return Moment().convert(text, None, None)


@pytest.mark.parametrize(
    ("age", "hours"), [("12h", 12), ("7d", 168), ("2w", 336), ("1M", 720), ("1 y", 8760)]
)
def test_an_age_counts_back_from_now(age: str, hours: int) -> None:
    expected = datetime.now(UTC) - timedelta(hours=hours)
    assert abs(datetime.fromisoformat(moment(age)) - expected) < timedelta(minutes=1)


def test_a_date_stays_a_date() -> None:
    assert moment(" 2026-01-31 ") == "2026-01-31"


def test_a_time_keeps_its_offset() -> None:
    assert moment("2026-01-31T10:00+07:00") == "2026-01-31T10:00:00+07:00"


@pytest.mark.parametrize("text", ["", "kemarin", "7 apples", "2026-02-30", "31/01/2026", "99999y", "\x00"])
def test_what_is_no_moment_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(click.BadParameter, match="7d or 12h"):
        moment(text)


@given(st.text())
def test_no_text_ends_in_anything_but_a_moment_or_a_refusal(text: str) -> None:
    with contextlib.suppress(click.BadParameter):
        datetime.fromisoformat(moment(text))

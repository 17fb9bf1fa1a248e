"""A share that changes for good is found; one that only varies is not."""

import random

import pytest

from pipelines.database.outlets.drift import fell, rose


def cases(share: float, count: int, seed: int = 1) -> list[bool]:
    chance = random.Random(seed)
    return [chance.random() < share for _ in range(count)]


def test_a_share_that_falls_to_nothing_is_found_where_it_fell() -> None:
    change = fell([*cases(0.9, 298), True, True] + [False] * 14)
    assert change is not None
    assert abs(change.at - 300) <= 2
    assert change.after < 0.05 < 0.85 < change.before


def test_a_share_that_rises_is_found_and_one_that_falls_is_no_rise() -> None:
    marks = cases(0.05, 300) + [True] * 14
    assert rose(marks) is not None
    assert fell(marks) is None
    assert rose([not mark for mark in marks]) is None


@pytest.mark.parametrize(("before", "after"), [(40, 8), (300, 4)])
def test_few_cases_on_either_side_say_nothing(before: int, after: int) -> None:
    assert fell([True] * before + [False] * after) is None


def test_where_nothing_ever_went_wrong_few_cases_may_be_asked_to_be_enough() -> None:
    assert rose([False] * 600 + [True] * 3, least_after=3) is not None
    assert rose([False] * 600 + [True] * 2, least_after=2) is None
    assert rose([False] * 100 + [True] * 3, least_after=3) is None


def test_what_has_always_been_rare_does_not_fall() -> None:
    assert fell(cases(0.1, 400) + [False] * 60) is None


def test_a_change_that_is_over_is_none() -> None:
    assert fell([True] * 200 + [False] * 12) is not None
    assert fell([True] * 200 + [False] * 12 + [True] * 6) is None


def test_a_change_that_lasts_for_weeks_is_still_told_with_its_beginning() -> None:
    change = fell(cases(0.95, 200) + [False] * 800)
    assert change is not None
    assert abs(change.at - 200) <= 1


def test_rows_of_one_kind_are_no_change_where_such_rows_are_usual() -> None:
    rows = ([True] * 20 + [False] * 12) * 10
    assert fell(rows) is None
    assert fell(rows + [True] * 20 + [False] * 14) is None


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.8, 0.98, 1.0])
def test_a_share_that_stays_gives_no_alarm_in_a_hundred_months(share: float) -> None:
    for seed in range(100):
        marks = cases(share, 400, seed)
        assert fell(marks) is None
        assert rose(marks) is None

"""The window on the frontier: what waits moves up as answers come."""

from __future__ import annotations

from crawler.items import Candidate
from crawler.spiders.turns import WINDOW, Turns

WAITING = [(number, Candidate(f"https://lamau.example/{number}", "lamau")) for number in range(1, 1001)]


def look(slug: str, after: int, limit: int) -> list[tuple[int, Candidate]]:
    return [(number, candidate) for number, candidate in WAITING if number > after][:limit]


def test_no_more_than_a_window_is_out_at_once() -> None:
    turns = Turns(look, 0)
    assert turns.take("lamau") == [candidate for _, candidate in WAITING[:WINDOW]]
    assert turns.take("lamau") == []


def test_what_waits_moves_up_in_order_when_half_the_window_is_answered() -> None:
    turns = Turns(look, 0)
    turns.take("lamau")
    for _ in range(WINDOW // 2 - 1):
        turns.settle("lamau")
        assert turns.take("lamau") == []
    turns.settle("lamau")
    assert turns.take("lamau") == [candidate for _, candidate in WAITING[WINDOW : WINDOW + WINDOW // 2]]


def test_outlets_do_not_share_a_window() -> None:
    turns = Turns(look, 0)
    turns.take("lamau")
    assert len(turns.take("sagara")) == WINDOW


def test_a_limit_holds_over_all_turns() -> None:
    turns = Turns(look, 3)
    assert len(turns.take("lamau")) == 3
    assert turns.is_over("lamau")
    turns.settle("lamau")
    assert turns.take("lamau") == []
    assert not turns.is_over("sagara")


def test_an_outlet_whose_host_is_left_alone_is_asked_for_nothing_more() -> None:
    turns = Turns(look, 0)
    for _ in turns.take("lamau"):
        turns.settle("lamau", turned_away=True)
    assert turns.take("lamau") == []


def test_one_answer_among_those_that_were_turned_away_goes_on() -> None:
    turns = Turns(look, 0)
    for number, _ in enumerate(turns.take("lamau")):
        turns.settle("lamau", turned_away=number != 50)
    assert len(turns.take("lamau")) == WINDOW

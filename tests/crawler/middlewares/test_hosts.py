"""What is told of a host while a crawl goes on and at its end."""

from __future__ import annotations

from time import monotonic

from crawler.middlewares.hosts import HostState


def test_a_host_that_answers_needs_no_word() -> None:
    state = HostState(answers=7)
    assert state.describe() == ""
    assert not state.troubled


def test_a_pause_is_told_with_what_is_left_of_it_and_remembered() -> None:
    state = HostState(pauses=1, paused_until=monotonic() + 29.6)
    assert state.describe() == "pauses for 30 s"
    state.paused_until = monotonic() - 1
    assert state.describe() == ""
    assert state.troubled


def test_a_host_that_is_left_alone_is_told_with_the_reason() -> None:
    assert HostState(left_alone="http 403, left alone").describe() == "http 403, left alone"

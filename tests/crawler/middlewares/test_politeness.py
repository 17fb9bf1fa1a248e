"""Hosts get the pauses they ask for, and other hosts do not wait for them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from time import monotonic

import pytest
from crawling import Answer, Server, probe
from hypothesis import given
from hypothesis import strategies as st

from crawler.middlewares.politeness import retry_after

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TEXT = {"Content-Type": "text/plain"}
PAGES = {f"/{number}": Answer() for number in range(8)}


def test_a_crawl_delay_spaces_the_requests_to_its_host_and_no_other() -> None:
    slow = {"/robots.txt": Answer(b"User-agent: Warta\nCrawl-delay: 0.4\n", headers=TEXT), **PAGES}
    with Server(slow, "127.0.0.2") as patient, Server(PAGES, "127.0.0.3") as quick:
        pages = [f"{host.url}/{number}" for number in range(4) for host in (patient, quick)]
        assert set(probe(pages).values()) == {200}
        assert min(patient.gaps()) >= 0.35
        assert quick.log[-1][0] < patient.log[2][0] + 0.3


def test_autothrottle_does_not_shorten_a_crawl_delay() -> None:
    slow = {"/robots.txt": Answer(b"User-agent: *\nCrawl-delay: 0.5\n", headers=TEXT), **PAGES}
    with Server(slow) as server:
        probe(
            [f"{server.url}/{number}" for number in range(3)],
            {"AUTOTHROTTLE_ENABLED": True, "AUTOTHROTTLE_START_DELAY": 0.1},
        )
        assert min(server.gaps()) >= 0.45


def test_a_crawl_delay_of_hours_postpones_the_host() -> None:
    slow = {"/robots.txt": Answer(b"User-agent: *\nCrawl-delay: 7200\n", headers=TEXT), **PAGES}
    with Server(slow) as server:
        outcomes = probe([f"{server.url}/1"])
        assert outcomes == {f"{server.url}/1": ("pending", "asks for 7200 s between requests")}


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_pauses_its_host_while_others_go_on(status: int) -> None:
    tired = {**PAGES, "/0": [Answer(status=status, headers={"Retry-After": "1"}), Answer()]}
    with Server(tired, "127.0.0.2") as paused, Server(PAGES, "127.0.0.3") as other:
        pages = [f"{host.url}/{number}" for number in range(8) for host in (paused, other)]
        assert set(probe(pages).values()) == {200}
        refusal = next(moment for moment, path, _ in paused.log if path == "/0")
        later = [moment for moment, _, _ in paused.log if moment > refusal + 0.2]
        assert later
        assert later[0] >= refusal + 0.95
        assert other.log[-1][0] < refusal + 0.9


def test_a_host_that_names_no_time_is_left_alone_for_the_backoff() -> None:
    tired = {"/0": [Answer(status=503), Answer(status=503), Answer()]}
    with Server(tired) as server:
        assert probe([f"{server.url}/0"], {"WARTA_BACKOFF": 0.3, "RETRY_TIMES": 2}) == {
            f"{server.url}/0": 200
        }
        first, second = server.gaps("/0")
        assert first >= 0.29
        assert second >= 0.59


def test_a_host_that_asks_for_too_long_is_left_alone_for_the_run_and_its_urls_wait() -> None:
    tired = {**PAGES, "/0": Answer(status=429, headers={"Retry-After": "86400"})}
    with Server(tired) as server:
        pages = [f"{server.url}/{number}" for number in range(8)]
        outcomes = probe(pages, {"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
        assert outcomes[pages[-1]] == ("pending", "http 429, left alone")
        assert "/7" not in server.paths()


def test_a_host_that_never_stops_asking_for_pauses_is_left_alone() -> None:
    tired = {f"/{number}": Answer(status=503, headers={"Retry-After": "0"}) for number in range(8)}
    with Server(tired) as server:
        pages = [f"{server.url}/{number}" for number in range(8)]
        outcomes = probe(pages, {"WARTA_PATIENCE": 3, "CONCURRENT_REQUESTS_PER_DOMAIN": 1})
        assert outcomes[pages[-1]] == ("pending", "http 503, left alone")
        assert len(server.paths()) < 8


def test_a_host_that_never_answers_is_left_alone() -> None:
    with Server({f"/{number}": Answer(wait=20) for number in range(12)}) as server:
        pages = [f"{server.url}/{number}" for number in range(12)]
        outcomes = probe(pages, {"DOWNLOAD_TIMEOUT": 0.3, "WARTA_PATIENCE": 3})
        assert outcomes[pages[-1]] == ("pending", "timeout, left alone")
        assert len(server.paths()) < 8


def test_an_answer_that_trickles_for_ever_is_given_up() -> None:
    with Server({"/0": Answer(trickle=0.05)}) as server:
        settings = {"DOWNLOAD_TIMEOUT": 0.5, "RETRY_TIMES": 0}
        assert probe([f"{server.url}/0"], settings) == {f"{server.url}/0": ("later", "timeout")}


def test_a_stop_does_not_wait_for_a_host_that_asked_for_patience() -> None:
    slow = {"/robots.txt": Answer(b"User-agent: *\nCrawl-delay: 60\n", headers=TEXT), **PAGES}
    with Server(slow) as server:
        started = monotonic()
        outcomes = probe([f"{server.url}/{number}" for number in range(8)], interrupt_after=1.0)
        assert monotonic() - started < 10
        assert {outcome for outcome in outcomes.values() if outcome != 200} <= {("pending", None)}


def test_a_slow_host_leaves_room_for_others() -> None:
    with (
        Server({f"/{number}": Answer(wait=0.5) for number in range(8)}, "127.0.0.2") as slow,
        Server(PAGES, "127.0.0.3") as quick,
    ):
        pages = [f"{slow.url}/{number}" for number in range(6)] + [f"{quick.url}/{n}" for n in range(6)]
        assert set(probe(pages, {"CONCURRENT_REQUESTS": 6}).values()) == {200}
        assert quick.log[-1][0] < slow.log[-1][0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"7", 7.0),
        (b" 0 ", 0.0),
        (b"Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        (b"Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        (b"Sunday, 01-Mar-26 12:01:00 GMT", 60.0),
        (b"soon", None),
        (b"-5", None),
        (b"", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(header: bytes | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


@given(st.datetimes(datetime(2026, 3, 1, 12), datetime(2100, 1, 1)))
def test_any_date_to_come_is_that_far_away(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    header = format_datetime(moment, usegmt=True).encode()
    assert retry_after(header, NOW) == (moment - NOW).total_seconds()


@given(st.binary(max_size=60))
def test_no_header_breaks_the_reader(header: bytes) -> None:
    seconds = retry_after(header, NOW)
    assert seconds is None or seconds >= 0

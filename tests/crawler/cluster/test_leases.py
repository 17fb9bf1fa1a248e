"""Leases: a site belongs to one crawl at a time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from crawler.cluster.connection import DUE, SESSIONS
from crawler.cluster.leases import Leases, sites_of
from crawler.sources import load_catalogue


@pytest.fixture
def leases(client: Any) -> Leases:
    return Leases(client)


def test_a_site_that_is_leased_is_nobody_elses(leases: Leases) -> None:
    assert leases.take(1, ["a.example"], 60)
    assert not leases.take(2, ["a.example"], 60)


def test_an_outlet_is_leased_with_all_of_its_sites_or_not_at_all(leases: Leases) -> None:
    leases.take(1, ["b.example"], 60)
    assert not leases.take(2, ["a.example", "b.example"], 60)
    assert leases.take(3, ["a.example"], 60)


def test_one_crawl_may_have_two_outlets_of_one_site(leases: Leases) -> None:
    assert leases.take(1, ["a.example"], 60)
    assert leases.take(1, ["a.example", "b.example"], 60)


def test_a_lease_that_nobody_renews_ends(leases: Leases) -> None:
    leases.take(1, ["a.example"], 0.05)
    time.sleep(0.1)
    assert not leases.renew(1, ["a.example"], 60)
    assert leases.take(2, ["a.example"], 60)


def test_a_renewed_lease_goes_on(leases: Leases) -> None:
    leases.take(1, ["a.example"], 0.3)
    leases.renew(1, ["a.example"], 60)
    time.sleep(0.4)
    assert not leases.take(2, ["a.example"], 60)


def test_who_lost_a_lease_takes_it_from_nobody(leases: Leases) -> None:
    leases.take(1, ["a.example"], 0.05)
    time.sleep(0.1)
    leases.take(2, ["a.example"], 60)
    leases.release(1, ["a.example"])
    assert leases.renew(2, ["a.example"], 60)


def test_sessions_rise_even_where_redis_has_forgotten_the_last(leases: Leases, client: Any) -> None:
    first, second = int(leases.next_session()), int(leases.next_session())
    client.delete(SESSIONS)
    time.sleep(0.001)
    assert first < second < int(leases.next_session())


def test_only_outlets_whose_time_has_come_are_due(leases: Leases, client: Any) -> None:
    client.zadd(DUE, {"kini": 0, "nanti": time.time() + 60, "tadi": time.time() - 60})
    assert leases.due(10) == [b"kini", b"tadi"]


def test_the_sites_of_an_outlet_are_those_of_its_domains_and_of_its_lists(tmp_path: Path) -> None:
    (tmp_path / "uji.toml").write_text(
        'name = "Uji"\ndomains = ["uji.example", "127.0.0.9:8080"]\n'
        'feeds = ["https://m.uji.example/feed", "https://umpan.example/uji"]\n'
    )
    assert sites_of(load_catalogue(tmp_path).get("uji")) == ["127.0.0.9", "uji.example", "umpan.example"]

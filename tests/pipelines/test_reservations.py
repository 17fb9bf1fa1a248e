"""What pages and hosts reserve is obeyed where the operator says so, and recorded in any case."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from crawling import Answer, Server
from one_outlet import HTML, article, crawled, index

from crawler.errors import SourceError
from crawler.items import Article, Policy
from crawler.spiders.tdmrep import FILE, read_reservations
from pipelines.reservations import RESERVATIONS, reason_to_leave

LIST = 'listing_pages = ["HERE/kabar"]'
FREE = Article("https://lamau.example/1", "https://lamau.example/1", access="free")


@pytest.mark.parametrize(
    ("reserved", "name"),
    [
        (replace(FREE, policy=Policy(tdm_reservation=True)), "tdm"),
        (replace(FREE, policy=Policy(robots="index, NoAI")), "noai"),
        (replace(FREE, policy=Policy(robots="noimageai")), "noai"),
        (replace(FREE, policy=Policy(noarchive=True)), "noarchive"),
        (replace(FREE, access="paywalled"), "paywall"),
    ],
)
def test_each_reservation_is_obeyed_by_its_name_alone(reserved: Article, name: str) -> None:
    others = RESERVATIONS.keys() - {name}
    assert reason_to_leave(reserved, [name]) is not None
    assert reason_to_leave(reserved, others) is None
    assert reason_to_leave(FREE, RESERVATIONS) is None


@pytest.fixture
def server() -> Iterator[Server]:
    """Three articles; the second says noai."""
    site: dict[str, Answer | list[Answer]] = {f"/berita/{n}-gotong-royong": article(n) for n in (1, 2, 3)}
    site["/berita/2-gotong-royong"] = Answer(article(2).body, headers=HTML | {"X-Robots-Tag": "noai"})
    with Server(site | {"/kabar": index(1, 2, 3)}) as server:
        yield server


def test_without_being_told_everything_is_kept(server: Server, tmp_path: Path) -> None:
    assert crawled(tmp_path, server, LIST).tallies[0].amounts["stored"] == 3
    assert FILE not in server.paths()


def test_what_is_obeyed_is_counted_as_refused(server: Server, tmp_path: Path) -> None:
    report = crawled(tmp_path, server, LIST, settings={"WARTA_OBEY": "noai"})
    assert report.tallies[0].amounts["stored"] == 2
    assert report.tallies[0].reasons == {"refused": {"noai": 1}}


def test_a_reservation_that_there_is_not_is_refused_before_anything_is_fetched(
    server: Server, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match='WARTA_OBEY: "tmd" is none of tdm, noai'):
        crawled(tmp_path, server, LIST, settings={"WARTA_OBEY": "tmd"})
    assert server.log == []


def test_a_host_reserves_what_its_file_says_and_is_asked_once(server: Server, tmp_path: Path) -> None:
    rules = [{"location": "/berita/1-*", "tdm-reservation": 1}, {"location": "/foto/", "tdm-reservation": 1}]
    server.site[FILE] = Answer(json.dumps(rules).encode(), headers={"Content-Type": "application/json"})
    report = crawled(tmp_path, server, LIST, settings={"WARTA_OBEY": "tdm"})
    assert report.tallies[0].reasons == {"refused": {"text and data mining is reserved": 1}}
    assert server.paths().count(FILE) == 1


def test_a_page_that_permits_goes_before_the_file_of_its_host(server: Server, tmp_path: Path) -> None:
    server.site[FILE] = Answer(b'[{"location": "/", "tdm-reservation": 1}]')
    free = Answer(article(1).body, headers=HTML | {"tdm-reservation": "0"})
    server.site["/berita/1-gotong-royong"] = free
    report = crawled(tmp_path, server, LIST, settings={"WARTA_OBEY": "tdm"})
    assert report.tallies[0].amounts["stored"] == 1


@pytest.mark.parametrize(
    ("location", "path", "reserved"),
    [
        ("/", "/berita/1", True),
        ("/berita/*/foto", "/berita/1/foto/2", True),
        ("/berita$", "/berita/1", False),
        ("/berita$", "/berita", True),
        ("/(a", "/(a", True),
    ],
)
def test_locations_are_read_as_in_robots_txt(location: str, path: str, reserved: bool) -> None:
    patterns = read_reservations(json.dumps([{"location": location, "tdm-reservation": 1}]).encode())
    assert any(pattern.match(path) for pattern in patterns) is reserved


@pytest.mark.parametrize("data", [b"", b"{}", b"[1, null]", b'[{"location": 1}]', b"[" * 100_000])
def test_what_is_no_such_file_reserves_nothing(data: bytes) -> None:
    assert read_reservations(data) == []

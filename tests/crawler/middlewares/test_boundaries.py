"""Requests stay with the outlets, on the public net, and within robots.txt."""

from __future__ import annotations

import gzip

import pytest
from crawling import Answer, Server, probe

from crawler.middlewares.boundaries import is_private

TEXT = {"Content-Type": "text/plain"}


def moved(location: str) -> Answer:
    return Answer(b"", 301, {"Location": location})


def test_a_redirect_within_the_outlet_is_followed() -> None:
    with Server({"/a": moved("/b"), "/b": Answer()}) as server:
        assert probe([f"{server.url}/a"]) == {f"{server.url}/a": 200}


def test_a_redirect_to_another_site_is_refused() -> None:
    with Server({"/b": Answer()}, "127.0.0.3") as other, Server({"/a": moved(other.url + "/b")}) as server:
        outcomes = probe([f"{server.url}/a"], {"WARTA_ALLOW_PRIVATE": True}, ours=[server.url])
        assert outcomes == {f"{server.url}/a": ("refused", "redirect to another site")}
        assert other.log == []


@pytest.mark.parametrize("host", ["127.0.0.9", "localhost", "10.11.12.13", "2130706433", "[::1]"])
def test_a_redirect_to_a_private_address_is_refused(host: str) -> None:
    with Server({"/a": moved(f"http://{host}:9/secret")}) as server:
        assert probe([f"{server.url}/a"]) == {f"{server.url}/a": ("refused", "private address")}


def test_private_addresses_are_open_where_the_operator_says_so() -> None:
    with Server({"/b": Answer()}, "127.0.0.3") as other, Server({"/a": moved(other.url + "/b")}) as server:
        assert probe([f"{server.url}/a"], {"WARTA_ALLOW_PRIVATE": True}) == {f"{server.url}/a": 200}


def test_a_redirect_to_a_file_is_refused() -> None:
    with Server({"/a": moved("file:///etc/hostname")}) as server:
        assert probe([f"{server.url}/a"]) == {f"{server.url}/a": ("refused", "redirect to no web page")}


def test_a_redirect_loop_ends() -> None:
    with Server({"/a": moved("/b"), "/b": moved("/a")}) as server:
        assert probe([f"{server.url}/a"]) == {f"{server.url}/a": ("later", "redirect loop")}
        assert len(server.paths()) < 10


def test_robots_txt_is_obeyed_by_our_own_name() -> None:
    rules = b"User-agent: *\nDisallow:\n\nUser-agent: warta\nDisallow: /arsip/\n"
    site = {"/robots.txt": Answer(rules, headers=TEXT), "/arsip/1": Answer(), "/berita/1": Answer()}
    with Server(site) as server:
        outcomes = probe([f"{server.url}/arsip/1", f"{server.url}/berita/1"])
        assert outcomes == {
            f"{server.url}/arsip/1": ("refused", "robots.txt"),
            f"{server.url}/berita/1": 200,
        }
        assert "/arsip/1" not in server.paths()


def test_all_that_wait_for_robots_txt_obey_it() -> None:
    rules = Answer(b"User-agent: *\nDisallow: /arsip/\n", headers=TEXT, wait=0.5)
    pages = {f"/arsip/{number}": Answer() for number in range(8)}
    with Server({"/robots.txt": rules, "/berita/1": Answer(), **pages}) as server:
        forbidden = [server.url + path for path in pages]
        at_once = {"CONCURRENT_REQUESTS_PER_DOMAIN": 16}
        outcomes = probe([*forbidden, f"{server.url}/berita/1"], at_once)
        assert outcomes == {
            **dict.fromkeys(forbidden, ("refused", "robots.txt")),
            f"{server.url}/berita/1": 200,
        }
        assert server.paths() == ["/robots.txt", "/berita/1"]


def test_a_robots_txt_that_must_not_be_followed_is_no_permission() -> None:
    with Server({"/robots.txt": moved("http://10.11.12.13/robots.txt"), "/a": Answer()}) as server:
        assert probe([f"{server.url}/a"]) == {f"{server.url}/a": ("pending", "private address")}


def test_a_missing_robots_txt_permits() -> None:
    with Server({"/a": Answer()}) as server:
        assert probe([f"{server.url}/a"]) == {f"{server.url}/a": 200}


def test_a_robots_txt_that_fails_postpones_the_host() -> None:
    with Server({"/robots.txt": Answer(status=500), "/a": Answer()}) as server:
        assert probe([f"{server.url}/a"]) == {f"{server.url}/a": ("pending", "robots.txt: http 500")}
        assert "/a" not in server.paths()


def test_a_dead_host_postpones_all_its_urls() -> None:
    with Server({}) as server:
        dead = server.url
    pages = [f"{dead}/{number}" for number in range(20)]
    assert set(probe(pages).values()) == {("pending", "connection refused")}


def test_a_name_without_an_address_is_told_so() -> None:
    url = "http://tidak-ada.invalid/a"
    assert probe([url], {"DNS_TIMEOUT": 3}) == {url: ("pending", "host not found")}


def test_an_answer_that_never_ends_is_given_up() -> None:
    with Server({"/a": Answer(wait=30)}) as server:
        outcomes = probe([f"{server.url}/a"], {"DOWNLOAD_TIMEOUT": 0.3, "RETRY_TIMES": 0})
        assert outcomes == {f"{server.url}/a": ("later", "timeout")}


def test_an_answer_that_is_too_large_is_given_up() -> None:
    with Server({"/a": Answer(b"x" * 20_000)}) as server:
        outcomes = probe([f"{server.url}/a"], {"DOWNLOAD_MAXSIZE": 10_000})
        assert outcomes == {f"{server.url}/a": ("failed", "too large")}


def test_a_compressed_answer_that_unpacks_to_too_much_is_given_up() -> None:
    bomb = Answer(gzip.compress(b"0" * 5_000_000), headers={"Content-Encoding": "gzip"})
    with Server({"/a": bomb}) as server:
        outcomes = probe([f"{server.url}/a"], {"DOWNLOAD_MAXSIZE": 1_000_000})
        assert outcomes == {f"{server.url}/a": ("failed", "too large")}


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (404, ("gone", "http 404")),
        (410, ("gone", "http 410")),
        (400, ("failed", "http 400")),
        (401, ("later", "http 401")),
        (403, ("later", "http 403")),
        (451, ("later", "http 451")),
        (500, ("later", "http 500")),
    ],
)
def test_a_status_becomes_a_verdict(status: int, verdict: tuple[str, str]) -> None:
    with Server({"/a": Answer(status=status)}) as server:
        assert probe([f"{server.url}/a"]) == {f"{server.url}/a": verdict}


def test_every_request_names_us() -> None:
    with Server({"/a": Answer()}) as server:
        probe([f"{server.url}/a"])
        agents = {headers["User-Agent"] for _, _, headers in server.log}
        assert len(agents) == 1
        assert "Warta/" in agents.pop()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "fe80::1",
        "::ffff:10.0.0.1",
        "fd00::1",
        "224.0.0.1",
    ],
)
def test_addresses_that_are_not_public_are_private(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize("host", ["8.8.8.8", "2606:4700::1111", "kompas.example"])
def test_public_addresses_and_names_are_not_private(host: str) -> None:
    assert not is_private(host)

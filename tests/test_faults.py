"""A crawl among hosts of every bad kind: the good ones are complete, and each fault is told."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from crawling import Answer, Server, in_own_process
from one_outlet import HTML, QUICK, article, index

from crawler.run import CrawlReport, crawl
from pipelines.database.writer import Writer

MOST_MB = 500
GIGABYTE = 1 << 30
PATH = "/berita/1-gotong-royong"
OWN = {**QUICK, "DOWNLOAD_TIMEOUT": 2, "RETRY_TIMES": 1, "WARTA_READERS": 2, "WARTA_BACKOFF": 0.1}


class Endless(Server):
    """A host whose answers claim and send two gigabytes."""

    def answer(self, path: str, headers: Any) -> Answer:
        found = super().answer(path, headers)
        return Answer(Zeros(2 * GIGABYTE), 200, HTML) if path == PATH else found


class Zeros:
    """Bytes that are made while they are sent."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[bytes]:
        yield from (b" " * (1 << 20) for _ in range(self.size >> 20))


@dataclass
class Outcome:
    report: CrawlReport
    megabytes: float
    states: dict[str, tuple[str, str | None]]
    #: Of each outlet's article.


def to_page(answer: Answer | list[Answer]) -> dict[str, Answer | list[Answer]]:
    """An outlet that lists one article, which is answered so."""
    return {"/kabar": index(1), PATH: answer}


def moved(to: str) -> Answer:
    return Answer(b"", 302, {"Location": to})


HOSTS: dict[str, dict[str, Answer | list[Answer]]] = {
    "baik": {"/kabar": index(*range(1, 9))} | {f"/berita/{n}-gotong-royong": article(n) for n in range(1, 9)},
    "rusak": {"/robots.txt": Answer(status=404), "/kabar": Answer(status=500), "/": Answer(status=500)},
    "menetes": to_page(Answer(trickle=0.5)),
    "berputar": to_page(moved(PATH)),
    "raksasa": to_page(Answer()),
    "bom": to_page(Answer(gzip.compress(bytes(GIGABYTE // 4)), headers=HTML | {"Content-Encoding": "gzip"})),
    "sejuta": {"/kabar": Answer(b"<a href=/berita/x>" * 1_000_000, headers=HTML)},
    "perangkap": {"/kabar": Answer(b"<a href=/berita/%d-a>" % 7 * 400_000, headers=HTML)},
    "ke-dalam": to_page(moved("http://127.0.0.1:9/berita/rahasia")),
    "ke-berkas": to_page(moved("file:///etc/passwd")),
    "tantangan": to_page(Answer(b"<title>Just a moment...</title><p>Sebentar</p>", headers=HTML)),
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    directory = tmp_path_factory.mktemp("faults")
    (directory / "sources").mkdir()
    with ExitStack() as running:
        for number, (slug, site) in enumerate(HOSTS.items()):
            kind = Endless if slug == "raksasa" else Server
            server = running.enter_context(kind(site, f"127.0.0.{41 + number}"))
            write_source(directory / "sources", slug, server.netloc)
        write_source(directory / "sources", "mati", "127.0.0.99:9")

        # Not a fork, which would begin with all that the tests hold in memory.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
            report, megabytes = fresh.submit(crawl_and_weigh, directory).result(120)
    db = sqlite3.connect(directory / "news.db")
    rows = db.execute("SELECT source, state, reason FROM frontier").fetchall()
    db.close()
    return Outcome(report, megabytes, {slug: (state, reason) for slug, state, reason in rows})


def crawl_and_weigh(directory: Path) -> tuple[CrawlReport, float]:
    """Crawl the outlets declared in a directory; the report, and the most that it held in memory, in MB."""
    done, most = Event(), [0.0]

    def watch() -> None:
        while not done.wait(0.05):
            most[0] = max(most[0], megabytes_now())

    watching = Thread(target=watch)
    watching.start()
    report = crawl((), directory / "news.db", directories=[directory / "sources"], settings=OWN)
    done.set()
    watching.join()
    return report, most[0]


def megabytes_now() -> float:
    """What this process and its readers hold in memory."""
    own = os.getpid()
    sizes = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            told = dict(line.split(":", 1) for line in status.read_text().splitlines())
            if own in (int(told["Pid"]), int(told["PPid"])):
                sizes += int(told.get("VmRSS", "0 kB").split()[0]) / 1024
    return sizes


def write_source(directory: Path, slug: str, netloc: str) -> None:
    (directory / f"{slug}.toml").write_text(
        f'name = "{slug}"\ndomains = ["{netloc}"]\nlisting_pages = ["http://{netloc}/kabar"]\n'
        "article_url = ['^https?://[^/]+/berita/']\n"
    )


def test_the_good_host_is_complete(outcome: Outcome) -> None:
    [good] = [tally for tally in outcome.report.tallies if tally.source == "baik"]
    assert good.amounts["stored"] == 8
    assert outcome.report.reason == "finished"


def test_memory_stays_bounded(outcome: Outcome) -> None:
    assert 100 < outcome.megabytes < MOST_MB


@pytest.mark.parametrize(
    ("slug", "reason"),
    [("mati", "connection refused"), ("rusak", "http 500"), ("sejuta", "too large")],
)
def test_an_outlet_that_gave_nothing_is_named_with_the_reason(
    outcome: Outcome, slug: str, reason: str
) -> None:
    assert outcome.report.failed[slug] == reason


@pytest.mark.parametrize(
    ("slug", "what", "reason"),
    [
        ("menetes", "failed", "timeout"),
        ("berputar", "failed", "redirect loop"),
        ("raksasa", "failed", "too large"),
        ("bom", "failed", "too large"),
        ("ke-dalam", "refused", "redirect to another site"),
        ("ke-berkas", "refused", "redirect to no web page"),
        ("tantangan", "failed", "challenge page"),
    ],
)
def test_each_fault_is_in_the_summary(outcome: Outcome, slug: str, what: str, reason: str) -> None:
    [tally] = [tally for tally in outcome.report.tallies if tally.source == slug]
    assert tally.reasons[what][reason] == 1


def test_a_page_with_more_links_than_a_list_has_is_read_in_part_and_told(outcome: Outcome) -> None:
    [tally] = [tally for tally in outcome.report.tallies if tally.source == "perangkap"]
    assert tally.reasons["failed"]["list: more than 5000 links, the others are left out"] == 1


def test_what_a_challenge_kept_away_may_be_had_another_time(outcome: Outcome) -> None:
    assert outcome.states["tantangan"] == ("pending", "challenge page")


def test_hosts_are_told_with_what_went_wrong(outcome: Outcome) -> None:
    faults = {name.partition(":")[0]: dict(host.faults) for name, host in outcome.report.hosts.items()}
    assert faults["127.0.0.99"] == {"connection refused": 2}
    assert faults["127.0.0.42"] == {"http 500": 2}
    assert "127.0.0.41" not in faults


def test_a_fault_in_a_pipeline_settles_the_page_and_is_told_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Writer.recognise

    def stumbles(writer: Writer, visit: Any) -> Any:
        if "/2-" in visit.article.url:
            raise KeyError("tak terduga")
        return whole(writer, visit)

    monkeypatch.setattr(Writer, "recognise", stumbles)
    site = {f"/berita/{n}-gotong-royong": article(n) for n in range(1, 4)}
    with Server({"/kabar": index(1, 2, 3), **site}) as server:
        write_source(tmp_path, "uji", server.netloc)
        quiet = {**QUICK, "LOG_LEVEL": "ERROR"}
        report = in_own_process(
            lambda: crawl((), tmp_path / "news.db", directories=[tmp_path], settings=quiet)
        )
    assert report.tallies[0].amounts["stored"] == 2
    assert report.tallies[0].reasons == {"failed": {"could not be stored: KeyError": 1}}
    assert report.left == {}
    logged = capfd.readouterr().err
    assert logged.count("\n") == 1
    assert "could not be stored: KeyError" in logged


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        (Answer(status=403), "http 403, left alone"),
        (Answer(b"<title>Just a moment...</title>", headers=HTML), "challenge page, left alone"),
    ],
)
def test_a_host_that_refuses_is_left_alone_and_what_it_has_waits(
    tmp_path: Path, refusal: Answer, reason: str
) -> None:
    site: dict[str, Answer | list[Answer]] = {f"/berita/{n}-gotong-royong": refusal for n in range(1, 31)}
    with Server({"/kabar": index(*range(1, 31)), **site}) as server:
        write_source(tmp_path, "uji", server.netloc)
        settings = {**QUICK, "WARTA_REFUSALS": 5}
        report = in_own_process(
            lambda: crawl((), tmp_path / "news.db", directories=[tmp_path], settings=settings)
        )
        assert len([path for path in server.paths() if path.startswith("/berita")]) < 12
    assert report.left == {"uji": 30}
    assert report.hosts[server.netloc].left_alone == reason

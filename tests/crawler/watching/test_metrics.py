"""What Prometheus reads of a watch."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import time

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlite_utils import Database

from crawler.errors import SettingError
from crawler.watching.metrics import Metrics, read_address, served
from crawler.watching.rounds import Report
from pipelines.database import Writer, open_database
from pipelines.database.outlets.health import Finding

NEXT = datetime(2026, 7, 4, 5, 0, tzinfo=UTC)
Samples = dict[tuple[str, str, str], float]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A run that found three stories at one outlet, and one of an outlet that is not watched."""
    db = open_database(tmp_path / "news.db", create=True)
    with Writer(db) as writer:
        run = writer.start_run("crawl", ["lamau"])
        writer.count(run, "lamau", "found", 3)
        writer.count(run, "lamau", "requests", 9)
        writer.count(run, "lamau", "bytes", 1234)
        writer.count(run, "lamau", "failed", 2, reason="http 500")
        writer.count(run, "sagara", "found", 1)
        writer.finish_run(run, reason="finished", stats={})
    yield db
    db.close()


def read(metrics: Metrics) -> Samples:
    """Every sample of ours over HTTP: name, outlet, its other label."""
    with (
        served(metrics, ("127.0.0.1", 0)) as port,
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer,
    ):
        text = answer.read().decode()
    samples: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if not sample.name.endswith("_created"):
                labels = dict(sample.labels)
                outlet = labels.pop("outlet", "")
                samples[sample.name, outlet, "".join(labels.values())] = sample.value
    return samples


def test_what_rounds_brought_is_added_up_per_outlet(db: Database) -> None:
    metrics = Metrics(dict)
    for _ in range(2):
        metrics.note_round(db, ["lamau"], Report(run=1, reason="finished"))
    samples = read(metrics)
    assert samples["warta_articles_total", "lamau", "found"] == 6
    assert samples["warta_articles_total", "lamau", "failed"] == 4
    assert samples["warta_articles_total", "lamau", "stored"] == 0
    assert samples["warta_requests_total", "lamau", ""] == 18
    assert samples["warta_bytes_total", "lamau", ""] == 2468
    assert samples["warta_polls_total", "lamau", "read"] == 2
    assert time() - samples["warta_last_success_timestamp_seconds", "lamau", ""] < 60


def test_no_label_grows_beyond_what_is_declared(db: Database) -> None:
    metrics = Metrics(dict)
    metrics.note_round(db, ["lamau"], Report(run=1, reason="finished"))
    finding = Finding("lamau", "list https://a.example/feed?x=1", "2026-07-04", "stands still", ())
    metrics.note_findings(["lamau"], [finding])
    samples = read(metrics)
    assert {outlet for _, outlet, _ in samples} == {"", "lamau"}
    assert samples["warta_findings", "lamau", "list"] == 1
    assert not any("https" in label for _, _, label in samples)


def test_an_outlet_that_gave_nothing_has_no_success(db: Database) -> None:
    metrics = Metrics(dict)
    metrics.note_round(db, ["lamau"], Report(run=1, failed={"lamau": "http 500"}))
    metrics.note_round(db, ["lamau"], Report(error="the crawl died (SIGKILL)"))
    samples = read(metrics)
    assert samples["warta_polls_total", "lamau", "failed"] == 2
    assert ("warta_last_success_timestamp_seconds", "lamau", "") not in samples


def test_a_finding_that_is_over_goes_back_to_none(db: Database) -> None:
    metrics = Metrics(dict)
    metrics.note_findings(["lamau"], [Finding("lamau", "silent", "2026-07-04", "", ())])
    metrics.note_findings(["sagara"], [])
    assert read(metrics)["warta_findings", "lamau", "silent"] == 1
    metrics.note_findings(["lamau"], [])
    assert read(metrics)["warta_findings", "lamau", "silent"] == 0


def test_it_tells_when_each_outlet_is_asked_next_and_what_the_process_takes() -> None:
    samples = read(Metrics(lambda: {"lamau": NEXT}))
    assert samples["warta_next_poll_timestamp_seconds", "lamau", ""] == NEXT.timestamp()
    assert samples["process_resident_memory_bytes", "", ""] > 1_000_000


def test_a_port_alone_is_reached_from_this_machine_alone() -> None:
    assert read_address("9177") == ("127.0.0.1", 9177)


def test_a_port_that_is_taken_is_told() -> None:
    metrics = Metrics(dict)
    with served(metrics, ("127.0.0.1", 0)) as port, pytest.raises(SettingError, match="in use"):
        served(metrics, ("127.0.0.1", port)).__enter__()

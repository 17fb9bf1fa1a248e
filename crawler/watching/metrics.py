"""What a watch counts, for Prometheus, served over HTTP while it runs.

The only open label is the outlet, of which there are as many as are declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from time import time

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    PlatformCollector,
    ProcessCollector,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily
from sqlite_utils import Database

from crawler.errors import SettingError
from crawler.extensions.tally import COLUMNS, sum_up
from crawler.watching.rounds import Report
from pipelines.database.asking import queries
from pipelines.database.outlets.freshness import freshness
from pipelines.database.outlets.health import Finding

LOOPBACK = "127.0.0.1"
_KINDS = (
    "authors", "dateline", "section", "date", "story length", "confidence", "boilerplate", "copies",
    "same date", "no article", "robots.txt", "unreachable", "silent", "list",
)  # fmt: skip
#: What a finding may be; of lists that stand still the address is left out.


class NextPolls:
    """When each outlet is asked next, looked up when somebody asks."""

    def __init__(self, planned: Callable[[], Mapping[str, datetime]]) -> None:
        self._planned = planned

    def describe(self) -> list[GaugeMetricFamily]:
        return [self._family()]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = self._family()
        for slug, moment in self._planned().items():
            family.add_metric([slug], moment.timestamp())
        yield family

    def _family(self) -> GaugeMetricFamily:
        return GaugeMetricFamily(
            "warta_next_poll_timestamp_seconds", "When an outlet is asked next.", labels=["outlet"]
        )


class Metrics:
    """Counts of a watch; each round is added when it has ended."""

    def __init__(self, planned: Callable[[], Mapping[str, datetime]]) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        registry.register(NextPolls(planned))

        def counter(name: str, meaning: str, *labels: str) -> Counter:
            return Counter(name, meaning, ["outlet", *labels], registry=registry)

        def gauge(name: str, meaning: str, *labels: str) -> Gauge:
            return Gauge(name, meaning, ["outlet", *labels], registry=registry)

        self._articles = counter("warta_articles", "What became of articles, as in the run log.", "what")
        self._requests = counter("warta_requests", "Answers of an outlet's servers.")
        self._not_modified = counter("warta_not_modified", "Answers of 304 among them.")
        self._bytes = counter("warta_bytes", "Bytes of these answers as they came over the line.")
        self._rounds = counter("warta_polls", "Crawls of an outlet, by how they ended.", "result")
        self._success = gauge(
            "warta_last_success_timestamp_seconds", "When something of an outlet could last be read."
        )
        self._fresh = gauge(
            "warta_freshness_seconds",
            "Age of new stories when they were stored, in the last crawl that brought some.",
            "quantile",
        )
        self._findings = gauge("warta_findings", "Health findings that stand.", "what")
        self._told: set[tuple[str, str]] = set()

    def note_round(self, db: Database, polled: Sequence[str], report: Report) -> None:
        """Add what a round brought."""
        failed = polled if report.error is not None else report.failed
        for slug in polled:
            self._rounds.labels(slug, "failed" if slug in failed else "read").inc()
            if slug not in failed:
                self._success.labels(slug).set(time())
        if report.run is None:
            return
        record = queries.run(db, report.run) or {"counts": []}
        for tally in sum_up(record["counts"], polled):
            if tally.source in polled:
                self._note_tally(tally.source, tally.amounts)
        for slug, fresh in freshness(db, report.run).items():
            if slug in polled:
                self._fresh.labels(slug, "0.5").set(fresh.median)
                self._fresh.labels(slug, "0.95").set(fresh.p95)

    def _note_tally(self, slug: str, amounts: Mapping[str, int]) -> None:
        for what in COLUMNS:
            self._articles.labels(slug, what).inc(amounts.get(what, 0))
        self._requests.labels(slug).inc(amounts.get("requests", 0))
        self._not_modified.labels(slug).inc(amounts.get("not modified", 0))
        self._bytes.labels(slug).inc(amounts.get("bytes", 0))

    def note_findings(self, polled: Sequence[str], findings: Sequence[Finding]) -> None:
        """Let the findings of these outlets be what was found last."""
        for slug in polled:
            own = [finding.what for finding in findings if finding.source == slug]
            for kind in _KINDS:
                amount = sum(what == kind or what.startswith(f"{kind} http") for what in own)
                if amount or (slug, kind) in self._told:
                    self._told.add((slug, kind))
                    self._findings.labels(slug, kind).set(amount)


def read_address(text: str) -> tuple[str, int]:
    """Host and port of ``[HOST:]PORT``; this machine alone where no host is named.

    >>> read_address("9177"), read_address("[::1]:9177")
    (('127.0.0.1', 9177), ('::1', 9177))
    """
    host, _, port = text.rpartition(":")
    return host.strip("[]") or LOOPBACK, int(port)


@contextmanager
def served(metrics: Metrics, address: tuple[str, int]) -> Iterator[int]:
    """Serve while the block lasts, at ``/metrics``; gives the port. Raises SettingError where it cannot."""
    host, port = address
    try:
        server, thread = start_http_server(port, addr=host, registry=metrics.registry)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or error
        raise SettingError(f"metrics cannot be served at {host}:{port}: {why}.") from error
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(1)

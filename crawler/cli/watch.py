"""``warta watch``: outlets crawled for good, each at its own pace."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from crawler.cli.options import database_option, setting_option, sources_option
from crawler.cli.terminal import complain, one_line
from crawler.configuration import current, scrapy_settings
from crawler.logs import moment, speak_json
from crawler.sources import load_catalogue
from crawler.spiders.news import choose_outlets, contact_notice
from crawler.watching.alerts import read_hooks, tell_changes
from crawler.watching.housekeeping import keep_house
from crawler.watching.mail import read_mail
from crawler.watching.metrics import Metrics, read_address, served
from crawler.watching.pacing import bounds_of
from crawler.watching.rounds import Report
from crawler.watching.watch import Watch
from pipelines.database import open_database
from pipelines.database.outlets.health import health


@click.command()
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@database_option
@setting_option("--pace-min", "watch.pace_min")
@setting_option("--pace-max", "watch.pace_max")
@click.option("--even-if-off", is_flag=True, help="Watch named outlets that are switched off, too.")
@sources_option
@setting_option("--metrics", "watch.metrics")
@setting_option("--log-format", "log.format")
def watch(
    *,
    sources: tuple[str, ...],
    database: Path,
    watch_pace_min: float,
    watch_pace_max: float,
    even_if_off: bool,
    directories: tuple[Path, ...],
    watch_metrics: str,
    log_format: str,
) -> None:
    """Crawl outlets until told to stop: those named by slug, or all that are on.

    Each outlet is asked at a pace learnt from when it publishes. SIGTERM and Ctrl-C end it within ten
    seconds. Nothing that was stored is lost then, or by a kill: the same command goes on.

    Exit codes: 0 stopped, 2 an outlet that is unknown or off or a setting that does not hold, 3 unusable
    database, or one that is watched already.
    """
    bounds = bounds_of(watch_pace_min, watch_pace_max)
    configuration = current()
    hooks = read_hooks(
        configuration["alerts.command"], configuration["alerts.webhook"], read_mail(configuration.values)
    )
    _log_to_standard_error(log_format)
    outlets = choose_outlets(load_catalogue(*directories), sources, even_if_off=even_if_off)
    if notice := contact_notice(scrapy_settings(configuration)["USER_AGENT"], outlets):
        complain(notice)

    def look_after(polled: Sequence[str], report: Report) -> None:
        db = open_database(database)
        try:
            now = datetime.now(UTC)
            findings = health(db, polled, now)
            metrics.note_round(db, polled, report)
            metrics.note_findings(polled, findings)
            tell_changes(db, polled, findings, hooks, f"{now:%Y-%m-%dT%H:%M:%SZ}")
        finally:
            db.close()

    def look_after_house(stopped: Callable[[], bool]) -> None:
        keep_house(database, configuration, stopped)

    watching = Watch(
        sources,
        database,
        bounds,
        even_if_off=even_if_off,
        directories=directories,
        settings={
            "CLOSESPIDER_TIMEOUT": configuration["watch.round_seconds"],
            "LOG_LEVEL": "INFO" if log_format == "json" else "ERROR",
        },
        paces={slug: bounds_of(*pace) for slug, pace in configuration["watch.paces"].items()},
        log_format=log_format,
        after_round=look_after,
        keep_house=look_after_house,
    )
    metrics = Metrics(watching.next_polls)
    with _serving(metrics, watch_metrics):
        watching.run()
    _leave()


@contextmanager
def _serving(metrics: Metrics, address: str) -> Iterator[None]:
    if not address:
        yield
        return
    host, port = read_address(address)
    with served(metrics, (host, port)) as taken:
        logging.getLogger("crawler.watching").info("metrics at http://%s:%d/metrics", host, taken)
        yield


def _leave() -> NoReturn:
    """End without taking the interpreter apart: of a process that has waited for days much lies on the disk,
    and to read all of it again, only to let it go, takes longer than a stop may.
    """
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def _log_to_standard_error(log_format: str) -> None:
    logger = logging.getLogger("crawler")
    logger.setLevel(logging.INFO)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    if log_format == "json":
        speak_json()
        return
    told = logging.StreamHandler(sys.stderr)
    told.setFormatter(TextLines())
    logger.handlers = [told]
    logger.propagate = False


class TextLines(logging.Formatter):
    """A moment and what happened, safe for a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{moment(record)} {one_line(record.getMessage())}"

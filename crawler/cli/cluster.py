"""``warta cluster``: many crawlers and one writer, on one machine or many, around a Redis."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from crawler.cli.options import database_option, json_option, setting_option, sources_option
from crawler.cli.terminal import complain, one_line, print_object, show, table, wants_json
from crawler.cli.watch import TextLines
from crawler.cluster.planning import Planner
from crawler.cluster.status import read_status
from crawler.cluster.watch import LEASE_SECONDS, ROOM, TOGETHER, SharedWatch
from crawler.cluster.writing import StreamWriter
from crawler.configuration import current, scrapy_settings
from crawler.sources import load_catalogue
from crawler.spiders.news import choose_outlets, contact_notice
from crawler.watching.alerts import read_hooks, tell_changes
from crawler.watching.mail import read_mail
from crawler.watching.pacing import bounds_of
from pipelines.database import open_database
from pipelines.database.outlets.health import health
from pipelines.database.pages import read_policy

redis_option = click.option(
    "--redis",
    "url",
    envvar="WARTA_REDIS",
    default="redis://127.0.0.1:6379/0",
    help="The Redis that all share; keep a password in the environment.  [env var: WARTA_REDIS; "
    "default: redis://127.0.0.1:6379/0]",
)


@click.group()
def cluster() -> None:
    """Share outlets among many crawlers, which send what they read to one writer.

    One machine needs none of this: warta watch.
    """


@cluster.command(short_help="Crawl outlets that no other crawler has.")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@redis_option
@click.option("--even-if-off", is_flag=True, help="Crawl named outlets that are switched off, too.")
@sources_option
@click.option(
    "--lease",
    "lease_seconds",
    type=click.FloatRange(3, 3600),
    default=LEASE_SECONDS,
    show_default=True,
    help="Seconds after which the outlets of a crawler that died go to another.",
)
@click.option(
    "--together",
    type=click.IntRange(1),
    default=TOGETHER,
    show_default=True,
    help="Outlets that are taken at once at most.",
)
@click.option(
    "--room",
    type=click.IntRange(10),
    default=ROOM,
    show_default=True,
    help="Entries that may wait in the stream; with more, nothing is fetched.",
)
def crawl(
    *,
    sources: tuple[str, ...],
    url: str,
    even_if_off: bool,
    directories: tuple[Path, ...],
    lease_seconds: float,
    together: int,
    room: int,
) -> None:
    """Crawl outlets that no other crawler has, until told to stop: those named, or all that are on.

    Start as many as there are cores to spare, on any machine that reaches the Redis. SIGTERM and Ctrl-C end
    it within ten seconds.

    Exit codes: 0 stopped, 2 an outlet that is unknown or off, or an address or setting that does not hold.
    """
    outlets = choose_outlets(load_catalogue(*directories), sources, even_if_off=even_if_off)
    _log_to_standard_error()
    configuration = current()
    if notice := contact_notice(scrapy_settings(configuration)["USER_AGENT"], outlets):
        complain(notice)
    SharedWatch(
        sources,
        url,
        even_if_off=even_if_off,
        directories=directories,
        settings={
            "CLOSESPIDER_TIMEOUT": configuration["watch.round_seconds"],
            "WARTA_ROUND_SECONDS": configuration["watch.round_seconds"],
        },
        together=together,
        lease_seconds=lease_seconds,
        room=room,
    ).run()


@cluster.command(short_help="Write into the database what crawlers send.")
@redis_option
@database_option
@setting_option("--pace-min", "watch.pace_min")
@setting_option("--pace-max", "watch.pace_max")
def write(*, url: str, database: Path, watch_pace_min: float, watch_pace_max: float) -> None:
    """Write what the crawlers send into the database, and plan when each outlet is asked next.

    One writer a Redis. SIGTERM and Ctrl-C end it after the batch that is being written; what was not written
    waits in the stream.

    Exit codes: 0 stopped, 2 an address or setting that does not hold, 3 unusable database, or one that is
    watched, or a Redis that has a writer already.
    """
    configuration = current()
    hooks = read_hooks(
        configuration["alerts.command"], configuration["alerts.webhook"], read_mail(configuration.values)
    )
    policy = read_policy(scrapy_settings(configuration).get)
    bounds = bounds_of(watch_pace_min, watch_pace_max)
    _log_to_standard_error()

    def look_after(polled: Sequence[str]) -> None:
        db = open_database(database)
        try:
            now = datetime.now(UTC)
            tell_changes(db, polled, health(db, polled, now), hooks, f"{now:%Y-%m-%dT%H:%M:%SZ}")
        finally:
            db.close()

    writer = StreamWriter(database, url, policy, after_crawl=Planner(database, bounds, look_after=look_after))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: writer.stop())
    writer.run()


@cluster.command(short_help="What waits, who writes, what is leased.")
@redis_option
@json_option
def status(*, url: str, as_json: bool) -> None:
    """What waits in the stream, who writes, which sites are leased and which hosts are let alone.

    Exit codes: 0 told, 2 an address that does not hold, 4 a Redis that does not answer.
    """
    told = read_status(url)
    if wants_json(as_json=as_json, as_card=False):
        print_object(told)
        return
    show(table(["what", "now"], [(name, one_line(value)) for name, value in _rows(told)]))


def _rows(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        ("waits in the stream", f"{told['waiting']} entries"),
        ("writer", told["writer"] or "none"),
        ("outlets that are due", str(told["due"])),
        ("sites leased", ", ".join(f"{site} by {who}" for site, who in told["leased"].items()) or "none"),
        (
            "hosts let alone",
            ", ".join(f"{host} {left:.0f} s" for host, left in told["let_alone"].items()) or "none",
        ),
    ]


def _log_to_standard_error() -> None:
    told = logging.StreamHandler(sys.stderr)
    told.setFormatter(TextLines())
    for name in ("crawler.cluster", "crawler.watching"):
        logger = logging.getLogger(name)
        logger.handlers = [told]
        logger.setLevel(logging.INFO)
        logger.propagate = False

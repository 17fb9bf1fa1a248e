"""``warta watch``: outlets crawled for good, each at its own pace."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from crawler import settings
from crawler.cli.options import database_option, sources_option
from crawler.cli.terminal import complain, one_line
from crawler.errors import SettingError
from crawler.readable_json import to_json
from crawler.sources import load_catalogue
from crawler.spiders.news import choose_outlets, contact_notice
from crawler.watching.alerts import read_hooks, tell_changes
from crawler.watching.watch import Watch, read_bounds
from pipelines.database import open_database
from pipelines.database.outlets.health import health


@click.command()
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@database_option
@click.option("--pace-min", type=float, help="Minutes between two polls of an outlet at least.")
@click.option("--pace-max", type=float, help="Minutes between two polls of an outlet at most.")
@click.option("--even-if-off", is_flag=True, help="Watch named outlets that are switched off, too.")
@sources_option
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How each line on standard error is written.",
)
def watch(
    *,
    sources: tuple[str, ...],
    database: Path,
    pace_min: float | None,
    pace_max: float | None,
    even_if_off: bool,
    directories: tuple[Path, ...],
    log_format: str,
) -> None:
    """Crawl outlets until told to stop: those named by slug, or all that are on.

    Each outlet is asked at a pace learnt from when it publishes. SIGTERM and Ctrl-C end it within ten
    seconds. Nothing that was stored is lost then, or by a kill: the same command goes on.

    Exit codes: 0 stopped, 2 an outlet that is unknown or off or a setting that does not hold, 3 unusable
    database, or one that is watched already.
    """
    least = settings.WARTA_PACE_MIN if pace_min is None else pace_min
    most = settings.WARTA_PACE_MAX if pace_max is None else pace_max
    try:
        bounds = read_bounds(float(least), float(most))
    except ValueError as error:
        raise SettingError(
            f"the paces {least} and {most} do not hold: WARTA_PACE_MIN and WARTA_PACE_MAX are minutes, "
            "the first above 0 and not above the second, and that at most a week."
        ) from error
    hooks = read_hooks(settings.WARTA_ALERT_COMMAND, settings.WARTA_ALERT_WEBHOOK)
    _log_to_standard_error(log_format)
    outlets = choose_outlets(load_catalogue(*directories), sources, even_if_off=even_if_off)
    if notice := contact_notice(settings.USER_AGENT, outlets):
        complain(notice)

    def look_after(polled: Sequence[str]) -> None:
        db = open_database(database)
        try:
            now = datetime.now(UTC)
            tell_changes(db, polled, health(db, polled, now), hooks, f"{now:%Y-%m-%dT%H:%M:%SZ}")
        finally:
            db.close()

    Watch(
        sources,
        database,
        bounds,
        even_if_off=even_if_off,
        directories=directories,
        settings={"CLOSESPIDER_TIMEOUT": settings.WARTA_ROUND_SECONDS},
        after_round=look_after,
    ).run()


def _log_to_standard_error(log_format: str) -> None:
    told = logging.StreamHandler(sys.stderr)
    told.setFormatter(JsonLines() if log_format == "json" else TextLines())
    logger = logging.getLogger("crawler.watching")
    logger.handlers = [told]
    logger.setLevel(logging.INFO)
    logger.propagate = False


class TextLines(logging.Formatter):
    """A moment and what happened, safe for a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{_moment(record)} {one_line(record.getMessage())}"


class JsonLines(logging.Formatter):
    """One JSON object a line, with the run and its outlets where the line is about one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"time": _moment(record), "level": record.levelname.lower(), "message": record.getMessage()}
        own = {name: getattr(record, name) for name in ("run", "outlets") if hasattr(record, name)}
        return to_json(json.loads(json.dumps(line | own, default=str)))


def _moment(record: logging.LogRecord) -> str:
    return f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%SZ}"

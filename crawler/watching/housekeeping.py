"""Housekeeping of the database and its pages: what is too old is let go, room is given back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from crawler.configuration import Configuration, scrapy_settings
from pipelines.database import open_database, open_writer
from pipelines.database.housekeeping import compact, let_go, optimise
from pipelines.database.pages import pages_path, read_policy

logger = logging.getLogger(__name__)


@dataclass(slots=True, frozen=True)
class Kept:
    """What a housekeeping did."""

    visits: int
    runs: int
    pages: int
    #: How many were let go.

    bytes: int
    #: Given back to the disk.

    left_undone: str | None = None
    #: Why the file was not written anew though much of it holds nothing.


def keep_house(database: Path, configuration: Configuration, stopped: Callable[[], bool]) -> Kept:
    """Let go what the retention says, then tidy the file; between two steps it may be told to stop.

    Raises DatabaseError where the database cannot be used.
    """
    start = monotonic()
    gone_pages = drop_pages(database, configuration, stopped)
    with closing(open_database(database)) as db:
        gone = let_go(
            db,
            fetches_days=configuration["retention.fetches_days"],
            runs_days=configuration["retention.runs_days"],
            now=datetime.now(UTC),
            stopped=stopped,
        )
        if not stopped():
            optimise(db)
        freed, why = compact(db, database, stopped) if not stopped() else (0, None)
    logger.info(
        "housekeeping: %d visits, %d runs and %d pages let go, %.1f MB given back, in %.0f s%s",
        *(gone.fetches, gone.runs, gone_pages, freed / 1e6, monotonic() - start, f"; {why}" if why else ""),
    )
    return Kept(gone.fetches, gone.runs, gone_pages, freed, why)


def drop_pages(database: Path, configuration: Configuration, stopped: Callable[[], bool]) -> int:
    """Let pages go that are too old or too many; how many."""
    policy = read_policy(scrapy_settings(configuration).get)
    if policy is None or not pages_path(database).exists():
        return 0
    with closing(open_writer(database, policy)) as writer:
        total = 0
        while not stopped() and writer.pages is not None and (gone := writer.pages.due()):
            total += len(gone)
            writer.flush()
    return total

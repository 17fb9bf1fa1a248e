"""What follows a crawl whose notes are written: it is told, its outlets' next polls are planned, and what
changed at them is looked for.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from crawler.cluster.connection import DUE
from crawler.cluster.writing import Closed
from crawler.errors import WartaError
from crawler.watching.pacing import Bounds, next_poll
from pipelines.database import open_database
from pipelines.database.asking import queries
from pipelines.database.lists import longest_list
from pipelines.database.outlets.rhythm import story_times

logger = logging.getLogger(__name__)


class Planner:
    """Plans by the rhythm of the stored stories; *look_after* is told of the outlets, in its own thread."""

    def __init__(
        self, database: Path, bounds: Bounds, *, look_after: Callable[[Sequence[str]], None] | None = None
    ) -> None:
        self._database = database
        self._bounds = bounds
        self._failures: Counter[str] = Counter()
        self._polled: SimpleQueue[Sequence[str]] = SimpleQueue()
        if look_after is not None:
            Thread(target=self._look_after, args=[look_after], daemon=True).start()

    def __call__(self, closed: Closed, client: Any) -> None:
        """Plan the next polls of a crawl's outlets, by the clock of Redis."""
        seconds, microseconds = client.time()
        now = datetime.fromtimestamp(seconds + microseconds / 1_000_000, UTC)
        db = open_database(self._database, readonly=True)
        try:
            counts: Counter[str] = Counter()
            for count in (queries.run(db, closed.run) or {"counts": []})["counts"]:
                counts[count["what"]] += count["amount"]
            due = {}
            for slug in closed.sources:
                self._failures[slug] = self._failures[slug] + 1 if slug in closed.failed else 0
                moment = next_poll(
                    story_times(db, slug, now),
                    now,
                    self._bounds,
                    failures=self._failures[slug],
                    chance=random.random(),  # noqa: S311
                    holds=longest_list(db, slug),
                )
                due[slug] = moment.timestamp()
        finally:
            db.close()
        client.zadd(DUE, due)
        told = ", ".join(f"{counts[what]} {what}" for what in ("found", "stored", "updated", "folded"))
        outlets = ", ".join(closed.sources)
        where = {"run": closed.run, "outlets": list(closed.sources)}
        logger.info("run %s: %s: %s", closed.run, outlets, told, extra=where)
        self._polled.put(closed.sources)

    def _look_after(self, look_after: Callable[[Sequence[str]], None]) -> None:
        while True:
            polled = self._polled.get()
            try:
                look_after(polled)
            except WartaError as error:
                logger.error("%s", error)

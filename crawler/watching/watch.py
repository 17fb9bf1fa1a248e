"""The watch: asks each outlet at its own pace, one crawl after the other, until it is told to stop."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from sqlite_utils import Database

from crawler.configuration import current
from crawler.errors import DatabaseError, SourceError
from crawler.sources import load_catalogue
from crawler.spiders.news import choose_outlets
from crawler.watching.child import Child
from crawler.watching.lock import held
from crawler.watching.pacing import Bounds, next_poll, quiet_hour
from crawler.watching.rounds import Order, Report
from crawler.watching.signals import ended_by
from pipelines.database import open_database
from pipelines.database.asking import queries
from pipelines.database.lists import longest_list
from pipelines.database.outlets.rhythm import last_polls, story_times

logger = logging.getLogger(__name__)

AHEAD = 0.1
#: Share of the shortest pace by which an outlet may be asked early, to go with a crawl that begins.


class _Stopped(BaseException):
    """Raised by a signal while something is done that may be broken off."""


AfterRound = Callable[[Sequence[str], Report], None]
#: Told of each round with the outlets that it asked, and what came of it.

KeepHouse = Callable[[Callable[[], bool]], None]
#: Called at a quiet time, while nothing is crawled; what it is given says whether to break off.

_HOUSE = "(housekeeping)"
#: The name of its job in the scheduler, which no outlet can have.


class Watch:
    """Polls outlets into a database; :meth:`run` returns when it was told to stop.

    An outlet waits in the scheduler, or is due, or is being crawled, never two of these: a poll that
    comes late is one poll, and no two overlap.
    """

    def __init__(
        self,
        sources: Sequence[str],
        database: Path,
        bounds: Bounds,
        *,
        even_if_off: bool = False,
        directories: Sequence[Path] = (),
        settings: Mapping[str, Any] | None = None,
        paces: Mapping[str, Bounds] | None = None,
        log_format: str = "text",
        after_round: AfterRound | None = None,
        keep_house: KeepHouse | None = None,
    ) -> None:
        """Raises SourceError for an outlet that is unknown or off, or a fault in a source file."""
        self._named = list(sources)
        self._even_if_off = even_if_off
        self._directories = directories
        self._outlets = self._choose()
        self._database = database
        self._bounds = bounds
        self._settings = dict(settings or {})
        self._paces = dict(paces or {})
        self._log_format = log_format
        self._after_round = after_round
        self._keep_house = keep_house
        self._house_is_due = False
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._due: SimpleQueue[str | None] = SimpleQueue()
        self._child: Child | None = None
        self._stopping = False
        self._may_break_off = False
        self._failures: Counter[str] = Counter()

    def run(self) -> None:
        """Watch until SIGTERM or SIGINT; DatabaseError where the database cannot be used or is watched."""
        with held(self._database), ended_by(self.stop):
            open_database(self._database, create=True).close()
            self._scheduler.start()
            try:
                self._plan_first()
                while not self._stopping:
                    group = self._next_group()
                    if group and not self._stopping:
                        self._round(group)
                    if self._house_is_due and not self._stopping:
                        self._look_after_house()
            finally:
                self._scheduler.shutdown(wait=False)
        logger.info("stopped")

    def stop(self) -> None:
        """End soon; called by a signal, at any point of what the main thread does."""
        self._stopping = True
        self._due.put(None)
        if self._child is not None:
            self._child.stop()
        if self._may_break_off:
            self._may_break_off = False
            raise _Stopped

    def next_polls(self) -> dict[str, datetime]:
        """When each outlet is asked next; one that is due or being crawled is left out. From any thread."""
        jobs = self._scheduler.get_jobs()
        return {job.id: job.next_run_time for job in jobs if job.id != _HOUSE and job.next_run_time}

    def _choose(self) -> list[str]:
        chosen = choose_outlets(
            load_catalogue(*self._directories), self._named, even_if_off=self._even_if_off
        )
        return [source.slug for source in chosen]

    def _plan_first(self) -> None:
        with self._reading() as db:
            polls = last_polls(db, self._outlets)
            for slug in self._outlets:
                self._plan(db, slug, polls.get(slug))
            self._plan_house(db)
        logger.info("watching %d outlets into %s", len(self._outlets), self._database)

    def _plan(self, db: Database, slug: str, last: datetime | None) -> None:
        """Let an outlet wait for its next poll; one that was never asked is due at once."""
        moment = datetime.now(UTC)
        if last is not None:
            moment = next_poll(
                story_times(db, slug, last),
                last,
                self._paces.get(slug, self._bounds),
                failures=self._failures[slug],
                chance=random.random(),  # noqa: S311
                holds=longest_list(db, slug),
            )
        self._scheduler.add_job(
            self._due.put, DateTrigger(moment), args=(slug,), id=slug, replace_existing=True
        )

    def _next_group(self) -> list[str]:
        """Wait until an outlet is due; it and those that are due by now, or nearly."""
        group = [self._due.get()]
        soon = datetime.now(UTC) + AHEAD * self._bounds.least
        for job in self._scheduler.get_jobs():
            if job.id != _HOUSE and job.next_run_time <= soon:
                job.remove()
                group.append(job.id)
        while True:
            try:
                group.append(self._due.get_nowait())
            except Empty:
                return sorted({slug for slug in group if slug is not None})

    def _round(self, group: Sequence[str]) -> None:
        """Crawl a group of outlets, tell what came of it, and plan their next polls."""
        begun, start = datetime.now(UTC), monotonic()
        on = self._still_on(group)
        if on:
            report = self._crawl(on)
            if self._stopping:
                return
            self._tell(on, report, monotonic() - start)
            for slug in on:
                failed = slug in report.failed or report.error is not None
                self._failures[slug] = self._failures[slug] + 1 if failed else 0
        try:
            with self._reading() as db:
                for slug in group:
                    self._plan(db, slug, begun)
        except DatabaseError as error:
            logger.error("%s", error)
            for slug in group:  # without a pace, but not lost
                retry = DateTrigger(begun + self._bounds.most)
                self._scheduler.add_job(self._due.put, retry, args=(slug,), id=slug, replace_existing=True)
        if on:
            self._look_after(on, report)

    def _look_after(self, polled: Sequence[str], report: Report) -> None:
        """Do what is to be done after a round; a signal breaks it off: alerts may wait for a network."""
        if self._after_round is None:
            return
        try:
            self._may_break_off = True
            if not self._stopping:
                self._after_round(polled, report)
        except DatabaseError as error:
            logger.error("%s", error)
        except _Stopped:
            logger.warning("stopped before all alerts were sent; they are sent after the next crawl")
        finally:
            self._may_break_off = False

    def _plan_house(self, db: Database) -> None:
        """Let the housekeeping wait for the hour in which the fewest stories are to be expected."""
        if self._keep_house is None:
            return
        moment = quiet_hour(db, self._outlets, datetime.now(UTC))
        self._scheduler.add_job(self._call_for_house, DateTrigger(moment), id=_HOUSE, replace_existing=True)

    def _call_for_house(self) -> None:
        self._house_is_due = True
        self._due.put(None)

    def _look_after_house(self) -> None:
        self._house_is_due = False
        try:
            if self._keep_house is not None:
                self._keep_house(lambda: self._stopping)
            with self._reading() as db:
                self._plan_house(db)
        except DatabaseError as error:
            logger.error("housekeeping: %s", error)
            again = DateTrigger(datetime.now(UTC) + timedelta(days=1))
            self._scheduler.add_job(self._call_for_house, again, id=_HOUSE, replace_existing=True)

    def _still_on(self, group: Sequence[str]) -> list[str]:
        """Those of a group that are still declared and on: source files may change meanwhile."""
        try:
            catalogue = load_catalogue(*self._directories)
        except SourceError as error:
            logger.error("%s", error)
            return []
        named = [catalogue.sources[slug] for slug in self._named if slug in catalogue.sources]
        candidates = named if self._named else catalogue
        now = [each.slug for each in candidates if each.enabled or (self._named and self._even_if_off)]
        for slug in set(now) - set(self._outlets):
            self._outlets.append(slug)
            self._due.put(slug)
        return [slug for slug in group if slug in now]

    def _crawl(self, group: Sequence[str]) -> Report:
        order = Order(
            group,
            str(self._database),
            [str(place.absolute()) for place in self._directories],
            self._settings,
            dict(current().values),
            self._log_format,
        )
        self._child = Child(order)
        try:
            if self._stopping:  # the signal came while it was started
                self._child.stop()
            return self._child.wait()
        finally:
            self._child = None

    def _tell(self, group: Sequence[str], report: Report, seconds: float) -> None:
        outlets = ", ".join(group) if len(group) <= 5 else f"{len(group)} outlets"
        where = {"run": report.run, "outlets": list(group)}
        if report.error is not None:
            again = "they come again at their next turn"
            logger.error("%s: %s; %s", outlets, report.error.rstrip("."), again, extra=where)
            return
        counts: Counter[str] = Counter()
        with self._reading() as db:
            for count in (queries.run(db, report.run or 0) or {"counts": []})["counts"]:
                counts[count["what"]] += count["amount"]
        told = ", ".join(f"{counts[what]} {what}" for what in ("found", "stored", "updated", "folded"))
        logger.info("run %s: %s: %s in %.0f s", report.run, outlets, told, seconds, extra=where)
        for slug, why in report.failed.items():
            logger.warning("%s: gave nothing: %s", slug, why, extra={"run": report.run, "outlets": [slug]})

    @contextmanager
    def _reading(self) -> Iterator[Database]:
        db = open_database(self._database, readonly=True)
        try:
            yield db
        finally:
            db.close()

"""The days a crawl is about, and whether what discovery says of a URL lies in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from crawler.items import Candidate
from crawler.sources import Source
from pipelines.database.lists import Reach


@dataclass(slots=True, frozen=True)
class Period:
    """From *since* to *until*, both included; a bound that was not asked for is null.

    A bound without a time zone is meant in the outlet's own.
    """

    since: datetime | None
    until: datetime | None
    days: int
    #: How far back to look where no *since* was asked for.

    def covers(self, candidate: Candidate, source: Source, now: datetime) -> bool:
        """Whether a candidate may be in the period; one without any date may.

        Without *since*, a story that is only known by its last change (a plain sitemap) must have
        changed in the last *days*: such lists go back to an outlet's first day.
        """
        zone = ZoneInfo(source.timezone)
        published, modified = _moment(candidate.published, zone), _moment(candidate.modified, zone)
        dates = [moment for moment in (published, modified) if moment is not None]
        if not dates:
            return True
        since, until = _aware(self.since, zone), _aware(self.until, zone)
        if since is None and published is None:
            since = now - timedelta(days=self.days)
        # A story that changed in the period may have been published before it, never after it.
        return (since is None or max(dates) >= since) and (until is None or dates[0] <= until)

    def may_hold(self, lastmod: str | None, now: datetime) -> bool:
        """Whether a sitemap that last changed then can name anything of the period."""
        changed = _moment(lastmod, UTC)
        since = _aware(self.since, UTC) or now - timedelta(days=self.days)
        # A day of tolerance: a date alone is in a zone that nobody names.
        return changed is None or changed >= since - timedelta(days=1)

    def reach(self, source: Source, now: datetime) -> Reach:
        """How far a list of the outlet is read now."""
        zone = ZoneInfo(source.timezone)
        since = _aware(self.since, zone) or now - timedelta(days=self.days)
        until = _aware(self.until, zone)
        return Reach(_utc(since), self.since is None, _utc(until) if until is not None else None)

    def index_days(self, source: Source, now: datetime) -> tuple[date, date]:
        """First and last day of the outlet's index pages, in its own time zone."""
        zone = ZoneInfo(source.timezone)
        today = now.astimezone(zone).date()
        until, since = _aware(self.until, zone), _aware(self.since, zone)
        last = min(today, until.astimezone(zone).date()) if until is not None else today
        first = since.astimezone(zone).date() if since is not None else last - timedelta(days=self.days)
        return first, last


def read_bound(text: str | None, *, end: bool = False) -> datetime | None:
    """A bound of a period from an ISO date or time; a date alone means its beginning or, with *end*, its end.

    Raises ValueError for anything else.
    """
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if end and len(text) <= len("2026-01-31"):
        return datetime.combine(moment.date(), time.max)
    return moment


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(text: str | None, zone: tzinfo) -> datetime | None:
    try:
        return _aware(datetime.fromisoformat(text), zone) if text else None
    except ValueError:
        return None


def _aware(moment: datetime | None, zone: tzinfo) -> datetime | None:
    return moment.replace(tzinfo=zone) if moment is not None and moment.tzinfo is None else moment

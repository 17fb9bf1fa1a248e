"""When an outlet is asked next: often where it publishes much, seldom where it sleeps. No clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from pipelines.database.outlets.rhythm import learn_rhythm, story_times

STORIES = 1.0
#: An outlet is asked again when so many new stories are to be expected.

UNKNOWN = 1.0
#: Stories an hour that an outlet of which nothing is known is believed to publish, for a day.

JITTER = 0.1
#: Share of the wait by which a poll comes sooner or later, so that outlets of one rhythm part.

_STEP = timedelta(minutes=1)


@dataclass(slots=True, frozen=True)
class Bounds:
    """How long an outlet waits between two polls, at least and at most."""

    least: timedelta
    most: timedelta


def next_poll(
    stories: Iterable[datetime],
    last: datetime,
    bounds: Bounds,
    *,
    failures: int = 0,
    chance: float = 0.5,
) -> datetime:
    """When to ask an outlet again that was asked at *last*; all times in UTC.

    *stories*: when its stories were published. The poll comes when one more is to be expected by the rhythm
    of the last two weeks. *failures*: polls in a row that brought nothing at all; each doubles the wait.
    *chance* between 0 and 1 decides the jitter, 0.5 for none. The bounds hold in any case.
    """
    rhythm = learn_rhythm(stories, last, prior=UNKNOWN)
    moment, expected = last, 0.0
    while expected < STORIES and moment - last < bounds.most:
        expected += rhythm.expected(moment, moment + _STEP)
        moment += _STEP
    backed_off = (moment - last) * float(2 ** min(failures, 10))
    wait = backed_off * (1 + JITTER * (2 * chance - 1))
    return last + min(max(wait, bounds.least), bounds.most)


def bounds_of(least: float, most: float) -> Bounds:
    """Bounds in minutes."""
    return Bounds(timedelta(minutes=least), timedelta(minutes=most))


def quiet_hour(db: Database, sources: Sequence[str], now: datetime) -> datetime:
    """The middle of the next hour in which, of the day's, these outlets publish least; from an hour on."""
    rhythms = [learn_rhythm(story_times(db, slug, now), now) for slug in sources]
    hour = now.replace(minute=30, second=0, microsecond=0)
    coming = [hour + timedelta(hours=after) for after in range(1, 25)]
    return min(coming, key=lambda moment: sum(rhythm.rates[moment.hour] for rhythm in rhythms))

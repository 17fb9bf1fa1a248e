"""When an outlet is asked next: often where it publishes much, seldom where it sleeps. No clock."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from crawler.errors import SettingError
from pipelines.database.outlets.rhythm import Rhythm, learn_rhythm, story_times

ENOUGH = 1.15
SPREAD = 0.25
#: An outlet is asked again when the stories that are to be expected, times the minutes since it was asked to
#: the power of SPREAD, are ENOUGH. For a number of requests a SPREAD of 0 gives the freshest story in the
#: middle (the busy outlets are asked, the others wait), one of 1 the lowest mean of all stories' ages.

UNKNOWN = 1.0
#: Stories an hour that an outlet of which nothing is known is believed to publish, for a day.

JITTER = 0.1
#: Share of the wait by which a poll comes sooner or later, so that outlets of one rhythm part.

LATELY = timedelta(hours=2)
#: How far back stories tell whether an outlet publishes more or less than at other times.

DOUBT = 2.0
#: Stories by which the expected and the seen ones of that time are held to be nearer than they are.

ROOM = 0.75
#: Share of its longest list that an outlet may fill between two polls.

SPARED = timedelta(minutes=15)
#: An outlet that gave nothing is not asked sooner, however fast its lists would fill once it is back.

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
    holds: int = 0,
) -> datetime:
    """When to ask an outlet again that was asked at *last*; all times in UTC.

    *stories*: when its stories were published. What is to be expected follows from the rhythm of the last
    two weeks and from what came lately. *failures*: polls in a row that brought nothing at all; each doubles
    the wait. *chance* between 0 and 1 decides the jitter, 0.5 for none. *holds*: entries of its longest
    list, 0 where that is not known; a poll comes before a burst like the month's greatest has pushed a story
    out of it, also after failures: when the outlet is back, its lists still hold what came first. The bounds
    hold in any case.
    """
    known = sorted(stories)
    rhythm = learn_rhythm(known, last, prior=UNKNOWN)
    level = _level(rhythm, known, last)
    moment, expected, minutes = last, 0.0, 0
    while expected * minutes**SPREAD < ENOUGH and moment - last < bounds.most:
        expected += level * rhythm.expected(moment, moment + _STEP)
        moment += _STEP
        minutes += 1
    backed_off = (moment - last) * float(2 ** min(failures, 10))
    wait = backed_off * (1 + JITTER * (2 * chance - 1))
    full = _until_full(known, holds)
    if full is not None:
        wait = min(wait, max(full, SPARED) if failures else full)
    return last + min(max(wait, bounds.least), bounds.most)


def bounds_of(least: float, most: float) -> Bounds:
    """Bounds in minutes; :class:`SettingError` where *least* is above *most*."""
    if least > most:
        raise SettingError(
            f"a shortest pace of {least:g} minutes (--pace-min, watch.paces) is above the longest, {most:g}"
        )
    return Bounds(timedelta(minutes=least), timedelta(minutes=most))


def quiet_hour(db: Database, sources: Sequence[str], now: datetime) -> datetime:
    """The middle of the next hour in which, of the day's, these outlets publish least; from an hour on."""
    rhythms = [learn_rhythm(story_times(db, slug, now), now) for slug in sources]
    hour = now.replace(minute=30, second=0, microsecond=0)
    coming = [hour + timedelta(hours=after) for after in range(1, 25)]
    return min(coming, key=lambda moment: sum(rhythm.rates[moment.hour] for rhythm in rhythms))


def _until_full(known: Sequence[datetime], holds: int) -> timedelta | None:
    """The shortest time in which the outlet published nearly as many stories as its longest list holds."""
    many = int(holds * ROOM)
    if many < 2 or len(known) < many:
        return None
    return min(known[i + many - 1] - known[i] for i in range(len(known) - many + 1))


def _level(rhythm: Rhythm, known: Sequence[datetime], last: datetime) -> float:
    """How much more an outlet publishes lately than by its rhythm: a busy day, a weekend, its first hour."""
    if not known:
        return 1.0
    since = max(last - LATELY, min(known[0], last - _STEP))
    seen = bisect_right(known, last) - bisect_right(known, since)
    return (seen + DOUBT) / (rhythm.expected(since, last) + DOUBT)

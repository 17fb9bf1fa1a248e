"""Forty made-up outlets and when they publish in a month: by the day, the week and the moment.

What the month's benchmark crawls. Nothing here knows how it is crawled.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

START = datetime(2026, 6, 1, tzinfo=UTC)
#: A Monday, seven in the morning in Jakarta.

_BY_HOUR = (
    *(0.03, 0.02, 0.02, 0.02, 0.05, 0.2, 0.5, 0.8, 1.0, 1.0, 1.0, 0.9),
    *(0.8, 0.9, 1.0, 1.0, 0.9, 0.8, 0.7, 0.7, 0.6, 0.4, 0.2, 0.1),
)
#: How much of its busiest hour an outlet publishes, by the hour of its own zone.


@dataclass(slots=True)
class Newsroom:
    """An outlet and the moments at which it publishes, in order."""

    slug: str
    zone: int
    #: Hours before UTC: 7, 8 or 9.

    a_day: float
    #: Stories on a working day; 0 for the one that comes out once a week.

    feed: int
    #: Entries of its feed.

    has_sitemap: bool
    #: A longer list, beside the feed.

    moments: list[datetime] = field(default_factory=list)


def newsrooms(chance: random.Random, days: int, amount: int = 40) -> list[Newsroom]:
    """So many outlets, the busiest first and one weekly last, with their stories of so many days."""
    rates = [230.0, 200.0, 80.0, 60.0, 50.0, 40.0]
    rates = rates[: max(1, amount * len(rates) // 40)]
    rates += [round(chance.triangular(5, 30, 8), 1) for _ in range(amount - len(rates) - 1)]
    rooms = []
    for number, a_day in enumerate([*rates, 0.0]):
        busy = a_day >= 40
        room = Newsroom(
            f"outlet-{number:02}",
            7 if busy else chance.choice((7, 7, 7, 8, 8, 9)),
            a_day,
            chance.choice((20, 30)) if busy else chance.choice((10, 15, 20)),
            busy or chance.random() < 0.4,
        )
        room.moments = sorted(_weekly(chance, room, days) if not a_day else _daily(chance, room, days))
        rooms.append(room)
    return rooms


def _daily(chance: random.Random, room: Newsroom, days: int) -> list[datetime]:
    weekend = chance.uniform(0.75, 0.95) if room.a_day >= 40 else chance.uniform(0.35, 0.8)
    # Of a desk that puts several online at once; the others come by themselves.
    together = 0.1 if room.a_day >= 40 else chance.uniform(0.0, 0.4)
    a_peak_hour = room.a_day / sum(_BY_HOUR) / (1 + together * 2.0)
    floor = 0.12 if room.a_day >= 40 else 0.0
    moments: list[datetime] = []
    for hour in range(24 * days):
        begun = START + timedelta(hours=hour)
        local = begun + timedelta(hours=room.zone)
        rate = a_peak_hour * max(_BY_HOUR[local.hour], floor) * (weekend if local.weekday() >= 5 else 1.0)
        moment = chance.expovariate(rate)
        while moment < 1:
            at = begun + timedelta(hours=moment)
            moments.append(at)
            if chance.random() < together:
                moments += [at + timedelta(minutes=chance.uniform(0, 4)) for _ in range(chance.randint(1, 3))]
            moment += chance.expovariate(rate)
    for _ in range(days // 4):  # breaking news, at any hour of the day
        at = START + timedelta(hours=chance.uniform(0, 24 * days))
        amount = max(4, int(room.a_day / 10))
        moments += [at + timedelta(minutes=chance.uniform(0, 40)) for _ in range(amount)]
    end = START + timedelta(days=days)
    return [moment.replace(microsecond=0) for moment in moments if moment < end]


def _weekly(chance: random.Random, room: Newsroom, days: int) -> list[datetime]:
    """Fridays at ten."""
    return [
        START + timedelta(days=day, hours=10 - room.zone, minutes=chance.uniform(0, 60))
        for day in range(4, days, 7)
        for _ in range(6)
    ]

"""The period that a page with counts over time is about: read from the address, told in words, and moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from crawler.errors import QuestionError
from crawler.reading_room.answering import Asked
from crawler.reading_room.languages import Language
from crawler.reading_room.room import Room
from pipelines.database.asking.periods import OFFSET, SPANS, Period, newest_day, period

DAYS = 30

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


@dataclass(slots=True, frozen=True)
class Span:
    """A period, and the addresses of others."""

    period: Period
    words: str
    #: From which day to which.

    choices: list[tuple[int, str, bool]]
    #: Days, the page's address for so many, and whether these are they.

    earlier: str
    later: str | None
    #: Addresses of the page for the period before and the one after; null at the newest day.

    def label(self, start: date, language: Language) -> str:
        """A step of the period in words."""
        if self.period.step == 1:
            return language.day(start)
        return f"{language.day(start)} – {language.day(start + timedelta(days=self.period.step - 1))}"


async def read_span(room: Room, asked: Asked) -> Span:
    """The period that ``days`` and ``until`` ask for; the thirty days up to the newest story without them.

    Raises :class:`crawler.errors.QuestionError` where they do not hold.
    """
    days = asked.whole("days", DAYS)
    if days not in SPANS:
        raise QuestionError(f"days is one of {', '.join(map(str, SPANS))}")
    newest = await room.ask(lambda db: newest_day(db, room.now()))
    until = _read_day(asked.get("until")) or newest
    own = period(until, days)
    following = min(until + timedelta(days=days), newest) if until < newest else None
    later = None if following is None else asked.address(until=None if following == newest else following)
    return Span(
        own,
        f"{asked.language.day(own.first)} – {asked.language.day(own.last)}",
        [
            (some, asked.address(days=None if some == DAYS else some, page=None), some == days)
            for some in SPANS
        ],
        asked.address(until=own.first - timedelta(days=1)),
        later,
    )


def now_in_utc(room: Room) -> str:
    """The room's time as the columns have it."""
    return f"{room.now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def local(moment: str | None) -> str | None:
    """A moment in UTC as one in the zone whose days are counted; what is none stays as it is."""
    try:
        return datetime.fromisoformat(moment).astimezone(timezone(OFFSET)).isoformat() if moment else None
    except (ValueError, OverflowError):
        return moment


def lasting(language: Language, seconds: float) -> str:
    """A span of time as a person says it, in the unit that fits."""
    for unit, length, up_to in (("seconds", 1, 90), ("minutes", _MINUTE, 120), ("hours", _HOUR, 72)):
        if round(seconds / length) < up_to:
            return str(language.amount(f"span.{unit}", round(seconds / length)))
    return str(language.amount("span.days", round(seconds / _DAY)))


def _read_day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QuestionError(f"{text!r} is no day; write it as 2026-07-04") from None

"""The conditions that questions share: time, outlet, place, author, section, language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypedDict

from crawler.errors import QuestionError
from pipelines.database.records import storable, to_utc

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

#: A date alone means the day where the story was published, at its own offset. The bound on UTC, wider
#: by the largest offsets, is what the index can use.
_SINCE_DAY = "substr({a}.published, 1, 10) >= :since"
_UNTIL_DAY = "substr({a}.published, 1, 10) <= :until"
_SINCE = "{a}.published_utc >= :since_utc"
_UNTIL = "{a}.published_utc <= :until_utc"

_AUTHOR = """
    {a}.id IN (
        SELECT link.article_id FROM authors CROSS JOIN article_authors AS link ON link.author_id = authors.id
        WHERE (' ' || authors.name || ' ') LIKE :author ESCAPE '\\'
    )
"""
_PLACE = """
    {a}.dateline_place IN (
        SELECT name FROM places WHERE (' ' || replace(name, ',', ' ') || ' ') LIKE :place ESCAPE '\\'
    )
"""
_CONDITIONS = {
    "source": "{a}.source = :source",
    "place": _PLACE,
    "author": _AUTHOR,
    "section": "{a}.section = :section COLLATE NOCASE",
    "language": "{a}.language = :language",
}


class Filters(TypedDict, total=False):
    """What narrows a question down; what is missing, null or empty does not count.

    Place and author match whole words within the name, so that "Rahma" finds "Siti Rahma"; section is a
    whole name. All three without regard to case.
    """

    since: str | None
    #: ISO 8601; a date alone means that day where the story was published.

    until: str | None
    #: As ``since``; a date alone includes its day. A story without a date is in neither.

    source: str | None
    place: str | None
    author: str | None
    section: str | None
    language: str | None


@dataclass(slots=True)
class Conditions:
    """Conditions on a row of ``articles``, with their parameters; ``{a}`` stands for its name in a query."""

    named: dict[str, str] = field(default_factory=dict)
    period: list[str] = field(default_factory=list)
    #: What an index can use of the time.

    days: list[str] = field(default_factory=list)
    #: What is left of it to be looked at in the row: the day where the story was published.

    parameters: dict[str, str | int] = field(default_factory=dict)

    def all_of(self, alias: str = "a") -> str:
        """All conditions, joined by AND; ``1`` where there are none."""
        parts = [*self.named.values(), *self.period, *self.days]
        return " AND ".join(part.format(a=alias) for part in parts) or "1"


def conditions(filters: Filters) -> Conditions:
    """Conditions for the filters that are given; :class:`QuestionError` where a time is none."""
    made = Conditions()
    if since := filters.get("since"):
        made.period.append(_SINCE)
        if _DAY.fullmatch(since):
            made.days.append(_SINCE_DAY)
            made.parameters |= {"since": since, "since_utc": _day_bound(since, -1)}
        else:
            made.parameters["since_utc"] = moment_in_utc(since)
    if until := filters.get("until"):
        made.period.append(_UNTIL)
        if _DAY.fullmatch(until):
            made.days.append(_UNTIL_DAY)
            made.parameters |= {"until": until, "until_utc": _day_bound(until, 2)}
        else:
            made.parameters["until_utc"] = moment_in_utc(until)
    for name, condition in _CONDITIONS.items():
        if given := filters.get(name):
            value = storable(str(given))
            made.named[name] = condition
            made.parameters[name] = _whole_words(value) if name in {"place", "author"} else value
    return made


def _day_bound(day: str, days: int) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except (ValueError, OverflowError):
        raise _no_date(day) from None


def moment_in_utc(text: str) -> str:
    """An ISO 8601 moment as the columns have it; :class:`QuestionError` where it is none."""
    moment = to_utc(text)
    if moment is None:
        raise _no_date(text)
    return moment


def _no_date(text: str) -> QuestionError:
    return QuestionError(f"{text!r} is no date; write it as 2026-07-04 or 2026-07-04T12:00:00+07:00")


def _whole_words(text: str) -> str:
    escaped = re.sub(r"([\\%_])", r"\\\1", " ".join(text.replace(",", " ").split()))
    return f"% {escaped} %"

"""When an article was published: which of the moments a page shows and states is to be believed.

Called with what `moments` read from the visible lines and `stamps` from the metadata, re-exported here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone, tzinfo

from crawler.extractors.moments import (
    Label,
    LabelledMoment,
    Moment,
    Precision,
    plausible,
    read_moment,
    read_moments,
    zone_named,
)
from crawler.extractors.stamps import read_iso

__all__ = [
    "Label",
    "LabelledMoment",
    "Moment",
    "Precision",
    "Published",
    "choose_published",
    "read_iso",
    "read_moment",
    "read_moments",
]

Candidate = tuple[str, Moment]


@dataclass(frozen=True, slots=True)
class Published:
    """The moment that won."""

    iso: str
    #: ISO 8601: a date, or a date and time with the offset where it is known.

    evidence: str
    #: The candidate it came from; ``visible+json-ld`` where a second one lent its zone or its time.

    raw: str
    #: The text or value of the first of them.


def choose_published(
    candidates: Sequence[Candidate],
    *,
    zone: str | None = None,
    fetched_at: datetime | None = None,
    offsets: Collection[timedelta] = (),
) -> Published | None:
    """The moment of publication from (evidence name, moment) pairs, the most trusted first.

    Evidence whose name starts with ``visible`` is what readers see and beats metadata, which may only lend it
    a zone (its clock shows the same, or the same instant elsewhere) or a time (the page shows only the day).
    `zone` is the outlet's; a metadata zone against it, or against another one, is dropped, and so is one that
    is neither UTC nor among `offsets`, those of the places where the page's language is spoken.
    """
    usable = [pair for pair in candidates if plausible(pair[1].when, fetched_at)]
    if offsets:
        usable = [
            (name, moment if name.startswith("visible") else _at_home(moment, offsets))
            for name, moment in usable
        ]
    visible = [pair for pair in usable if pair[0].startswith("visible")]
    stated = [pair for pair in usable if not pair[0].startswith("visible")]
    here = zone_named(zone) if zone else None
    if not visible:
        return _best_stated(stated, here)
    shown = next((pair for pair in visible if _shares_day(pair[1], stated)), visible[0])
    if shown[1].precision == "day":
        return _with_time(shown, visible, stated, here)
    return _with_zone(shown, stated, here)


def _at_home(moment: Moment, offsets: Collection[timedelta]) -> Moment:
    """The moment, without a zone that a server far away gave it."""
    offset = _offset(moment)
    if not offset or offset in offsets:
        return moment
    return replace(moment, iso=moment.when.replace(tzinfo=None).isoformat(), zone_shown=False)


def _shares_day(moment: Moment, stated: Sequence[Candidate]) -> bool:
    return any(other.when.date() == moment.when.date() for _, other in stated)


def _wall(moment: Moment) -> datetime:
    """What the clock shows, to the minute, zone left aside."""
    return moment.when.replace(second=0, microsecond=0, tzinfo=None)


def _offset(moment: Moment) -> timedelta | None:
    return moment.when.utcoffset() if moment.precision != "day" else None


def _with_zone(shown: Candidate, stated: Sequence[Candidate], here: tzinfo | None) -> Published:
    """A visible time: its own zone, else the outlet's, else one that metadata lends."""
    name, moment = shown
    if moment.zone_shown:
        return Published(moment.iso, name, moment.raw)
    when = moment.when.replace(tzinfo=None)
    if here:
        return Published(when.replace(tzinfo=here).isoformat(), name, moment.raw)
    for evidence, other in stated:
        offset = _lent_offset(moment, other)
        if offset is not None and not _contradicted(when - offset, other, stated):
            lent = other.when.tzinfo if other.when.utcoffset() == offset else None
            iso = when.replace(tzinfo=lent).isoformat() if lent else f"{when.isoformat()}{_written(offset)}"
            return Published(iso, f"{name}+{evidence}", moment.raw)
    return Published(when.isoformat(), name, moment.raw)


def _lent_offset(shown: Moment, other: Moment) -> timedelta | None:
    """The offset that a stated moment gives a visible clock; None where the two do not belong together."""
    offset = _offset(other)
    if offset is None:
        return None
    ahead = _wall(shown) - _wall(other)
    if not ahead:
        return (
            offset or None
        )  # the same clock said to be UTC is more often a wrong label than a page in Ghana
    if not offset and ahead % timedelta(minutes=30) == timedelta(0) and abs(ahead) <= timedelta(hours=13):
        return ahead
    return None


def _contradicted(instant: datetime, lender: Moment, stated: Sequence[Candidate]) -> bool:
    """Whether other metadata has the same clock in another zone: then neither zone is to be trusted."""
    for _, other in stated:
        offset = _offset(other)
        if offset is None or other is lender or not offset:
            continue
        apart = abs(_wall(other) - offset - instant.replace(second=0, microsecond=0))
        if timedelta(hours=1) <= apart <= timedelta(hours=24) and _wall(other) == _wall(lender):
            return True
    return False


def _clock_ahead(moment: Moment, stated: Sequence[Candidate]) -> timedelta | None:
    """How far the outlet's clock is from UTC, where metadata states the same minute by both of them."""
    for _, other in stated:
        if other.precision == "day" or _offset(other) is not None:
            continue
        ahead = _wall(other) - _wall(moment)
        if ahead and ahead % timedelta(minutes=30) == timedelta(0) and abs(ahead) <= timedelta(hours=13):
            seconds = {other.when.second, moment.when.second}
            return ahead if len(seconds) == 1 or 0 in seconds else None
    return None


def _written(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _with_time(
    shown: Candidate, visible: Sequence[Candidate], stated: Sequence[Candidate], here: tzinfo | None
) -> Published:
    """A visible day alone: the time from another line or from metadata of the same day."""
    name, moment = shown
    for other in visible:
        if other[1].precision != "day" and other[1].when.date() == moment.when.date():
            return _with_zone(other, stated, here)
    day = moment.when.date()
    same_day = [pair for pair in stated if _has_time(pair[1]) and _local(pair[1], here).date() == day]
    timed = _best_stated(same_day, here) if same_day else None
    if not timed:
        return Published(moment.iso, name, moment.raw)
    return Published(timed.iso, f"{name}+{timed.evidence}", moment.raw)


def _has_time(moment: Moment) -> bool:
    """Midnight sharp in metadata is a date that a program made a time of."""
    return moment.precision != "day" and moment.when.time().isoformat() != "00:00:00"


def _local(moment: Moment, here: tzinfo | None) -> datetime:
    when = moment.when
    return when.astimezone(here) if here and when.tzinfo else when


def _best_stated(stated: Sequence[Candidate], here: tzinfo | None) -> Published | None:
    """Metadata alone: the first of them, with the time and zone of those that agree with it."""
    if not stated:
        return None
    name, moment = stated[0]
    if not _has_time(moment):
        day = moment.when.date()
        timed = [pair for pair in stated if _has_time(pair[1]) and _local(pair[1], here).date() == day]
        if not timed:
            return Published(moment.iso, name, moment.raw)
        name, moment = timed[0]
    offset = _offset(moment)
    twins = [
        other for _, other in stated if _wall(other) == _wall(moment) and _offset(other) not in (None, offset)
    ]
    if offset is None or (twins and not offset):
        zones = {_offset(twin) for twin in twins} - {timedelta(0)}
        lender = next((twin for twin in twins if _offset(twin)), None) if len(zones) == 1 else None
        local = lender.when.tzinfo if lender else here
        return Published(moment.when.replace(tzinfo=local).isoformat(), name, moment.raw)
    if not offset and (ahead := _clock_ahead(moment, stated)) is not None:
        local = timezone(ahead)
        return Published(moment.when.astimezone(local).isoformat(), name, moment.raw)
    if any(_offset(twin) for twin in twins):
        return Published(moment.when.replace(tzinfo=here).isoformat(), name, moment.raw)
    return Published(_local(moment, here).isoformat(), name, moment.raw)

"""Reading the dates that metadata states: ISO 8601 as it occurs in the wild, RFC 2822, seconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.extractors.moments import ZONE, Moment, calendar_day, plausible, read_moment, zone_named

_ISO = re.compile(
    r"(\d{4})([-/]?)(\d\d)\2(\d\d)"
    rf"(?:[T\s,]{{1,3}}|(?={ZONE})|$)(?:(?P<early>{ZONE})\s?)?"
    r"(?:(\d{1,2}):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?"
    rf"\s?(?P<zone>{ZONE}|\d\d?:00)?Z?$",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?$")


def read_iso(
    value: str | float, *, language: str | None = None, fetched_at: datetime | None = None
) -> Moment | None:
    """The moment a metadata value states; one in words is read as a visible line.

    An epoch counts as UTC. None for what is no date, or none that `plausible` allows.
    """
    text = str(value).strip()
    if not text or len(text) > 80:
        return None
    moment = _epoch(text) or _iso(text) or _rfc(text)
    if moment:
        return moment if plausible(moment.when, fetched_at) else None
    return read_moment(text, language=language, fetched_at=fetched_at)


def _epoch(text: str) -> Moment | None:
    if not _EPOCH.match(text):
        return None
    number = float(text)
    seconds = number / 1000 if number > 1e11 else number
    when = datetime.fromtimestamp(int(seconds), UTC)
    return Moment(when.isoformat(), "second", text, True, (0, len(text)))


def _iso(text: str) -> Moment | None:
    match = _ISO.match(text)
    day = calendar_day(int(match[1]), int(match[3]), int(match[4])) if match else None
    if not match or not day:
        return None
    hour, minute, second = match[6], match[7], match[8]
    if not hour:
        return Moment(day.isoformat(), "day", text, False, (0, len(text)))
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        return None
    label = match["zone"] or match["early"]
    if label and label[0].isdigit():
        label = f"+{label.zfill(5)}"  # a plus sign that was lost in a URL
    shown = zone_named(label) if label else (UTC if text[-1] in "zZ" else None)
    when = datetime(day.year, day.month, day.day, int(hour), int(minute), int(second or 0), tzinfo=shown)
    return Moment(when.isoformat(), "second" if second else "minute", text, shown is not None, (0, len(text)))


def _rfc(text: str) -> Moment | None:
    if "," not in text[:12] and not text[:1].isdigit():
        return None
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return Moment(when.isoformat(), "second", text, when.tzinfo is not None, (0, len(text)))

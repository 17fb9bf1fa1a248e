"""Reading dates and times from the lines that pages show: ``Kamis, 02 Nov 2023 20:59 WIB``, ``5 jam lalu``.

Names of months, weekdays, zones and labels come from the lexicon. Metadata values are read by `stamps`; which
of several moments is the publication's is decided in `dates`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.extractors.lexicon import alternation, fold, load_lexicon

Precision = Literal["day", "minute", "second"]
Label = Literal["published", "modified"]

EARLIEST = 1995
#: No news page on the web is older; a date before it is an error of its page.

_WORDS = load_lexicon()
_FLAGS = re.IGNORECASE
#: A word may be glued to a name before it ("RahmaSelasa"): then it has to begin with a capital.
_START = r"(?:(?<![^\W\d_])|(?=(?-i:[A-Z])))"
_END = r"(?![^\W\d_])"
_MONTH = alternation(_WORDS.months) + _END
_WEEKDAY = _START + alternation(_WORDS.weekdays).replace("'", "['’`]") + _END
ZONE = (
    rf"(?:(?:utc|gmt)\s?[+-]\d{{1,2}}(?::?\d\d)?|{alternation(_WORDS.zones)}{_END}"
    r"|[+-]\d\d:?\d\d(?!\d)|[+-]\d\d(?![\d:]))"
)
#: A regex for a zone's label or offset.
_ORDINAL = r"(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"(?:(?P<weekday>{_WEEKDAY})\.?\s{{0,2}}[,|]?\s{{0,2}}(?:the\s)?|(?<![\d:/.-])(?<!\d,)|{_START}(?={_MONTH}))"
    rf"(?:(?P<y1>\d{{4}})[-/.](?P<m1>\d{{1,2}})[-/.](?P<d1>\d{{1,2}})(?!\d)"
    rf"|(?P<d2>\d{{1,2}}){_ORDINAL}[\s.,/-]{{0,3}}(?:of\s)?(?P<m2>{_MONTH})[\s.,/-]{{0,3}}"
    rf"(?P<y2>\d{{4}}(?!\d)|(?<=[-/])\d\d(?![\d:.])|['’]\d\d(?!\d))"
    rf"|(?P<m3>{_MONTH})[\s.]{{0,2}}(?P<d3>\d{{1,2}}){_ORDINAL}[\s,/]{{1,3}}(?P<y3>\d{{4}})(?!\d)"
    rf"|(?P<a>\d{{1,2}})(?P<mark>[/.-])(?P<b>\d{{1,2}})(?P=mark)(?P<y4>\d{{4}}|\d\d)(?![\d/]|[.-]\d))",
    _FLAGS,
)
_CLOCK = (
    r"(?<![\d:])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:\.\d{1,9})?)?(?!\d)\s?"
    r"(?P<half>[ap]\.?m\b\.?)?|\s?(?P<half_alone>[ap]\.?m\b\.?))"
    rf"[\s(]{{0,2}}(?P<zone>{ZONE})?"
)
_HOUR_WORD = alternation(_WORDS.hour_words)
_TIME_AFTER = re.compile(
    rf"[\s,|•·()/T–—-]{{0,5}}(?:(?P<early>{ZONE})\s?|{_HOUR_WORD}[.:]?\s?)?{_CLOCK}", _FLAGS
)
_TIME_BEFORE = re.compile(
    rf"{_CLOCK}[\s,|•·)–—-]{{0,4}}(?:{alternation(_WORDS.time_prepositions)}\s)?$", _FLAGS
)
_LABEL = re.compile(
    rf"(?<!\w)(?:(?P<modified>{alternation(_WORDS.modified_labels)})"
    rf"|(?P<published>{alternation(_WORDS.published_labels)}))(?!\w)",
    _FLAGS,
)
AGO = re.compile(
    rf"(?<!\w)(?P<count>\d{{1,3}}|{alternation(_WORDS.relative_one)})\s?(?P<unit>{alternation(_WORDS.relative_units)})\s(?:{alternation(_WORDS.ago)})(?!\w)",
    _FLAGS,
)
#: A moment counted from the reader's: ``3 jam lalu``.
_OFFSET = re.compile(r"(?:utc|gmt)?\s?([+-])(\d{1,2}):?(\d\d)?", _FLAGS)
#: What every date has; most lines have not, and need no closer look.
_DATE_LIKE = re.compile(r"\d{4}|[./-]\d|['’]\d\d")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or a time of day that a text names."""

    iso: str
    #: ISO 8601: a date alone, or date and time, with the offset only where the zone was shown or given.

    precision: Precision
    raw: str
    #: The part of the text that was read.

    zone_shown: bool = False
    #: True where the text itself names the zone.

    span: tuple[int, int] = (0, 0)
    #: Where ``raw`` stands in the text, in characters.

    @property
    def when(self) -> datetime:
        """The moment to calculate with; a date alone is its midnight."""
        return datetime.fromisoformat(self.iso)


@dataclass(frozen=True, slots=True)
class LabelledMoment:
    """A moment and what the words before it say that it is."""

    moment: Moment
    label: Label | None


@lru_cache(maxsize=256)
def zone_named(name: str) -> tzinfo | None:
    """The zone of a label (``WIB``), an offset (``+07:00``) or an IANA name; None for what is no zone."""
    text = fold(name)
    known = _WORDS.zones.get(text, name.strip())
    if match := _OFFSET.fullmatch(known):
        hours, minutes = int(match[2]), int(match[3] or 0)
        if hours > 14 or minutes > 59:
            return None
        return timezone((1 if match[1] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
    try:
        return ZoneInfo(known)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def plausible(when: datetime, fetched_at: datetime | None) -> bool:
    """Whether a page can have been published then: not before `EARLIEST`, not a day after the fetch."""
    latest = (fetched_at or datetime(2100, 1, 1, tzinfo=UTC)) + timedelta(days=1)
    comparable = latest.replace(tzinfo=None) if when.tzinfo is None else latest
    if when.tzinfo and latest.tzinfo is None:
        comparable = latest.replace(tzinfo=UTC)
    return when.year >= EARLIEST and when <= comparable


def read_moment(
    text: str,
    *,
    language: str | None = None,
    zone: str | None = None,
    fetched_at: datetime | None = None,
) -> Moment | None:
    """The first date of a line, with the time beside it.

    `language` (ISO 639-1) decides between day and month in ``3/2/2026`` where nothing else does; an
    undecided one gives None. `zone` is the outlet's, used where the line shows none. `fetched_at` resolves
    ``5 jam lalu`` and refuses the future.
    """
    for moment in _moments(text, language, zone, fetched_at):
        return moment
    return _relative(text, zone, fetched_at) or _foreign(text, language, zone, fetched_at)


def read_moments(
    text: str,
    *,
    language: str | None = None,
    zone: str | None = None,
    fetched_at: datetime | None = None,
) -> list[LabelledMoment]:
    """All dates of a line, each with the label before it: ``Terbit 7 Feb 2017 Diperbarui 8 Feb 2017``."""
    found = []
    end = 0
    for moment in _moments(text, language, zone, fetched_at):
        label: Label | None = None
        for match in _LABEL.finditer(text, end, moment.span[0]):
            label = "modified" if match["modified"] else "published"
        found.append(LabelledMoment(moment, label))
        end = moment.span[1]
    return found


def _moments(
    text: str, language: str | None, zone: str | None, fetched_at: datetime | None
) -> Iterator[Moment]:
    if not _DATE_LIKE.search(text):
        return
    end = 0
    for match in _DATE.finditer(text):
        if match.start() < end:
            continue
        clock, start, end = _clock_beside(text, match, end)
        day = _day(match, clock, language, fetched_at)
        if not day:
            end = match.end()
            continue
        moment = _moment(text, day, clock, zone, (start, end))
        if moment and plausible(moment.when, fetched_at):
            yield moment


def _clock_beside(text: str, day: re.Match[str], floor: int) -> tuple[re.Match[str] | None, int, int]:
    """The time of day next to a date, and where both together begin and end."""
    after = _TIME_AFTER.match(text, day.end())
    if after and _valid(after):
        return after, day.start(), after.end()
    before = _TIME_BEFORE.search(text, max(floor, day.start() - 40), day.start())
    if before and _valid(before):
        return before, before.start(), day.end()
    return None, day.start(), day.end()


def _valid(clock: re.Match[str]) -> bool:
    hour, minute, second = int(clock["hour"]), int(clock["minute"] or 0), int(clock["second"] or 0)
    half = clock["half"] or clock["half_alone"]
    return (
        hour < 24 and minute < 60 and second < 60 and (not half or clock["minute"] is not None or hour <= 12)
    )


def _day(
    match: re.Match[str], clock: re.Match[str] | None, language: str | None, fetched_at: datetime | None
) -> date | None:
    if match["a"]:
        return _numeric_day(match, clock, language, fetched_at)
    for year, month, day in (("y1", "m1", "d1"), ("y2", "m2", "d2"), ("y3", "m3", "d3")):
        if match[year]:
            name = match[month]
            number = int(name) if name.isdigit() else _WORDS.months[fold(name)]
            return calendar_day(_full_year(match[year]), number, int(match[day]))
    return None


def _numeric_day(
    match: re.Match[str], clock: re.Match[str] | None, language: str | None, fetched_at: datetime | None
) -> date | None:
    """3/2/2026 where order is open: by the weekday, the numbers, the fetch, else the language or its zone."""
    first, second, year = int(match["a"]), int(match["b"]), _full_year(match["y4"])
    day_first, month_first = calendar_day(year, second, first), calendar_day(year, first, second)
    readings = [day for day in (day_first, month_first) if day]
    if match["weekday"]:
        wanted = _WORDS.weekdays[fold(match["weekday"])]
        readings = [day for day in readings if day.isoweekday() == wanted] or readings
    if fetched_at and len(readings) > 1:
        latest = fetched_at.date() + timedelta(days=1)
        readings = [day for day in readings if day <= latest]
    if len(set(readings)) <= 1:
        return readings[0] if readings else None
    label = clock and clock["zone"]
    local = bool(label and _WORDS.zones.get(fold(label)) in _DAY_FIRSTZONES)
    return day_first if local or _WORDS.day_first.get(language or "") else None


#: Zones whose labels only languages use that write the day first.
_DAY_FIRSTZONES = frozenset(
    offset
    for code in _WORDS.day_first
    for label, offset in load_lexicon((code,)).zones.items()
    if _WORDS.zones.get(label) == offset
)


def _full_year(text: str) -> int:
    digits = text.lstrip("'’")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def calendar_day(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _moment(
    text: str, day: date, clock: re.Match[str] | None, zone: str | None, span: tuple[int, int]
) -> Moment | None:
    raw = text[span[0] : span[1]].rstrip(" ,|-–—(")
    span = (span[0], span[0] + len(raw))
    if not clock:
        return Moment(day.isoformat(), "day", raw, False, span)
    hour, second = int(clock["hour"]), clock["second"]
    half = clock["half"] or clock["half_alone"]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    label = clock["zone"] or clock.groupdict().get("early")
    shown = zone_named(label) if label else None
    known = shown or (zone_named(zone) if zone else None)
    when = datetime(
        day.year, day.month, day.day, hour, int(clock["minute"] or 0), int(second or 0), tzinfo=known
    )
    return Moment(when.isoformat(), "second" if second else "minute", raw, shown is not None, span)


def _relative(text: str, zone: str | None, fetched_at: datetime | None) -> Moment | None:
    if not fetched_at or len(text) > 80:
        return None
    here = (zone_named(zone) if zone else None) or fetched_at.tzinfo
    now = fetched_at.astimezone(here) if fetched_at.tzinfo else fetched_at
    if match := AGO.search(text):
        count = int(match["count"]) if match["count"].isdigit() else 1
        when = now - timedelta(seconds=count * _WORDS.relative_units[fold(match["unit"])])
        return Moment(when.date().isoformat(), "day", match[0], False, match.span())
    days = _WORDS.relative_days.get(fold(text).strip(" .,:|-"))
    if days is None:
        return None
    return Moment((now - timedelta(days=days)).date().isoformat(), "day", text.strip(), False, (0, len(text)))


def _foreign(text: str, language: str | None, zone: str | None, fetched_at: datetime | None) -> Moment | None:
    """A date in a language without a lexicon, by dateparser: slow to start, so asked only for these."""
    if not language or language in _WORDS.languages or len(text) > 60 or not re.search(r"\d{4}", text):
        return None
    import dateparser  # noqa: PLC0415 - takes a second to load, and few pages need it

    when = dateparser.parse(text, languages=[language]) if language in _foreign_languages() else None
    if not when or not plausible(when, fetched_at):
        return None
    timed = bool(re.search(r"\d[:.]\d\d(?!\d)", text))
    if not timed:
        return Moment(when.date().isoformat(), "day", text, False, (0, len(text)))
    shown = when.tzinfo is not None
    if not shown and zone:
        when = when.replace(tzinfo=zone_named(zone))
    return Moment(when.isoformat(), "minute", text, shown, (0, len(text)))


@lru_cache(maxsize=1)
def _foreign_languages() -> frozenset[str]:
    from dateparser.data.languages_info import language_order  # noqa: PLC0415 - see _foreign

    return frozenset(language_order)

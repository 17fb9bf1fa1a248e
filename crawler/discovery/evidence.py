"""What feeds, sitemaps and listings say of an article, brought into the record's forms."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from zoneinfo import ZoneInfo

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,1000}>|<!--.{0,1000}?-->", re.DOTALL)
_TIME_OF_DAY = re.compile(r"\d[:.]\d|\dT\d")
_KNOWN_ZONE = re.compile(r"(?:[+-]\d{2}:?\d{2}|\b(?:GMT|UTC?|Z))$")
_LANGUAGES = ["id", "en"]
_SETTINGS = {
    "STRICT_PARSING": True,
    "DATE_ORDER": "DMY",
    # Relative dates ("2 jam lalu") would need a clock.
    "PARSERS": ["absolute-time"],
}


def plain_text(markup: str | None) -> str | None:
    """A title or name without tags, entities and doubled blanks; None where nothing is left.

    >>> plain_text("<b>Harga &amp;amp; pasokan</b> beras")
    'Harga & pasokan beras'
    """
    if not markup:
        return None
    # Feeds escape once too often as a habit: a second round reads "&amp;amp;" and "&amp;quot;".
    text = unescape(unescape(_TAG.sub(" ", markup[:10_000])))
    return " ".join(text.replace("\x00", "").split()) or None


def iso_date(text: str | None) -> str | None:
    """A date as feeds and sitemaps write it, in ISO 8601, with the offset it was written with.

    RFC 822, ISO 8601 and W3C dates first, anything else by dateparser. No zone is invented: a time
    without one, and a date without a time, stay so. None where the text is no date.

    >>> iso_date("Sun, 01 Feb 2026 09:30:00 +0700")
    '2026-02-01T09:30:00+07:00'
    """
    text = " ".join((text or "").split())[:100]
    if not text:
        return None
    try:
        moment = _standard(text) or _any_form(text)
        if moment is None:
            return None
        return (moment.replace(microsecond=0) if _TIME_OF_DAY.search(text) else moment.date()).isoformat()
    except (ValueError, OverflowError):
        return None


def in_zone(moment: str | None, zone: str) -> str | None:
    """An ISO 8601 time with the same clock in another zone; a date alone stays as it is.

    >>> in_zone("2026-02-01T09:30:00+00:00", "Asia/Jakarta")
    '2026-02-01T09:30:00+07:00'
    """
    if moment is None or "T" not in moment:
        return moment
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).isoformat()


def _any_form(text: str) -> datetime | None:
    import dateparser  # noqa: PLC0415 - slow to load, and most lists write their dates by a standard

    moment: datetime | None = dateparser.parse(text, languages=_LANGUAGES, settings=_SETTINGS)
    return moment


def _standard(text: str) -> datetime | None:
    if text[:4].isdigit():
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    # RFC 822 readers take a zone name they do not know, such as WIB, for UTC.
    if not _KNOWN_ZONE.search(text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None

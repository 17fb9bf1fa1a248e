"""What the tools answer: articles and outlets in plain JSON types, cut to what an assistant can take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from crawler.sources import Catalogue
from pipelines.database.asking.periods import newest_day, period
from pipelines.database.asking.retellings import cluster_of
from pipelines.database.asking.search import MARK_END, MARK_START, Hit
from pipelines.database.outlets.rhythm import last_polls
from pipelines.database.outlets.volume import volumes

MOST_CHARACTERS = 20_000
#: Of a story in one answer; the rest is had by asking again from where it was cut.

_LONGEST_LINE = 500
#: Characters of a headline, a name, a caption.

_MOST_ENTRIES = 30
#: Of a list within a record.

_OUTLETS = 200

_LEFT_OUT = ("boilerplate", "images", "policy", "record_hash", "text_hash")
#: What stands beside a story says nothing of it.

_MARKS = str.maketrans("", "", MARK_START + MARK_END)


def hit(found: Hit) -> dict[str, Any]:
    """One article that a search found."""
    row = asdict(found)
    row["snippet"] = found.snippet.translate(_MARKS)
    row["outlet"] = row.pop("source")
    return {key: _short(value) for key, value in row.items() if key != "score"}


def record(article: Mapping[str, Any], *, start: int = 0) -> dict[str, Any]:
    """An article with its story from the character *start* on; ``more_from`` tells where the rest begins."""
    body = article["body"]
    shown = body[start : start + MOST_CHARACTERS]
    end = start + len(shown)
    made = {key: _short(value) for key, value in article.items() if key not in _LEFT_OUT}
    return made | {
        "body": shown,
        "characters": len(body),
        "more_from": end if end < len(body) else None,
    }


def story(db: Database, article: Mapping[str, Any], *, start: int = 0) -> dict[str, Any]:
    """A stored article as :func:`record` cuts it, and who else tells its story."""
    cluster = cluster_of(db, article["id"])
    others = [member for member in cluster["members"] if member["id"] != article["id"]] if cluster else []
    made = record({key: value for key, value in article.items() if key != "copies"}, start=start)
    return made | {
        "told_by": len(others),
        "retellings": [
            {key: _short(value) for key, value in member.items()} for member in others[:_MOST_ENTRIES]
        ],
    }


def outlets(db: Database, catalogue: Catalogue, days: int) -> dict[str, Any]:
    """The outlets that articles are from, those with most in the last *days* first."""
    now = datetime.now(UTC)
    span = period(newest_day(db, now), days)
    found = volumes(db, span, now=f"{now:%Y-%m-%dT%H:%M:%SZ}")
    names: dict[str | None, str | None] = {source.slug: source.name for source in catalogue}
    polls = last_polls(db, [volume.slug for volume in found if volume.slug])
    return {
        "from": span.first.isoformat(),
        "to": span.last.isoformat(),
        "outlets": [
            {
                "outlet": volume.slug,
                "name": names.get(volume.slug),
                "site": volume.site,
                "articles": volume.articles,
                "newest": volume.newest,
                "last_crawled": _moment(polls.get(volume.slug or "")),
            }
            for volume in found[:_OUTLETS]
        ],
        "left_out": max(0, len(found) - _OUTLETS),
    }


def _moment(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None


def _short(value: Any) -> Any:
    match value:
        case str():
            return value if len(value) <= _LONGEST_LINE else f"{value[:_LONGEST_LINE]}…"
        case Mapping():
            return {_short(key): _short(entry) for key, entry in _first(value.items())}
        case list() | tuple():
            return [_short(entry) for entry in _first(value)]
    return value


def _first(entries: Iterable[Any]) -> list[Any]:
    return list(entries)[:_MOST_ENTRIES]

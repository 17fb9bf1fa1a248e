"""Outlets: how much each publishes over time, what its records have, and whether it is read as ever."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote

from sqlite_utils import Database

from crawler.reading_room import addresses
from crawler.reading_room.answering import Asked, NotFoundError, Page
from crawler.reading_room.room import Room, TooSlowError
from crawler.reading_room.spans import lasting, local, now_in_utc, read_span
from pipelines.database.outlets.activity import runs_of_outlet
from pipelines.database.outlets.alerts import standing
from pipelines.database.outlets.filled import filled
from pipelines.database.outlets.freshness import outlet_freshness
from pipelines.database.outlets.health import Finding, health
from pipelines.database.outlets.rhythm import last_polls
from pipelines.database.outlets.volume import OutletVolume, volume, volumes

_RUNS = 15
_HEALTH_SECONDS = 0.4
#: So long a page waits for the month to be examined.


async def outlets_page(room: Room, asked: Asked) -> Page:
    """All outlets of a period, those with most articles first."""
    span = await read_span(room, asked)

    def read(db: Database) -> tuple[list[OutletVolume], dict[str, str], dict[str, list[tuple[str, str]]]]:
        found = volumes(db, span.period, now=now_in_utc(room))
        slugs = [volume.slug for volume in found if volume.slug]
        told: dict[str, list[tuple[str, str]]] = {}
        for (slug, what), since in standing(db, slugs).items():
            told.setdefault(slug, []).append((what, since))
        return found, {slug: poll.isoformat() for slug, poll in last_polls(db, slugs).items()}, told

    found, polls, told = await room.ask(read)
    rows = [
        {
            "slug": one.slug,
            "key": one.slug or "",
            "name": room.name_of(one.slug),
            "address": addresses.outlet(one.slug) if one.slug else None,
            "site": one.site,
            "articles": one.articles,
            "counts": one.counts,
            "newest": local(one.newest),
            "polled": local(polls.get(one.slug or "")),
            "alerts": told.get(one.slug or "", []),
        }
        for one in found
    ]
    totals = [sum(step) for step in zip(*(one.counts for one in found), strict=True)]
    return Page(
        "outlets.html",
        {
            "span": span,
            "outlets": rows,
            "active": sum(one.articles > 0 for one in found),
            "articles": sum(totals),
            "starts": span.period.starts,
            "steps": list(zip(span.period.starts, totals or span.period.series(()), strict=True)),
        },
    )


async def outlet_page(room: Room, asked: Asked) -> Page:
    """One outlet."""
    slug = unquote(asked.names["slug"])
    span = await read_span(room, asked)
    own = await room.ask(lambda db: volume(db, slug, span.period, now=now_in_utc(room)))
    if own is None:
        raise NotFoundError(slug[:200])
    fields = await room.ask(lambda db: filled(db, slug))
    fresh = await room.ask(lambda db: outlet_freshness(db, slug))
    runs = await room.ask(lambda db: runs_of_outlet(db, slug, _RUNS))
    polled = next((run.started_at for run in runs if run.command == "crawl"), None)
    return Page(
        "outlet.html",
        {
            "span": span,
            "slug": slug,
            "name": room.name_of(slug),
            "site": own.site,
            "articles": own.articles,
            "newest": local(own.newest),
            "polled": local(polled),
            "steps": list(zip(span.period.starts, own.counts, strict=True)),
            "filled": fields,
            "shares": sorted(fields.shares().items(), key=lambda share: -share[1]),
            "fresh": fresh,
            "ages": [lasting(asked.language, age) for age in (fresh.median, fresh.p95)] if fresh else [],
            "runs": runs,
            "local": local,
            "findings": await _findings(room, slug),
            "search": addresses.search(source=slug),
        },
    )


async def _findings(room: Room, slug: str) -> list[Finding] | None:
    """What changed at an outlet; null where its month is too large to be examined while one waits."""
    try:
        return await room.ask(lambda db: health(db, [slug], room.now()), seconds=_HEALTH_SECONDS)
    except TooSlowError:
        return None


def by_outlet(
    room: Room, counts: Iterable[tuple[str | None, int]]
) -> list[tuple[str | None, str | None, int]]:
    """Counts by outlet as a plot takes them: name, address or None, count."""
    return [(room.name_of(slug), addresses.outlet(slug) if slug else None, count) for slug, count in counts]

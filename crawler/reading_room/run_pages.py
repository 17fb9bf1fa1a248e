"""Runs: what each crawl, import or saved page brought, and what happened at each outlet."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from crawler.extensions.tally import COLUMNS, TRAFFIC, sum_up
from crawler.reading_room import addresses
from crawler.reading_room.answering import Asked, NotFoundError, Page
from crawler.reading_room.room import Room
from crawler.reading_room.spans import lasting, local
from pipelines.database.asking import queries
from pipelines.database.outlets.activity import first_met, runs_before
from pipelines.database.outlets.freshness import freshness

_LISTED = 30
_FIRST_MET = 30


async def runs_page(room: Room, asked: Asked) -> Page:
    """The last runs, or those before one."""
    before = asked.whole("before", 0, most=999_999_999) or None
    found = await room.ask(lambda db: runs_before(db, before, _LISTED + 1))
    rows = [_row(asked, run) for run in found[:_LISTED]]
    older = asked.address(before=rows[-1]["id"]) if len(found) > _LISTED else None
    newest = asked.address(before=None) if before else None
    return Page("runs.html", {"runs": rows, "columns": COLUMNS, "older": older, "newest": newest})


async def run_page(room: Room, asked: Asked) -> Page:
    """One run by outlet."""
    number = int(asked.names["id"])
    run = await room.ask(lambda db: queries.run(db, number))
    if run is None:
        raise NotFoundError(str(number))
    fresh = await room.ask(lambda db: freshness(db, number))
    met = await room.ask(lambda db: first_met(db, number, _FIRST_MET))
    outlets: list[dict[str, Any]] = []
    reasons: Counter[tuple[str, str]] = Counter()
    for tally in sum_up(run["counts"]):
        for what, some in tally.reasons.items():
            reasons.update({(what, reason): amount for reason, amount in some.items()})
        own = fresh.get(tally.source)
        outlets.append(
            {
                "name": room.name_of(tally.source),
                "address": addresses.outlet(tally.source) if tally.source else None,
                "amounts": [tally.amounts[what] for what in COLUMNS],
                "stored": tally.amounts["stored"],
                "traffic": [tally.amounts[what] for what in TRAFFIC if what != "bytes"],
                "megabytes": round(tally.amounts["bytes"] / 1e6, 1),
                "age": lasting(asked.language, own.median) if own else None,
            }
        )
    outlets.sort(key=lambda row: (-row["stored"], row["name"] or ""))
    return Page(
        "run.html",
        {
            "run": _row(asked, run),
            "asked_for": run["sources"],
            "outlets": outlets,
            "columns": COLUMNS,
            "totals": [sum(row["amounts"][place] for row in outlets) for place in range(len(COLUMNS))],
            "reasons": reasons.most_common(),
            "met": met,
            "names": room.outlet_names(),
            "article": addresses.article,
        },
    )


def _row(asked: Asked, run: dict[str, Any]) -> dict[str, Any]:
    tallies = sum_up(run["counts"])
    totals: Counter[str] = Counter()
    for tally in tallies:
        totals.update(tally.amounts)
    return {
        "id": run["id"],
        "command": run["command"],
        "began": local(run["started_at"]),
        "ended": local(run["finished_at"]),
        "took": _took(asked, run["started_at"], run["finished_at"]),
        "reason": run["reason"],
        "outlets": len(tallies),
        "amounts": [totals[what] for what in COLUMNS],
        "stored": totals["stored"],
    }


def _took(asked: Asked, began: str, ended: str | None) -> str | None:
    try:
        seconds = (
            (datetime.fromisoformat(ended) - datetime.fromisoformat(began)).total_seconds() if ended else None
        )
    except (TypeError, ValueError):
        return None
    return None if seconds is None else lasting(asked.language, seconds)

"""The front page: a search with its filters, what it found, and how often each filter's values are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlite_utils import Database

from crawler.errors import QuestionError
from crawler.reading_room.answering import Asked, Page
from crawler.reading_room.room import Room, TooSlowError
from pipelines.database.asking.facets import count_facets
from pipelines.database.asking.filters import Filters
from pipelines.database.asking.search import Answer, Order, search, survey
from pipelines.database.asking.words import read_question

HITS = 20
COUNTED = 500
#: So many of the first answers are looked at to count what they have in common.

FILTERS = ("source", "place", "author", "section", "language")
PERIODS: Mapping[str, timedelta | None] = {"today": None, "7d": timedelta(days=7), "30d": timedelta(days=30)}


@dataclass(slots=True, frozen=True)
class Wanted:
    """A search as its address states it."""

    words: str
    order: Order
    fold: bool
    period: str
    filters: Filters

    def arguments(self) -> dict[str, Any]:
        """As :func:`pipelines.database.asking.search.search` takes them."""
        return {"words": self.words, "order": self.order, "fold": self.fold, **self.filters}


@dataclass(slots=True, frozen=True)
class _Found:
    answer: Answer
    facets: Mapping[str, list[tuple[str, int]]] = field(default_factory=dict)
    #: On the first page alone: what they are counted in begins there.

    counted: int = 0
    all_counted: bool = False


def read_wanted(room: Room, asked: Asked) -> Wanted:
    """The search that an address states; :class:`QuestionError` where it names a time or order of none."""
    order, period = asked.get("sort") or "best", asked.get("when")
    if order not in {"best", "newest"}:
        raise QuestionError("sort is best or newest")
    if period not in {"", "range", *PERIODS}:
        raise QuestionError(f"when is one of {', '.join(PERIODS)} or range")
    filters: dict[str, Any] = {name: asked.get(name) for name in FILTERS}
    filters |= _period(room, asked, period)
    wanted: Any = {name: value for name, value in filters.items() if value}
    ordered: Order = "best" if order == "best" else "newest"
    return Wanted(asked.get("q"), ordered, asked.get("copies") != "1", period, wanted)


def _period(room: Room, asked: Asked, period: str) -> dict[str, str]:
    if period in {"", "range"}:
        return {"since": asked.get("since"), "until": asked.get("until")}
    now, age = room.now(), PERIODS[period]
    return {"since": now.date().isoformat() if age is None else (now - age).isoformat(timespec="seconds")}


async def search_page(room: Room, asked: Asked) -> Page:
    """What was searched for; where the question does not hold, its form with what is to be mended."""
    form = {
        "names": room.outlet_names(),
        "outlets": await room.outlets(),
        "periods": ("", *PERIODS, "range"),
        "filters": FILTERS,
        "feed": asked.address("/search.atom", after=None, lang=None),
    }
    try:
        wanted = read_wanted(room, asked)
        found = await room.ask(lambda db: _find(db, wanted, asked.get("after") or None))
    except TooSlowError as error:
        return Page("search.html", form | _nothing(str(error)), 503)
    except QuestionError as error:
        return Page("search.html", form | _nothing(str(error)), 400)
    values = {
        "wanted": wanted,
        "named": read_question(wanted.words).filters,
        "found": found,
        "chosen": [name for name in (*FILTERS, "since", "until") if asked.get(name)],
        "error": None,
    }
    return Page("search.html", form | values)


def _nothing(error: str) -> dict[str, Any]:
    return {"wanted": None, "found": None, "chosen": [], "error": error}


def _find(db: Database, wanted: Wanted, after: str | None) -> _Found:
    if after is not None:
        return _Found(search(db, limit=HITS, after=after, **wanted.arguments()))
    seen = survey(db, limit=HITS, most=COUNTED, **wanted.arguments())
    return _Found(seen.page, count_facets(db, seen.ids), len(seen.ids), seen.whole)

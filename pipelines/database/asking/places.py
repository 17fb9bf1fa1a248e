"""Where stories are written from: the places of datelines over time; reads only.

A place is what its spellings have in common: ``JAKARTA`` and ``Jakarta`` are one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from sqlite_utils import Database

from pipelines.database.asking.periods import STEP_OF, Period
from pipelines.database.connection import database_errors
from pipelines.database.fingerprints import fold
from pipelines.database.records import MAX_INTEGER

MOST_READ = 10_000
#: Of so many stories of a place, the newest of a period, outlets and authors are counted.


@dataclass(slots=True)
class Place:
    """A place, and the stories with it in their dateline within a period."""

    id: int
    #: The lowest number among its spellings.

    name: str
    #: The spelling that is met most.

    spellings: list[str]
    counts: list[int] = field(default_factory=list)
    #: Stories in each step of the period.

    @property
    def stories(self) -> int:
        return sum(self.counts)


@dataclass(slots=True, frozen=True)
class Writing:
    """Who writes from a place within a period."""

    read: int
    #: Of how many stories this was counted.

    whole: bool
    #: Whether those are all of the period.

    outlets: list[tuple[str | None, int]]
    authors: list[tuple[int, str, int]]
    #: Author's number, name, stories. Both lists with the most first.


def places(db: Database, period: Period, limit: int) -> tuple[list[Place], int]:
    """The places with most stories in the period, and how many places have any."""
    with database_errors(db):
        counted = _counted(db, "1", period, {})
    return counted[:limit], len(counted)


def place(db: Database, place_id: int, period: Period) -> Place | None:
    """The place that has this number, or one of whose spellings has; null where none does."""
    named = {"place": min(place_id, MAX_INTEGER)}
    same = "folded = (SELECT folded FROM places WHERE id = :place)"
    with database_errors(db):
        spellings = db.conn.execute(
            f"SELECT id, name FROM places WHERE {same} ORDER BY id",  # noqa: S608
            named,
        ).fetchall()
        found = _counted(db, same, period, named)
    if not spellings:
        return None
    number, names = spellings[0][0], [name for _, name in spellings]
    return Place(
        number, found[0].name if found else names[0], names, found[0].counts if found else period.series(())
    )


def writing(db: Database, place: Place, period: Period, limit: int) -> Writing:
    """Which outlets and authors write from a place, at most *limit* of each."""
    newest = """
        WITH newest AS MATERIALIZED (
            SELECT a.id FROM json_each(:names) AS spelling
            CROSS JOIN articles AS a ON a.dateline_place = spelling.value
                AND a.published_utc >= :since AND a.published_utc < :before
            ORDER BY a.published_utc DESC LIMIT :most
        )
    """
    parameters = {**period.bounds, "names": json.dumps(place.spellings), "most": MOST_READ, "limit": limit}
    with database_errors(db):
        outlets = db.conn.execute(
            f"""
            {newest} SELECT facts.source, count(*) FROM newest
            CROSS JOIN articles AS facts INDEXED BY articles_facts ON facts.id = newest.id
            GROUP BY facts.source ORDER BY 2 DESC, 1 LIMIT :limit
            """,  # noqa: S608
            parameters,
        ).fetchall()
        authors = db.conn.execute(
            f"""
            {newest} SELECT names.id, names.name, count(*) FROM newest
            CROSS JOIN article_authors AS link ON link.article_id = newest.id AND link.role = 'author'
            JOIN authors AS names ON names.id = link.author_id
            GROUP BY names.id ORDER BY 3 DESC, 2 LIMIT :limit
            """,  # noqa: S608
            parameters,
        ).fetchall()
    read = min(place.stories, MOST_READ)
    return Writing(read, read == place.stories, outlets, authors)


def find_places(db: Database, words: str, limit: int) -> list[tuple[int, str]]:
    """Number and name of places that hold these words, the shortest names first, a place once."""
    with database_errors(db):
        return db.conn.execute(
            """
            SELECT min(id), name FROM places WHERE :words != '' AND instr(folded, :words) GROUP BY folded
            ORDER BY length(folded), folded LIMIT :limit
            """,
            {"words": fold(words), "limit": limit},
        ).fetchall()


def _counted(db: Database, which: str, period: Period, parameters: dict[str, int]) -> list[Place]:
    """Places with stories in the period, those with most first; *which* is a condition on their rows."""
    found: dict[str, dict[tuple[int, str], list[tuple[int, int]]]] = {}
    for number, name, folded, step, count in db.conn.execute(
        f"""
        SELECT spelling.id, name, folded, {STEP_OF.format(moment="a.published_utc")} AS step, count(*)
        FROM (SELECT id, name, folded FROM places WHERE {which}) AS spelling
        CROSS JOIN articles AS a ON a.dateline_place = spelling.name
            AND a.published_utc >= :since AND a.published_utc < :before
        GROUP BY spelling.id, step
        """,  # noqa: S608
        {**period.steps, **parameters},
    ):
        found.setdefault(folded, {}).setdefault((number, name), []).append((step, count))
    places = []
    for same in found.values():
        totals = {spelling: sum(count for _, count in counts) for spelling, counts in same.items()}
        most = max(totals, key=lambda spelling: (totals[spelling], -spelling[0]))
        counts = [pair for counted in same.values() for pair in counted]
        names = [name for _, name in sorted(same)]
        places.append(Place(min(same)[0], most[1], names, period.series(counts)))
    return sorted(places, key=lambda one: (-one.stories, one.name))

"""How a search is carried out: which articles are looked at, in which order, and where looking ends.

A plan gives *candidates*: at least all answers, in the order asked for. They are looked at in small lots
until a page is full. Which plan is quick depends on what is rare.

Newest first: few articles have the words, or few fit a filter that has an index, and those are sorted; else
articles are walked by time, and the words looked up for each lot, which finds common words at once, at most
``MOST_LOOKED`` a page.

Best first: bm25 has to see every match. Of the narrowest filter the newest ``MOST_FITTING`` articles are
ranked; without one all matches, or the ``MOST_RANKED`` that were stored last.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from sqlite_utils import Database

from pipelines.database.asking.filters import Conditions
from pipelines.database.asking.folding import without_copies
from pipelines.database.asking.paging import Place

FEW = 5_000
#: So many articles are sorted at once.

MOST_RANKED = 5_000
MOST_FITTING = 20_000
#: So many articles of a filter are searched for the words and ranked.

MOST_LOOKED = 30_000
_LOT, _LARGEST_LOT = 64, 2_048
_GAP = 500
#: Ids of a lot that lie no further apart are looked up in the index together.


@dataclass(slots=True, frozen=True)
class Candidate:
    """An article that may be an answer, and where it stands in the order."""

    article_id: int
    published: str | None = None
    score: float | None = None
    matches: bool = False
    #: Whether the words are known to be there: they need not be looked up again.


@dataclass(slots=True)
class Search:
    """One question: what is asked of the index and of the articles."""

    db: Database
    words: str | None
    #: FTS5 expression; null where no words are asked for.

    unwanted: str | None
    #: FTS5 expression of what must not be there, where no words are asked for.

    wanted: Conditions
    fold: bool
    at_once: bool = False
    #: Whether the expression is dear to begin (a prefix is gathered whole): ask it once, not for each lot.

    _listed: set[int] | None = None

    def matching(self, ids: Iterable[int]) -> set[int]:
        """Those of *ids* that have the words."""
        if self.words is None:
            unwanted = self._among(self.unwanted, ids) if self.unwanted else set()
            return set(ids) - unwanted
        return self._among(self.words, ids)

    def _among(self, expression: str, ids: Iterable[int]) -> set[int]:
        if self.at_once:
            if self._listed is None:
                rows = self.db.conn.execute(
                    "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", (expression,)
                )
                self._listed = {rowid for (rowid,) in rows}
            return self._listed & set(ids)
        asked = sorted(ids)
        found: set[int] = set()
        for first, last in _ranges(asked):
            rows = self.db.conn.execute(
                "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ?",
                (expression, first, last),
            )
            found |= {rowid for (rowid,) in rows}
        return found & set(asked)

    def fitting(self, lot: Sequence[Candidate]) -> set[int]:
        """The ids of those that the filters leave, have the words, and stand for their story."""
        ids = [candidate.article_id for candidate in lot]
        if self.wanted.named or self.wanted.period:
            rows = self.db.conn.execute(
                f"""
                SELECT a.id FROM json_each(:ids) AS asked
                CROSS JOIN articles AS a INDEXED BY articles_facts ON a.id = asked.value
                WHERE {self.wanted.all_of()}
                """,  # noqa: S608
                self.wanted.parameters | {"ids": json.dumps(ids)},
            )
            ids = [article_id for (article_id,) in rows]
        known = {candidate.article_id for candidate in lot if candidate.matches}
        left = known.intersection(ids) | self.matching(set(ids) - known)
        return without_copies(self.db, list(left), self.wanted, self.matching) if self.fold and left else left


@dataclass(slots=True)
class Looked:
    """What looking at candidates came to."""

    found: list[Candidate]
    last: Candidate | None = None
    #: The last that was looked at, where there may be more behind it; null at the end of the candidates.

    amount: int = 0


def look(search: Search, candidates: Iterator[Candidate], limit: int) -> Looked:
    """The first answers among the candidates: *limit* of them, or as many as ``MOST_LOOKED`` gave."""
    looked = Looked([])
    size = _LOT
    while lot := list(islice(candidates, size)):
        fits = search.fitting(lot)
        for candidate in lot:
            if candidate.article_id in fits:
                looked.found.append(candidate)
            if len(looked.found) == limit:
                looked.last = candidate
                return looked
        looked.amount += len(lot)
        looked.last = lot[-1]
        if looked.amount >= MOST_LOOKED:
            return looked
        size = min(2 * size, _LARGEST_LOT)
    looked.last = None
    return looked


def newest_candidates(search: Search, after: Place | None) -> Iterator[Candidate]:
    """By time, newest first, those without a time last; ids settle what is equal, later ones first."""
    if search.words is not None and (ids := few_by_words(search.db, search.words)) is not None:
        return _sorted(search, "SELECT value AS id FROM json_each(:few)", after, few=json.dumps(ids))
    narrowest = narrowest_filter(search, FEW)
    if narrowest and narrowest.whole:
        return _sorted(search, narrowest.ids, after)
    return _walk(search, after)


def best_candidates(
    search: Search, after: Place | None, floor: int, narrowest: Narrowest | None
) -> list[Candidate]:
    """By bm25, best first, behind *after*; ids settle what is equal, later ones first.

    Ranked are the articles of the *narrowest* filter, or those down to the id *floor*.

    Each article that is stored shifts all scores a little, so the page begins behind the article that the
    one before ended with, by its score of now, and by that of then only where it matches no more.
    """
    few, among = "", "f.rowid >= :floor"
    if narrowest is not None:
        few = f"WITH few AS MATERIALIZED ({narrowest.ids})"
        # The plus keeps SQLite from asking the index for each id of the list.
        among = """
            f.rowid BETWEEN (SELECT min(id) FROM few) AND (SELECT max(id) FROM few)
            AND +f.rowid IN (SELECT id FROM few)
        """
    rows = search.db.conn.execute(
        f"{few} SELECT f.rowid, f.rank FROM articles_fts AS f WHERE articles_fts MATCH :words AND {among}",  # noqa: S608
        {**search.wanted.parameters, "words": search.words, "floor": floor},
    )
    ranked = sorted((rank, -rowid) for rowid, rank in rows)
    if after is not None:
        end = next((key for key in ranked if key[1] == -after.article_id), (after.score, -after.article_id))
        ranked = [key for key in ranked if key > end]
    return [Candidate(-minus, score=rank, matches=True) for rank, minus in ranked]


def ranking_floor(search: Search) -> int:
    """The id of the match down to which ``MOST_RANKED`` are ranked; 0 where there are not so many."""
    row = search.db.conn.execute(
        """
        SELECT rowid FROM articles_fts WHERE articles_fts MATCH :words ORDER BY rowid DESC
        LIMIT 1 OFFSET :most
        """,
        {"words": search.words, "most": MOST_RANKED},
    ).fetchone()
    return int(row[0]) + 1 if row else 0


def few_by_words(db: Database, words: str) -> list[int] | None:
    """The ids of all articles that match, where they are at most ``FEW``; null where they are more."""
    rows = db.conn.execute(
        "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?", (words, FEW + 1)
    ).fetchall()
    return [rowid for (rowid,) in rows] if len(rows) <= FEW else None


@dataclass(slots=True, frozen=True)
class Narrowest:
    """The filter that leaves the fewest articles."""

    ids: str
    #: A SELECT of their ids: of the newest of them, where they are more than were counted.

    whole: bool
    #: Whether those are all.


def narrowest_filter(search: Search, most: int) -> Narrowest | None:
    """The filter that leaves the fewest articles, *most* at most; null where no filter has an index.

    Each filter is counted alone, in its index, up to the least that was found.
    """
    wanted = search.wanted
    period = " AND ".join(wanted.period).format(a="d")
    alone = [condition.format(a="d") for name, condition in wanted.named.items() if name != "language"]
    # An author's articles are listed by id: the time is looked at later.
    parts = [part if "d.id IN" in part or not period else f"{part} AND {period}" for part in alone]
    least, best = most + 1, None
    for part in [*parts, *([period] if period else [])]:
        listing = f"SELECT d.id FROM articles AS d WHERE {part}"  # noqa: S608
        counted = f"SELECT count(*) FROM ({listing} LIMIT :most)"  # noqa: S608
        (amount,) = search.db.conn.execute(counted, wanted.parameters | {"most": least}).fetchone()
        if amount < least or best is None:
            least, best = amount, listing
    if best is None:
        return None
    if least <= most:
        return Narrowest(best, whole=True)
    return Narrowest(f"{best} ORDER BY d.published_utc DESC LIMIT {most}", whole=False)


def _sorted(search: Search, ids: str, after: Place | None, *, few: str = "") -> Iterator[Candidate]:
    """Those of the SELECT *ids*; *few*, where it is given, lists those that have the words."""
    dated, undated = _behind(after)
    rows = search.db.conn.execute(
        f"""
        SELECT a.id, a.published_utc FROM ({ids}) AS few
        CROSS JOIN articles AS a INDEXED BY articles_facts ON a.id = few.id
        WHERE {search.wanted.all_of()} AND ({dated} OR a.published_utc IS NULL AND {undated})
        ORDER BY a.published_utc DESC, a.id DESC
        """,  # noqa: S608
        search.wanted.parameters | _place(after) | {"few": few},
    )
    return (Candidate(article_id, published, matches=bool(few)) for article_id, published in rows)


def _walk(search: Search, after: Place | None) -> Iterator[Candidate]:
    """Along the index that fits: an outlet's or a section's articles by time, or all."""
    wanted = search.wanted
    lanes = [wanted.named[name] for name in ("source", "section") if name in wanted.named][:1]
    lane = " AND ".join([*lanes, *wanted.period, "1"]).format(a="a")
    dated, undated = _behind(after)
    stages = (f"a.published_utc IS NOT NULL AND {dated}", f"a.published_utc IS NULL AND {undated}")
    parameters = wanted.parameters | _place(after)
    rows = chain.from_iterable(
        search.db.conn.execute(
            f"""
            SELECT a.id, a.published_utc FROM articles AS a WHERE {lane} AND {stage}
            ORDER BY a.published_utc DESC, a.id DESC
            """,  # noqa: S608
            parameters,
        )
        for stage in stages
    )
    return (Candidate(article_id, published) for article_id, published in rows)


def _behind(after: Place | None) -> tuple[str, str]:
    """What stands behind a place in the order of time: conditions on those with a time and those without."""
    if after is None:
        return "1", "1"
    if after.published is None:
        return "0", "a.id < :after_id"
    return "(a.published_utc <= :after_utc AND (a.published_utc < :after_utc OR a.id < :after_id))", "1"


def _place(after: Place | None) -> dict[str, str | int]:
    return {} if after is None else {"after_id": after.article_id, "after_utc": after.published or ""}


def _ranges(ids: list[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for article_id in ids:
        if first is None or last is None:
            first = last = article_id
        elif article_id - last <= _GAP:
            last = article_id
        else:
            yield first, last
            first = last = article_id
    if first is not None and last is not None:
        yield first, last

"""Stories of a batch that nothing stored is like, by address or by text: written together, table by table.

Runs inside the writer's transaction. What is like something that the database knows is recognised and
written one by one (:mod:`pipelines.database.recognition`, :mod:`pipelines.database.stories`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from sqlite_utils import Database

from crawler.items import Visit
from pipelines.database import frontier, runs
from pipelines.database.copies import clusters
from pipelines.database.copies.passages import copy_keys
from pipelines.database.fetches import write_fetches
from pipelines.database.recognition import Page, read_page
from pipelines.database.records import to_utc, write_parts
from pipelines.database.stories import columns_of

ASKED_AT_ONCE = 250
#: Values in one question for those that are stored.


@dataclass(slots=True, frozen=True)
class PreparedVisit:
    """A visit, read as far as that goes without the database."""

    visit: Visit
    page: Page
    columns: dict[str, Any]
    #: Those of ``articles`` that the page decides.

    keys: list[int]
    #: Under which near copies of its text are found.


def prepare(visits: Iterable[Visit]) -> list[PreparedVisit]:
    """Read visits; uses no database, so that another thread can do it."""
    pages = [(visit, read_page(visit)) for visit in visits]
    return [PreparedVisit(visit, page, columns_of(page), copy_keys(page.words)) for visit, page in pages]


def groups(visits: Iterable[Visit], most: int, seconds: float) -> Iterator[list[Visit]]:
    """Visits that are one batch: *most* of them, or as many as come in these seconds."""
    group: list[Visit] = []
    begun = monotonic()
    for visit in visits:
        group.append(visit)
        if len(group) >= most or monotonic() - begun >= seconds:
            yield group
            group, begun = [], monotonic()
    if group:
        yield group


class Unlike:
    """Tells which visits of a batch nothing is like: nothing stored, and none that came before in it."""

    def __init__(self, db: Database, group: Sequence[PreparedVisit]) -> None:
        addresses = [key for one in group for key in one.page.addresses]
        texts = [one.page.fingerprint for one in group if one.page.fingerprint is not None]
        self._addresses = set(_stored(db, "aliases", "url_key", addresses))
        self._texts = {text for table in _WITH_TEXTS for text in _stored(db, table, "text_hash", texts)}

    def meets(self, page: Page) -> bool:
        """Whether nothing is like a page; the next ones are compared with it, too."""
        unlike = page.fingerprint not in self._texts and self._addresses.isdisjoint(page.addresses)
        self._addresses.update(page.addresses)
        if page.fingerprint is not None:
            self._texts.add(page.fingerprint)
        return unlike


class NewStories:
    """Collects stories that nothing is like, until they are written."""

    def __init__(self, db: Database, run: int | None) -> None:
        self._db = db
        self._run = run
        self._last_id: int | None = None
        self._stories: dict[int, _Story] = {}

    def add(self, prepared: PreparedVisit, pages: Sequence[int], now: str) -> int:
        """Take a story in; the id that its article will have. *pages*: its kept ones, by number."""
        if self._last_id is None:
            (self._last_id,) = self._db.conn.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()
        self._last_id += 1
        seen = to_utc(prepared.visit.fetch.fetched_at) or now
        self._stories[self._last_id] = _Story(prepared, pages, seen)
        return self._last_id

    def write(self) -> None:
        """Write what was collected."""
        if not self._stories:
            return
        prepared = {article_id: story.prepared for article_id, story in self._stories.items()}
        self._write_articles()
        write_parts(self._db, {article_id: one.page.record for article_id, one in prepared.items()})
        self._write_addresses()
        fetches = ((i, story.prepared.visit.fetch, story.pages) for i, story in self._stories.items())
        write_fetches(self._db, fetches, self._run, outcome="new")
        clusters.add_all_unheard(self._db, {i: (one.page.text, one.keys) for i, one in prepared.items()})
        if self._run is not None:
            stored = Counter(one.visit.article.source for one in prepared.values())
            for source, amount in stored.items():
                runs.add_count(self._db, self._run, source, "stored", amount=amount)
        self._stories = {}
        self._last_id = None

    def _write_articles(self) -> None:
        rows = [
            story.prepared.columns
            | {"id": article_id, "first_seen": story.seen, "last_seen": story.seen, "run_id": self._run}
            for article_id, story in self._stories.items()
        ]
        names, marks = ", ".join(rows[0]), ", ".join("?" * len(rows[0]))
        insert = f"INSERT INTO articles ({names}) VALUES ({marks})"  # noqa: S608
        self._db.conn.executemany(insert, [tuple(row.values()) for row in rows])
        first: dict[str, tuple[str, str, str]] = {}
        for row in rows:
            if slug := row["source"]:
                first.setdefault(slug, (slug, row["site"], row["first_seen"]))
        self._db.conn.executemany(
            "INSERT INTO outlets (slug, site, first_seen) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [*first.values()],
        )

    def _write_addresses(self) -> None:
        rows, ended = [], []
        for article_id, story in self._stories.items():
            for key, why in story.prepared.page.addresses.items():
                rows.append((key, article_id, why))
                ended.append((key, story.seen))
        self._db.conn.executemany("INSERT INTO aliases VALUES (?, ?, ?)", sorted(rows))
        frontier.settle_keys(self._db, sorted(ended), "done")


@dataclass(slots=True, frozen=True)
class _Story:
    prepared: PreparedVisit
    pages: Sequence[int]
    seen: str
    #: Time of the visit, ISO 8601 in UTC.


_WITH_TEXTS = ("articles", "versions", "texts")


def _stored(db: Database, table: str, column: str, values: Iterable[Any]) -> Iterator[Any]:
    """Those of some values that a column holds."""
    ordered = sorted(values)
    marks = ", ".join("?" * ASKED_AT_ONCE)
    query = f"SELECT {column} FROM {table} WHERE {column} IN ({marks})"  # noqa: S608
    for start in range(0, len(ordered), ASKED_AT_ONCE):
        some = ordered[start : start + ASKED_AT_ONCE]
        some += [None] * (ASKED_AT_ONCE - len(some))
        yield from (value for (value,) in db.conn.execute(query, some))

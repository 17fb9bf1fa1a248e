"""Which stored articles are to be asked for again, and with what; reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from pipelines.database.asking.filters import conditions
from pipelines.database.fetches import last_answer, last_outcome
from pipelines.database.witnesses import witnesses

LEAST_HOURS = 1.0
#: After its first visit an article is let be for so long.

_LEAST = timedelta(hours=LEAST_HOURS)

MOST = 2_000
#: Articles of one outlet in one run.


@dataclass(slots=True, frozen=True)
class Revisit:
    """A stored article and what its server gave to ask again cheaply."""

    article_id: int
    url: str
    etag: str | None
    last_modified: str | None
    content_hash: str | None
    #: Null where the story has several pages: the first of them says nothing of the others.


def due(db: Database, source: str, days: float) -> list[Revisit]:
    """Articles of an outlet published in the last *days* whose time has come, the newest first.

    An article is asked for again when as much time has passed since its last visit as lay between its
    publication and that visit, and an hour at least: a story that was met at once after 1, 2, 4, 8… hours.
    What has no date, or was gone at the last visit, is let be. A few may come with them as witnesses of the
    outlet's layout.
    """
    rows = db.conn.execute(
        """
        SELECT id, url, pages FROM articles
        WHERE source = :source AND published_utc >= strftime('%Y-%m-%dT%H:%M:%SZ', :now, :days)
        AND (julianday(:now) - julianday(last_seen)) * 24
            >= max(:least, (julianday(last_seen) - julianday(published_utc)) * 24)
        ORDER BY published_utc DESC LIMIT :most
        """,
        {"source": source, "now": _now(), "days": f"-{days} days", "least": LEAST_HOURS, "most": MOST},
    ).fetchall()
    rows += witnesses(db, source, {article for article, *_ in rows}, datetime.now(UTC))
    found = (_with_validators(db, *row) for row in rows)
    return [revisit for revisit in found if revisit is not None]


def since(db: Database, source: str, moment: str) -> list[Revisit]:
    """All articles of an outlet published since a moment (ISO 8601), in order of first sight."""
    wanted = conditions({"source": source, "since": moment})
    rows = db.conn.execute(
        f"SELECT a.id, a.url, a.pages FROM articles a WHERE {wanted.all_of()} ORDER BY a.id",  # noqa: S608
        wanted.parameters,
    ).fetchall()
    found = (_with_validators(db, *row, even_if_gone=True) for row in rows)
    return [revisit for revisit in found if revisit is not None]


def _with_validators(
    db: Database, article_id: int, url: str, pages: int, *, even_if_gone: bool = False
) -> Revisit | None:
    if not even_if_gone and (last := last_outcome(db, article_id, url)) is not None:
        outcome, fetched_at = last
        # A visit in vain is a visit, too: a server in trouble is not asked with every run.
        if outcome == "gone" or datetime.now(UTC) - datetime.fromisoformat(fetched_at) < _LEAST:
            return None
    answer = last_answer(db, article_id, url)
    return Revisit(
        *(article_id, url, answer.etag, answer.last_modified), answer.content_hash if pages == 1 else None
    )


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"

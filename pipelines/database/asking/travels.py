"""How stories travel: clusters of a period by size and spread, and the way of one of them; reads only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from sqlite_utils import Database

from pipelines.database.asking.periods import Period
from pipelines.database.connection import database_errors
from pipelines.database.records import MAX_INTEGER

MOST_RANKED = 1_000
#: So many clusters, the largest of a period, are ranked by their spread.

MOST_MEMBERS = 500
#: So many articles of one cluster are listed, in order of publication.

RankedBy = Literal["articles", "outlets"]


@dataclass(slots=True, frozen=True)
class Travelled:
    """A story that several articles of a period tell."""

    id: int
    #: Of its cluster.

    articles: int
    outlets: int
    #: Of the period, as are both moments.

    first: str
    last: str
    #: When the first and the last of them were published; ISO 8601, UTC.

    headline: str
    outlet: str | None
    original_id: int
    #: The article whose story it is, whenever that was published.


@dataclass(slots=True, frozen=True)
class Stop:
    """An article of a story on its way."""

    article_id: int
    outlet: str | None
    headline: str
    published: str | None
    #: As published, with its offset.

    published_utc: str | None
    seconds: int | None
    #: After the first that was published; null without a time.

    relation: str | None
    #: As in ``cluster_members``; null for the original.

    shared: float
    of_original: float


@dataclass(slots=True, frozen=True)
class Way:
    """A story and where it stood, in order of publication."""

    id: int
    articles: int
    outlets: int
    #: Of those that are listed.

    first_id: int
    original_id: int
    headline: str
    evidence: dict[str, Any]
    #: As in ``clusters``.

    stops: list[Stop]
    #: At most ``MOST_MEMBERS``.


def travelled(
    db: Database, period: Period, *, by: RankedBy = "articles", limit: int = 50, offset: int = 0
) -> tuple[list[Travelled], int]:
    """The clusters with most articles, or outlets, in a period, and how many can be paged through.

    A story counts by what was published of it within the period; one article makes none.
    """
    with database_errors(db):
        ranked = db.conn.execute(
            """
            WITH largest AS MATERIALIZED (
                SELECT
                    cluster_id, count(*) AS articles, min(published_utc) AS first,
                    max(published_utc) AS last
                FROM cluster_members INDEXED BY cluster_members_by_time
                WHERE published_utc >= :since AND published_utc < :before
                GROUP BY cluster_id HAVING count(*) > 1
                ORDER BY articles DESC, cluster_id DESC LIMIT :ranked
            )
            SELECT largest.*, count(DISTINCT coalesce(facts.source, '')) AS outlets FROM largest
            CROSS JOIN cluster_members AS member ON member.cluster_id = largest.cluster_id
                AND member.published_utc >= :since AND member.published_utc < :before
            CROSS JOIN articles AS facts INDEXED BY articles_facts ON facts.id = member.article_id
            GROUP BY largest.cluster_id
            """,
            {**period.bounds, "ranked": MOST_RANKED},
        ).fetchall()
        ranked.sort(key=lambda row: (row[4], row[1]) if by == "outlets" else (row[1], row[4]), reverse=True)
        found = []
        for cluster_id, articles, first, last, outlets in ranked[offset : offset + limit]:
            headline, outlet, original_id = db.conn.execute(
                """
                SELECT headline, source, original_id FROM clusters
                JOIN articles ON articles.id = original_id WHERE clusters.id = ?
                """,
                (cluster_id,),
            ).fetchone()
            found.append(Travelled(cluster_id, articles, outlets, first, last, headline, outlet, original_id))
    return found, len(ranked)


def way(db: Database, cluster_id: int) -> Way | None:
    """How one story travelled; null where there is no such cluster."""
    with database_errors(db):
        cluster = db.conn.execute(
            """
            SELECT clusters.id, clusters.articles, first_id, original_id, headline, clusters.evidence
            FROM clusters JOIN articles ON articles.id = original_id WHERE clusters.id = ?
            """,
            (min(cluster_id, MAX_INTEGER),),
        ).fetchone()
        if cluster is None:
            return None
        rows = db.conn.execute(
            """
            SELECT
                a.id, a.source, a.headline, a.published, member.published_utc,
                unixepoch(member.published_utc) - min(unixepoch(member.published_utc)) OVER (),
                relation, shared, of_original
            FROM cluster_members AS member JOIN articles AS a ON a.id = member.article_id
            WHERE cluster_id = ?
            ORDER BY member.published_utc IS NULL, member.published_utc, relation IS NOT NULL, a.id LIMIT ?
            """,
            (cluster_id, MOST_MEMBERS),
        ).fetchall()
    *facts, evidence = cluster
    stops = [Stop(*row) for row in rows]
    number, articles, first_id, original_id, headline = facts
    outlets = len({stop.outlet for stop in stops})
    return Way(number, articles, outlets, first_id, original_id, headline, json.loads(evidence), stops)

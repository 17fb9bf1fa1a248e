"""Who else tells a story: an article's cluster, for people and programs. Reads only."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from pipelines.database.connection import database_errors


def cluster_of(db: Database, article_id: int) -> dict[str, Any] | None:
    """The cluster of an article; null where no other tells its story.

    Keys: ``id, articles, first_id, original_id, evidence`` as in docs/database.md and ``members``:
    ``[{id, source, url, headline, published, relation, shared, of_original}]``, the original first, then in
    order of publication.
    """
    with database_errors(db):
        rows = list(
            db.query(
                """
                SELECT clusters.* FROM clusters JOIN cluster_members ON cluster_id = clusters.id
                WHERE article_id = ?
                """,
                (article_id,),
            )
        )
        if not rows:
            return None
        members = db.query(
            """
            SELECT a.id, source, url, headline, published, relation, shared, of_original
            FROM cluster_members m JOIN articles a ON a.id = m.article_id WHERE cluster_id = ?
            ORDER BY relation IS NOT NULL, m.published_utc IS NULL, m.published_utc, a.id
            """,
            (rows[0]["id"],),
        )
        return rows[0] | {"evidence": json.loads(rows[0]["evidence"]), "members": list(members)}

"""Which rows of an answer are one story. What a story is stands here alone, and in the view ``stories``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from sqlite_utils import Database

from pipelines.database.asking.filters import Conditions

#: Of one story's articles that fit the filters the original stands for it, else the one stored first.
_RIVALS = """
WITH asked (id, cluster_id, original_id) AS (
    SELECT m.article_id, m.cluster_id, c.original_id
    FROM json_each(:ids) AS wanted
    CROSS JOIN cluster_members AS m ON m.article_id = wanted.value
    JOIN clusters AS c ON c.id = m.cluster_id
    WHERE m.article_id != c.original_id
)
SELECT asked.id, b.id
FROM asked CROSS JOIN articles AS b INDEXED BY articles_facts ON b.id = asked.original_id
WHERE {filters}
UNION ALL
SELECT asked.id, b.id
FROM asked
CROSS JOIN cluster_members AS other ON other.cluster_id = asked.cluster_id AND other.article_id < asked.id
CROSS JOIN articles AS b INDEXED BY articles_facts ON b.id = other.article_id
WHERE {filters}
"""


def without_copies(
    db: Database, ids: Sequence[int], wanted: Conditions, matching: Callable[[Iterable[int]], set[int]]
) -> set[int]:
    """Those of *ids* that stand for their story: no other article of it fits before them.

    *matching* tells which articles have the words; a copy's headline may have some that the original's
    has not.
    """
    sql = _RIVALS.format(filters=wanted.all_of("b"))
    parameters = wanted.parameters | {"ids": json.dumps(list(ids))}
    rivals = db.conn.execute(sql, parameters).fetchall()
    having = matching({rival for _, rival in rivals}) if rivals else set()
    return set(ids) - {member for member, rival in rivals if rival in having}

"""Which rows of an answer are one story. What a story is stands here alone, and in the view ``stories``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from sqlite_utils import Database

from pipelines.database.filters import Conditions

#: Of one story's articles that fit the filters the original stands for it, else the one stored first.
_RIVALS = """
WITH asked (id, story) AS (
    SELECT a.id, a.copy_of
    FROM json_each(:ids) AS wanted
    CROSS JOIN articles AS a INDEXED BY articles_facts ON a.id = wanted.value
    WHERE a.copy_of IS NOT NULL
)
SELECT asked.id, b.id
FROM asked CROSS JOIN articles AS b INDEXED BY articles_facts ON b.id = asked.story
WHERE {filters}
UNION ALL
SELECT asked.id, b.id
FROM asked CROSS JOIN articles AS b ON b.copy_of = asked.story AND b.id < asked.id
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

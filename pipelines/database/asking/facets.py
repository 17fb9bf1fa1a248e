"""What the articles of an answer have in common: outlets, places and so on, with how many of each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from pipelines.database.connection import database_errors

_COLUMN = """
SELECT min(a.{column}), count(*) AS amount
FROM json_each(:ids) AS asked CROSS JOIN articles AS a INDEXED BY articles_facts ON a.id = asked.value
WHERE a.{column} IS NOT NULL GROUP BY a.{column} COLLATE NOCASE ORDER BY amount DESC, 1 LIMIT :most
"""
_AUTHORS = """
SELECT names.name, count(*) AS amount
FROM json_each(:ids) AS asked
CROSS JOIN article_authors AS link ON link.article_id = asked.value AND link.role = 'author'
CROSS JOIN authors AS names ON names.id = link.author_id
GROUP BY names.id ORDER BY amount DESC, 1 LIMIT :most
"""
#: Filter (as in ``filters.Filters``) to the SELECT of its values and their amounts.
FACETS: Mapping[str, str] = {
    "source": _COLUMN.format(column="source"),
    "place": _COLUMN.format(column="dateline_place"),
    "section": _COLUMN.format(column="section"),
    "author": _AUTHORS,
    "language": _COLUMN.format(column="language"),
}


def count_facets(db: Database, ids: Sequence[int], *, most: int = 8) -> dict[str, list[tuple[str, int]]]:
    """For each filter its *most* frequent values among these articles, and how many have them.

    The work grows with the ids, not with the file: give those of the first some hundred answers.
    """
    parameters = {"ids": json.dumps(list(ids)), "most": most}
    with database_errors(db):
        return {
            name: [(value, amount) for value, amount in db.conn.execute(sql, parameters)]
            for name, sql in FACETS.items()
        }

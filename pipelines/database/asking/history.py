"""The history of a story: each change of its text, when it was met and what it was. Reads only."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sqlite_utils import Database

from pipelines.database.asking.differences import difference
from pipelines.database.connection import database_errors

_FIELDS = ("headline", "deck", "published", "modified", "body")


def history(db: Database, article_id: int) -> list[dict[str, Any]]:
    """Changes of an article, oldest first; none where its text was always the same.

    Keys: ``number`` (of the version that it ended), ``seen`` (when the text before was first met),
    ``replaced`` (when the new one was), ``run_id`` (the run that met it), ``changed`` (names of fields) and
    ``difference`` (field to pieces ``["=" | "-" | "+", text]``).
    """
    columns = ", ".join(_FIELDS)
    with database_errors(db):
        texts = list(
            db.query(
                f"""
                SELECT number, seen, replaced, run_id, {columns} FROM versions WHERE article_id = :id
                UNION ALL
                SELECT NULL, NULL, NULL, NULL, {columns} FROM articles WHERE id = :id
                ORDER BY number NULLS LAST
                """,  # noqa: S608
                {"id": article_id},
            )
        )
    changes = []
    for before, after in pairwise(texts):
        changed = [name for name in _FIELDS if before[name] != after[name]]
        changes.append(
            {name: before[name] for name in ("number", "seen", "replaced", "run_id")}
            | {"changed": changed}
            | {"difference": {name: difference(before[name], after[name]) for name in changed}}
        )
    return changes

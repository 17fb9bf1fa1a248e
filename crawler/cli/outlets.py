"""The outlet that a question names."""

from __future__ import annotations

from difflib import get_close_matches

from sqlite_utils import Database

from crawler.errors import SourceError
from crawler.sources import load_catalogue
from pipelines.database.asking import queries


def check_source(db: Database, slug: str | None) -> None:
    """SourceError where neither the database nor the catalogue knows the outlet: a slip, not an empty answer.

    A database may have outlets that are no longer declared, the catalogue such as are not crawled yet.
    """
    if not slug or queries.has_source(db, slug):
        return
    known = {*load_catalogue().sources, *(row["source"] or "" for row in queries.source_counts(db))}
    if slug in known:
        return
    near = get_close_matches(slug, sorted(known), n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "See `warta sources`."
    raise SourceError(f'There is no source "{slug}". {hint}')

"""How often an outlet's newest stories have each field; reads only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from pipelines.database.connection import database_errors

NEWEST = 1_000
#: So many stories are looked at, those that were met last.

FIELDS = {
    "date": "published IS NOT NULL",
    "time": "length(published) > 10",
    "authors": "EXISTS (SELECT 1 FROM article_authors WHERE article_id = newest.id AND role = 'author')",
    "place": "dateline_place IS NOT NULL",
    "section": "section IS NOT NULL",
    "language": "language IS NOT NULL",
    "deck": "deck IS NOT NULL",
    "tags": "tags != '[]'",
    "images": "images != '[]'",
    "whole": "complete = 1",
    "confident": "confidence >= 0.5",
}
#: Field to the SQL that tells whether a story has it; ``time`` is a time of day, ``whole`` that the story is
#: complete, ``confident`` that the reader trusts it by half at least.


@dataclass(slots=True, frozen=True)
class Filled:
    """Of how many stories how many have each field."""

    stories: int
    fields: dict[str, int]

    def shares(self) -> dict[str, float]:
        """Field to the share of stories that have it, 0 to 1; empty where there are no stories."""
        return {name: count / self.stories for name, count in self.fields.items()} if self.stories else {}


def filled(db: Database, source: str, *, newest: int = NEWEST) -> Filled:
    """The fields of an outlet's newest stories."""
    sums = ", ".join(f"coalesce(sum({has}), 0)" for has in FIELDS.values())
    with database_errors(db):
        stories, *counts = db.conn.execute(
            f"""
            SELECT count(*), {sums} FROM (
                SELECT
                    id, published, dateline_place, section, language, deck, tags, images, complete,
                    confidence
                FROM articles WHERE source = ? ORDER BY first_seen DESC LIMIT ?
            ) AS newest
            """,  # noqa: S608
            (source, newest),
        ).fetchone()
    return Filled(stories, dict(zip(FIELDS, counts, strict=True)))

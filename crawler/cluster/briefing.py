"""What the writer tells a crawl that begins: all that it has to know of its outlets. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlite_utils import Database

from pipelines.database.crawling import FileMemory
from pipelines.database.frontier import pending_after
from pipelines.database.lists import read_list
from pipelines.database.writer import Writer

MOST_PENDING = 2_000
#: URLs of an outlet that a crawl gets to know of at first; what waits behind them is for the next one.

MOST_LISTS = 5_000
#: Lists of an outlet, those that were asked for last: one that is left out is read in whole.


def brief(writer: Writer, sources: Sequence[str], run: int, revisit_days: float) -> dict[str, Any]:
    """The briefing in plain JSON types."""
    memory = FileMemory(writer)
    return {
        "run": run,
        "cut_short": memory.was_cut_short(sources, run),
        "pending": {
            source: [asdict(candidate) for _, candidate in pending_after(writer.db, source, 0, MOST_PENDING)]
            for source in sources
        },
        "lists": {
            url: asdict(state)
            for url in _lists_of(writer.db, sources)
            if (state := read_list(writer.db, url))
        },
        "revisits": {
            source: [
                [asdict(revisit), asdict(candidate)]
                for revisit, candidate in memory.due_again(source, revisit_days)
            ]
            for source in sources
            if revisit_days
        },
    }


def _lists_of(db: Database, sources: Sequence[str]) -> list[str]:
    urls = []
    for source in sources:
        rows = db.conn.execute(
            "SELECT url FROM lists WHERE source = ? ORDER BY checked_at DESC LIMIT ?", (source, MOST_LISTS)
        )
        urls += [url for (url,) in rows]
    return urls

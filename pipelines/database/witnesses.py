"""Which stored articles are asked for again so that a changed layout is seen at once; reads only.

With each crawl one whose record is full, so that a field which goes is missed; and where the last visits
missed something, a few more, so that it is known whether the outlet changed or one story.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from pipelines.database.losses import HAS, seen_again

MOST = 5
#: Articles that are asked for where something was missed.

_NEWEST = 40
#: They are chosen from so many that were met last.

_LEAST = 20
#: An outlet of fewer stories has no history to hold them against.

_LAST = 4
#: Visits; one of them must have missed something.

_ENOUGH = 6
#: Stories that lost something, of the last eight visits: then no more are needed.

_REST = timedelta(hours=1)

_FULL = " + ".join(f"({has})" for has in HAS)
#: How many fields an article ``a`` has.


def witnesses(db: Database, source: str, due: Collection[int], now: datetime) -> list[tuple[int, str, int]]:
    """Articles of an outlet to be asked for beside those that are *due*: id, URL and pages.

    None is asked for again within an hour.
    """
    rows = db.conn.execute(
        f"""
        SELECT id, url, pages, last_seen, {_FULL} AS full FROM articles AS a WHERE source = ?
        ORDER BY first_seen DESC LIMIT ?
        """,  # noqa: S608
        (source, _NEWEST),
    ).fetchall()
    if len(rows) < _LEAST:
        return []
    fullest = max(full for *_, full in rows)
    rested = f"{(now - _REST).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    visits = seen_again(db, source, newest=_NEWEST)
    lost = {visit.article_id for visit in visits[-8:] if visit.lost}
    may = [row for row in rows if row[0] not in due and row[3] <= rested and row[0] not in lost]
    may.sort(key=lambda row: row[4], reverse=True)  # stable: the newest of the full ones first
    if any(visit.lost for visit in visits[-_LAST:]) and len(lost) < _ENOUGH:
        return [row[:3] for row in may[:MOST]]
    if any(article in due and full == fullest for article, *_, full in rows):
        return []
    # The one that was asked for longest ago, so that none is asked for again and again.
    return [row[:3] for row in sorted(may, key=lambda row: (-row[4], row[3]))[:1]]

"""Hosts that blocked a crawl, and until when they are let be; written inside the writer's transaction."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(slots=True, frozen=True)
class Rest:
    """A host that is let be."""

    why: str
    until: str
    #: ISO 8601, UTC.

    times: int
    #: How often in a row it blocked.


def rests(db: Database) -> dict[str, Rest]:
    """Every host that blocked when it was last asked, also those whose rest is over."""
    rows = db.conn.execute("SELECT host, why, until, times FROM host_rests")
    return {host: Rest(*rest) for host, *rest in rows}


def write_rest(db: Database, host: str, rest: Rest, now: str) -> None:
    """Let a host be."""
    db.conn.execute(
        """
        INSERT INTO host_rests (host, why, since, until, times) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET
        why = excluded.why, since = excluded.since, until = excluded.until, times = excluded.times
        """,
        (host, rest.why, now, rest.until, rest.times),
    )


def end_rest(db: Database, host: str) -> None:
    """Forget that a host blocked: it answers again."""
    db.conn.execute("DELETE FROM host_rests WHERE host = ?", (host,))

"""How a cluster is doing, read from its Redis; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crawler.cluster.connection import CRAWLER, DUE, HOST, LEASE, STREAM, WRITER, away, check, connect, place
from crawler.errors import PageError


def read_status(url: str) -> dict[str, Any]:
    """What waits, who writes, what is leased and let alone, in plain JSON types.

    Raises PageError where Redis does not answer, SettingError where it refuses us.
    """
    client = connect(url)
    try:
        check(client, url)
        now = _moment(client.time())
        let_alone = {}
        for key in client.scan_iter(f"{HOST}*"):
            for name, value in client.hgetall(key).items():
                what, _, host = name.decode().partition(":")
                if what == "until" and float(value) > now:
                    let_alone[host] = float(value) - now
        return {
            "waiting": client.xlen(STREAM),
            "writer": (client.get(WRITER) or b"").decode() or None,
            "due": client.zcount(DUE, "-inf", now),
            "leased": dict(sorted(_leased(client))),
            "let_alone": dict(sorted(let_alone.items())),
        }
    except away() as error:
        raise PageError(f"the Redis at {place(url)} does not answer: {error}") from error
    finally:
        client.close()


def _leased(client: Any) -> Iterator[tuple[str, str | None]]:
    """Each leased site, and machine and process of the crawler that has it."""
    for key in client.scan_iter(f"{LEASE}*"):
        session = client.get(key)
        name = client.get(f"{CRAWLER}{session.decode()}") if session else None
        yield key.decode().removeprefix(LEASE), name.decode() if name else None


def _moment(time: tuple[int, int]) -> float:
    seconds, microseconds = time
    return seconds + microseconds / 1_000_000

"""What hosts asked for, kept in Redis, by its clock, so that it outlives the crawl that heard it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from crawler.cluster.connection import HOST
from crawler.cluster.leases import site_of_host

_KEPT_DAYS = 7

#: KEYS: the site. ARGV: host, seconds from now or '', delay or '', how long all of it is kept.
_NOTE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
if ARGV[2] ~= '' then
    local before = tonumber(redis.call('HGET', KEYS[1], 'until:' .. ARGV[1]) or '0')
    local moment = string.format('%.3f', math.max(before, now + ARGV[2]))
    redis.call('HSET', KEYS[1], 'until:' .. ARGV[1], moment)
end
if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], 'delay:' .. ARGV[1], ARGV[3]) end
redis.call('EXPIRE', KEYS[1], ARGV[4])
"""


@dataclass(slots=True)
class Asked:
    """What a host asked for."""

    delay: float = 0.0
    #: Seconds between two requests.

    not_before: float = 0.0
    #: Moment of this process's ``time.monotonic``.


async def note_host(client: Any, host: str, *, seconds: float | None, delay: float | None) -> None:
    """Keep that a host is to be let alone for so many seconds, or asks for such a delay."""
    arguments = [host, *("" if each is None else f"{each:.3f}" for each in (seconds, delay))]
    key = f"{HOST}{site_of_host(host)}"
    await client.register_script(_NOTE)(keys=[key], args=[*arguments, _KEPT_DAYS * 86_400])


async def read_hosts(client: Any, sites: Iterable[str]) -> Mapping[str, Asked]:
    """What the hosts of some sites asked for, by name.

    A host with a delay is to be let alone for it first: when the crawl before asked it last is not known.
    """
    seconds, microseconds = await client.time()
    offset = monotonic() - (seconds + microseconds / 1_000_000)
    hosts: dict[str, Asked] = {}
    for site in sites:
        for name, value in (await client.hgetall(f"{HOST}{site}")).items():
            what, _, host = name.decode().partition(":")
            asked = hosts.setdefault(host, Asked())
            if what == "delay":
                asked.delay = float(value)
            else:
                asked.not_before = float(value) + offset
    for asked in hosts.values():
        asked.not_before = max(asked.not_before, monotonic() + asked.delay)
    return hosts

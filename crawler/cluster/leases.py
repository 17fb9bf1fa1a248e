"""Leases in Redis: a site belongs to one crawl at a time, for as long as that crawl renews it.

An outlet is leased with all of its sites at once or not at all, so that no two crawls ask one host. The clock
is that of Redis.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crawler.cluster.connection import DUE, ENDED, LEASE, SESSIONS
from crawler.sources import Source
from pipelines.database.fingerprints import site_of

START_SECONDS = 60.0
#: A lease holds so long at first: a process has to start before it can renew it, on a busy machine too.

#: A number above all before it, also where Redis has forgotten them: microseconds, unless two come in one.
_NEXT_SESSION = """
local now = redis.call('TIME')
local number = math.max(now[1] * 1000000 + now[2], tonumber(redis.call('GET', KEYS[1]) or '0') + 1)
number = string.format('%.0f', number)
redis.call('SET', KEYS[1], number)
return number
"""

#: All of the keys for this session, or none of them. ARGV: session, milliseconds.
_TAKE = """
for _, key in ipairs(KEYS) do
    local holder = redis.call('GET', key)
    if holder and holder ~= ARGV[1] then return 0 end
end
for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1], 'PX', ARGV[2]) end
return 1
"""

#: KEYS: whether a younger session was begun, then the leases. ARGV: session, milliseconds.
_RENEW = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
for number = 2, #KEYS do
    if redis.call('GET', KEYS[number]) ~= ARGV[1] then return 0 end
end
for number = 2, #KEYS do redis.call('PEXPIRE', KEYS[number], ARGV[2]) end
return 1
"""

#: ARGV: session.
_RELEASE = """
for _, key in ipairs(KEYS) do
    if redis.call('GET', key) == ARGV[1] then redis.call('DEL', key) end
end
"""

#: ARGV: how many at most.
_DUE = """
local now = redis.call('TIME')[1]
return redis.call('ZRANGE', KEYS[1], '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[1])
"""


class Leases:
    """The scripts over one client, plain or asynchronous: then each answer is awaited."""

    def __init__(self, client: Any) -> None:
        self._next = client.register_script(_NEXT_SESSION)
        self._take = client.register_script(_TAKE)
        self._renew = client.register_script(_RENEW)
        self._release = client.register_script(_RELEASE)
        self._due = client.register_script(_DUE)

    def next_session(self) -> Any:
        """A new session's number, as bytes."""
        return self._next(keys=[SESSIONS])

    def take(self, session: int, sites: Iterable[str], seconds: float) -> Any:
        """1 where all of the sites are now this session's, else 0."""
        return self._take(keys=_keys(sites), args=[session, _milliseconds(seconds)])

    def renew(self, session: int, sites: Iterable[str], seconds: float) -> Any:
        """1 where all of them still were and are, else 0."""
        keys = [f"{ENDED}{session}", *_keys(sites)]
        return self._renew(keys=keys, args=[session, _milliseconds(seconds)])

    def release(self, session: int, sites: Iterable[str]) -> Any:
        """Let go of those that are this session's."""
        return self._release(keys=_keys(sites), args=[session])

    def due(self, most: int) -> Any:
        """Outlets whose time has come, the longest waiting first, as bytes."""
        return self._due(keys=[DUE], args=[most])


def sites_of(source: Source) -> list[str]:
    """The sites that are asked when an outlet is crawled: those of its domains and of its lists."""
    lists = (*source.feeds, *source.sitemaps, *source.listing_pages, *source.index_pages, *source.post_pages)
    urls = [f"http://{domain}/" for domain in source.domains] + [*lists, source.homepage or ""]
    sites = {site_of(url).partition(":")[0] for url in urls}
    return sorted(sites - {""})


def site_of_host(host: str) -> str:
    """The site of a host's name.

    >>> site_of_host("m.news.example"), site_of_host("127.0.0.1")
    ('news.example', '127.0.0.1')
    """
    return site_of(f"http://{host}/").partition(":")[0]


def _keys(sites: Iterable[str]) -> list[str]:
    return [f"{LEASE}{site}" for site in sites]


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))

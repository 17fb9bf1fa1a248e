"""Text and data mining that a whole host reserves, in ``/.well-known/tdmrep.json``.

https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/
"""

from __future__ import annotations

import json
import re
from asyncio import Lock
from collections import defaultdict
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

FILE = "/.well-known/tdmrep.json"
MAX_BYTES = 1024 * 1024

Patterns = list[re.Pattern[str]]


def read_reservations(data: bytes) -> Patterns:
    """Patterns of the paths that a file reserves; none where it is no such file.

    A path counts as reserved where any rule that fits it says so, whichever rule goes before another.
    """
    try:
        rules = json.loads(data) if len(data) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        return []
    reserved = [
        rule["location"]
        for rule in (rules if isinstance(rules, list) else [])
        if isinstance(rule, dict) and rule.get("tdm-reservation") in (1, "1")
        if isinstance(rule.get("location"), str)
    ]
    return [_pattern(location) for location in reserved]


def _pattern(location: str) -> re.Pattern[str]:
    """``*`` stands for anything and ``$`` for the end, as in robots.txt."""
    path, end = (location[:-1], "$") if location.endswith("$") else (location, "")
    return re.compile(".*".join(map(re.escape, path.split("*"))) + end)


class Reservations:
    """The reservations of the hosts of a crawl, each host's file being asked for once.

    *fetch* is the downloader, with all its manners. A file that cannot be had reserves nothing.
    """

    def __init__(self, fetch: Callable[[Request], Awaitable[Response]]) -> None:
        self._fetch = fetch
        self._known: dict[str, Patterns] = {}
        self._asking: defaultdict[str, Lock] = defaultdict(Lock)

    async def cover(self, url: str) -> bool:
        """Whether the host of a URL reserves its path."""
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        async with self._asking[host]:
            if host not in self._known:
                self._known[host] = await self._read(host)
        return any(pattern.match(parts.path or "/") for pattern in self._known[host])

    async def _read(self, host: str) -> Patterns:
        try:
            response = await self._fetch(Request(host + FILE, callback=NO_CALLBACK, dont_filter=True))
        except Exception:  # whatever keeps it away
            return []
        return read_reservations(response.body) if response.status == 200 else []

"""The order of requests between hosts: none holds more places in the downloader than it can use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from scrapy.crawler import Crawler
from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface

from crawler.readers import Readers

PLACES_PER_CONNECTION = 2
#: One request on its way and one that waits for its turn.


class FairQueue(DownloaderAwarePriorityQueue):
    """Scrapy's host-aware queue, with a bound on the requests a host may have in the downloader.

    Without it a slow or paused host fills the downloader with requests that wait for their turn, until
    no other host gets in. While pages wait for a reader each host has one place, and none while more of
    them wait than there are readers: what is fetched sooner than it can be read only fills the memory,
    and is fetched again after a kill.
    Setting: CONCURRENT_REQUESTS_PER_DOMAIN.
    """

    def __init__(self, crawler: Crawler, *args: Any, **kwargs: Any) -> None:
        super().__init__(crawler, *args, **kwargs)
        most = PLACES_PER_CONNECTION * crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._downloader_interface = _HostsWithRoom(crawler, most)


class _HostsWithRoom(DownloaderInterface):
    def __init__(self, crawler: Crawler, most: int) -> None:
        super().__init__(crawler)
        self._crawler = crawler
        self._most = most

    def stats(self, possible_slots: Iterable[str]) -> list[tuple[int, str]]:
        # Counted from all that is active: a slot knows nothing of those that wait for robots.txt.
        active = Counter(map(self.get_slot_key, self.downloader.active))
        readers = getattr(self._crawler.spider, "readers", None)
        most = self._most if readers is None else _places(readers, self._most)
        return [(active[slot], slot) for slot in possible_slots if active[slot] < most]


def _places(readers: Readers, usual: int) -> int:
    if readers.waiting > readers.number:
        return 0
    return 1 if readers.waiting else usual

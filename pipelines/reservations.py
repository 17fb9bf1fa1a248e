"""What page and host reserve: articles whose policy the operator obeys are not stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.errors import SourceError
from crawler.items import Article, Visit

_NOAI = re.compile(r"\bno(?:image)?ai\b", re.IGNORECASE)

RESERVATIONS: Mapping[str, tuple[Callable[[Article], bool], str]] = {
    "tdm": (lambda article: bool(article.policy.tdm_reservation), "text and data mining is reserved"),
    "noai": (lambda article: _NOAI.search(article.policy.robots or "") is not None, "noai"),
    "noarchive": (lambda article: article.policy.noarchive, "noarchive"),
    "paywall": (lambda article: article.access == "paywalled", "paywall"),
}
#: By the name that WARTA_OBEY takes: whether an article is reserved so, and the reason that is counted.


def check_names(names: list[str]) -> list[str]:
    """The names of reservations, as they are given; raises SourceError for one that there is not."""
    for name in names:
        if name not in RESERVATIONS:
            raise SourceError(f'WARTA_OBEY: "{name}" is none of {", ".join(RESERVATIONS)}.')
    return names


def reason_to_leave(article: Article, obeyed: Iterable[str]) -> str | None:
    """Why an article is not to be kept, of the reservations that are obeyed; null where it may be."""
    for name in obeyed:
        reserves, reason = RESERVATIONS[name]
        if reserves(article):
            return reason
    return None


class ReservationsPipeline:
    """Drops visits of articles that their page or host reserves.

    Setting: WARTA_OBEY. Finds writer and run on the spider; counts ``warta/refused/<reason>`` in the stats.
    """

    def __init__(self, crawler: Crawler, obeyed: list[str]) -> None:
        self._crawler = crawler
        self._obeyed = obeyed

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, check_names(crawler.settings.getlist("WARTA_OBEY")))

    def process_item(self, item: Visit) -> Visit:
        reason = reason_to_leave(item.article, self._obeyed)
        if reason is None:
            return item
        spider: Any = self._crawler.spider
        spider.writer.refuse(item, spider.run, reason=reason)
        self._crawler.stats.inc_value(f"warta/refused/{reason}")
        raise DropItem(f"{item.article.url} is not kept: {reason}")

"""How a crawl is going: a table that renews itself in a terminal, log lines elsewhere."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from typing import Self, cast

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from crawler.extensions.tally import COLUMNS, Tally, sum_up
from crawler.spiders.base import WartaSpider

logger = logging.getLogger(__name__)

SHOWN = ("found", "fetched", "stored", "folded", "refused", "failed")
#: What fits into the width of a terminal; the summary at the end has all.

REDRAW_EVERY = 0.5
LOG_EVERY = 30.0
#: Seconds.


class Progress:
    """Shows the counts of the run per outlet on standard error, or logs their sums.

    Setting: WARTA_PROGRESS (``live``, ``log`` or ``off``).
    """

    def __init__(self, crawler: Crawler, *, live: bool) -> None:
        self._crawler = crawler
        console = Console(stderr=True, markup=False, highlight=False)
        self._live = Live(console=console, auto_refresh=False, transient=True) if live else None
        self._telling = create_looping_call(self._tell)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        how = crawler.settings.get("WARTA_PROGRESS")
        if how == "off" or not crawler.settings.get("WARTA_DATABASE"):
            raise NotConfigured("nothing to show")
        progress = cls(crawler, live=how == "live")
        crawler.signals.connect(progress.engine_started, signals.engine_started)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def engine_started(self) -> None:
        if self._live is not None:
            self._live.start()
        self._telling.start(LOG_EVERY if self._live is None else REDRAW_EVERY, now=False)

    def spider_closed(self) -> None:
        if self._telling.running:
            self._telling.stop()
        if self._live is not None:
            self._live.stop()

    def _tell(self) -> None:
        spider = cast(WartaSpider, self._crawler.spider)
        tallies = sum_up(spider.memory.counts(spider.run), [source.slug for source in spider.sources])
        if self._live is not None:
            self._live.update(_table(tallies, _states(spider)), refresh=True)
            return
        sums: Counter[str] = Counter()
        for tally in tallies:
            sums.update(tally.amounts)
        logger.info("%s", ", ".join(f"{what} {sums[what]}" for what in COLUMNS))


def _states(spider: WartaSpider) -> dict[str, str]:
    """What holds up each outlet's hosts, by slug; hosts that simply answer are not named."""
    states: dict[str, list[str]] = {}
    for name, host in spider.hosts.items():
        source = spider.catalogue.match(f"http://{name}/")
        if source is not None and (told := host.describe()):
            states.setdefault(source.slug, []).append(f"{name} {told}")
    return {slug: "; ".join(told) for slug, told in states.items()}


def _table(tallies: list[Tally], states: Mapping[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("outlet", no_wrap=True)
    for what in SHOWN:
        table.add_column(what, justify="right")
    table.add_column("hosts", no_wrap=True)
    for tally in tallies:
        # Slugs and hosts come from the catalogue, numbers from us: nothing here was written by a page.
        counts = (str(tally.amounts[what]) for what in SHOWN)
        table.add_row(Text(tally.source), *counts, Text(states.get(tally.source, "")))
    return table

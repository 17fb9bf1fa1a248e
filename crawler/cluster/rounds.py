"""One crawl under a lease as a process of its own: the side of the child."""

from __future__ import annotations

import logging
import sys
import time

from crawler.cluster.session import Session
from crawler.run import run_spider
from crawler.spiders.news import NewsSpider
from crawler.watching.rounds import Order, Report, main

SETTINGS = {
    "DOWNLOADER": "crawler.cluster.gate.LeasedDownloader",
    "EXTENSIONS": {"crawler.cluster.session.Session": 100},
    "ITEM_PIPELINES": {
        "pipelines.validate.ValidatePipeline": 100,
        "pipelines.reservations.ReservationsPipeline": 150,
        "crawler.cluster.session.SendPipeline": 200,
    },
}
#: In place of what writes a file.


def crawl_under_lease(order: Order) -> Report:
    """Crawl the outlets of a lease; its order names no database."""
    told = logging.StreamHandler(sys.stderr)
    lines = logging.Formatter("%(asctime)sZ %(message)s", "%Y-%m-%dT%H:%M:%S")
    lines.converter = time.gmtime
    told.setFormatter(lines)
    logging.getLogger("crawler.cluster").addHandler(told)
    crawler = run_spider(
        NewsSpider,
        {**order.settings, **SETTINGS, "WARTA_SOURCES": list(order.directories)},
        sources=",".join(order.sources),
        even_if_off=True,  # the watch has chosen
    )
    session = crawler.get_extension(Session)
    spider = crawler.spider
    if session is None or not isinstance(spider, NewsSpider):
        return Report(error="the crawl did not begin")
    return Report(session.run, session.reason, spider.unread_outlets(), error=session.error)


if __name__ == "__main__":
    main(crawl_under_lease)

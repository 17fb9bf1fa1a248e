"""Prints how fast a whole crawl is, beside extraction alone and an ordinary spider in the same run.

    python tests/benchmarks/crawl.py [--pages N] [--hosts N] [--readers N] [--set NAME=VALUE]…

The news web is made up and served on loopback by a process of its own, which takes its share of the machine.
Delays are off: this is about cost, not about manners. The ratios say more than the rates; on a machine that
others use, too, the CPU times say more than both.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import scrapy
import sqlite_utils
import trafilatura
from labelled import table
from newsweb import NewsWeb

from crawler.extractors import extract
from crawler.run import crawl, run_spider

FAST = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
    "WARTA_ALLOW_PRIVATE": True,
}
CORES = 2
ORDINARY_SHARE = 6
#: The ordinary spider gets one page of so many: it is slow, and its rate does not depend on how many.


class OrdinarySpider(scrapy.Spider):
    """What one writes first: extraction in the callback, an upsert in the pipeline."""

    name = "ordinary"
    custom_settings = {"ITEM_PIPELINES": {}, "EXTENSIONS": {}, "DOWNLOADER_MIDDLEWARES": {}}  # noqa: RUF012

    def __init__(self, urls: Sequence[str], database: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls = urls
        self.db = sqlite_utils.Database(database)

    async def start(self) -> AsyncIterator[Any]:
        for url in self.urls:
            yield scrapy.Request(url)

    def parse(self, response: Any) -> Iterator[dict[str, Any]]:
        document = trafilatura.bare_extraction(response.body, url=response.url, with_metadata=True)
        if document is not None:
            row = {name: getattr(document, name) for name in ("title", "author", "date", "text", "sitename")}
            self.db["articles"].upsert({"url": response.url, **row}, pk="url")
            yield row


def in_child(work: Callable[..., Any], *arguments: Any) -> Any:
    """The result of a function in a fresh process: Scrapy's reactor runs once."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def crawl_all(database: str, sources: str, settings: dict[str, Any]) -> dict[str, Any]:
    begun = time.perf_counter()
    report = crawl((), database, directories=[Path(sources)], settings=FAST | settings)
    seconds = time.perf_counter() - begun
    stored = sum(tally.amounts["stored"] for tally in report.tallies)
    own = resource.getrusage(resource.RUSAGE_SELF)
    readers = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "stored": stored,
        "failed": sum(tally.amounts["failed"] + tally.amounts["folded"] for tally in report.tallies),
        "seconds": seconds,
        "own_cpu": own.ru_utime + own.ru_stime,
        "own_mb": own.ru_maxrss / 1024,
        "readers_cpu": readers.ru_utime + readers.ru_stime,
        "reader_mb": readers.ru_maxrss / 1024,
    }


def crawl_ordinary(urls: Sequence[str], database: str) -> tuple[float, float]:
    """Pages a second, and CPU milliseconds a page."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    begun = time.perf_counter()
    run_spider(OrdinarySpider, FAST | {"ROBOTSTXT_OBEY": False}, urls=urls, database=database)
    stored = sqlite_utils.Database(database)["articles"].count
    if stored != len(urls):
        raise SystemExit(f"the ordinary spider stored {stored} of {len(urls)}")
    return stored / (time.perf_counter() - begun), 1000 * time.process_time() / stored


def read_pages(pages: Sequence[tuple[bytes, str]]) -> float:
    extract(*pages[0])
    begun = time.perf_counter()
    for page in pages:
        extract(*page)
    return len(pages) / (time.perf_counter() - begun)


def extraction_alone(web: NewsWeb, sample: int) -> float:
    """Pages a second on two cores, nothing else running."""
    urls = web.urls()[:sample]
    pages = [(web.html(number), url) for number, url in enumerate(urls)]
    with multiprocessing.get_context("spawn").Pool(CORES) as pool:
        pool.map(read_pages, [pages[:2]] * CORES, chunksize=1)
        return sum(pool.map(read_pages, [pages[core::CORES] for core in range(CORES)], chunksize=1))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=3_000, metavar="N")
    parser.add_argument("--hosts", type=int, default=8, metavar="N")
    parser.add_argument("--readers", type=int, default=-1, metavar="N", help="as WARTA_READERS")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a Scrapy setting")
    parser.add_argument("--only-crawl", action="store_true", help="leave out what it is compared with")
    options = parser.parse_args(arguments)
    settings = {"WARTA_READERS": options.readers} | dict(each.split("=", 1) for each in options.set)
    with tempfile.TemporaryDirectory() as place, NewsWeb(options.hosts, options.pages) as web:
        directory = Path(place)
        web.write_sources(directory / "sources")
        alone = ordinary = ordinary_cpu = 0.0
        if not options.only_crawl:
            alone = extraction_alone(web, min(600, options.pages))
        first = in_child(crawl_all, str(directory / "news.db"), str(directory / "sources"), settings)
        served = web.counts()
        again = in_child(crawl_all, str(directory / "news.db"), str(directory / "sources"), settings)
        served_again = web.counts() - served
        if not options.only_crawl:
            urls = web.urls()[: max(20, options.pages // ORDINARY_SHARE)]
            ordinary, ordinary_cpu = in_child(crawl_ordinary, urls, str(directory / "ordinary.db"))
            alone = (alone + extraction_alone(web, min(600, options.pages))) / 2
    rate = first["stored"] / first["seconds"]
    rows = [["Warta, read and stored", f"{rate:.0f}", "1"]]
    if not options.only_crawl:
        rows += [
            [f"extraction alone on {CORES} cores", f"{alone:.0f}", f"{rate / alone:.2f}"],
            ["an ordinary spider", f"{ordinary:.0f}", f"{rate / ordinary:.1f}"],
        ]
    print(f"\n## Crawl: {options.pages} pages of {options.hosts} hosts, {os.cpu_count()} cores\n")
    print(table(["", "pages a second", "Warta's rate to it"], rows))
    print(f"\nstored {first['stored']}, else {first['failed']}, in {first['seconds']:.1f} s;", end=" ")
    print(f"served {served['articles']} articles, {served['again']} of them twice")
    each = 1000 / max(1, first["stored"])
    own, readers = first["own_cpu"] * each, first["readers_cpu"] * each
    print(f"CPU a page: crawl {own:.1f} ms, readers {readers:.1f} ms", end="")
    if not options.only_crawl:
        print(f", the ordinary spider {ordinary_cpu:.1f} ms", end="")
    print(f"; share of reading {readers / (own + readers):.2f}")
    print(f"memory: crawl {first['own_mb']:.0f} MB, a reader {first['reader_mb']:.0f} MB")
    print(f"second run: {served_again['articles']} articles downloaded, lists: ", end="")
    print(f"{served_again['unchanged']} answered 304, {served_again['lists']} downloaded; ", end="")
    print(f"{again['seconds']:.1f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Starts Scrapy from Python or the command line, quietly, and tells what came of it.

Scrapy's reactor runs once: a process can call one of these functions, once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.configuration import current, scrapy_settings
from crawler.errors import PageError
from crawler.extensions.runlog import RunLog
from crawler.extensions.tally import Tally, sum_up
from crawler.items import Visit
from crawler.logs import CrawlContext, speak_json
from crawler.middlewares.hosts import HostState
from crawler.sources import load_catalogue
from crawler.spiders.check import CheckSpider, SourceCheck
from crawler.spiders.news import NewsSpider, choose_outlets, contact_notice
from crawler.spiders.site import Site
from crawler.spiders.survey import SurveySpider
from crawler.spiders.urls import UrlsSpider
from pipelines.database import open_database
from pipelines.database.asking import queries
from pipelines.database.pages import read_policy


@dataclass(slots=True)
class CrawlReport:
    """What a crawl did."""

    run: int
    #: Its id in the database.

    reason: str
    #: ``finished``, ``limit`` or ``shutdown`` (it was asked to stop).

    tallies: list[Tally]
    #: Per outlet, by slug.

    left: dict[str, int]
    #: URLs per outlet that wait for the next run.

    failed: dict[str, str]
    #: Outlets of which nothing could be read, and why.

    hosts: dict[str, HostState] = field(default_factory=dict)
    #: Hosts with which something went wrong, pauses included.

    stats: Mapping[str, Any] = field(default_factory=dict)
    #: Scrapy's.

    @property
    def interrupted(self) -> bool:
        return self.reason == "shutdown"


@dataclass(slots=True, frozen=True)
class Unread:
    """A URL that could not be fetched or is no page, and why in a few words."""

    url: str
    reason: str


def crawl(
    sources: Sequence[str] = (),
    database: Path | str = "news.db",
    *,
    since: str | None = None,
    until: str | None = None,
    limit: int = 0,
    revisit: str | None = None,
    even_if_off: bool = False,
    directories: Sequence[Path] = (),
    settings: Mapping[str, Any] | None = None,
    notify: Callable[[str], None] | None = None,
    log_format: str = "text",
) -> CrawlReport:
    """Crawl outlets by slug (all enabled ones where none is named) into a database.

    Times are ISO 8601; see :class:`crawler.spiders.news.NewsSpider`. *even_if_off* crawls named outlets
    that are switched off, too. *directories* hold source files in place of the usual ones; *settings*
    override :mod:`crawler.settings`. *notify* is told before anything is fetched that requests name
    nobody to write to. *log_format*: ``text`` as Scrapy writes it, or ``json`` (docs/cli.md).

    Raises SourceError for an outlet that is unknown or off or a fault in a source file and SettingError for
    a setting that does not hold, before anything is fetched, and DatabaseError when the database cannot be
    used or fails on the way.
    """
    outlets = choose_outlets(load_catalogue(*directories), sources, even_if_off=even_if_off)
    asked = {**scrapy_settings(current()), **(settings or {})}
    read_policy(asked.get)
    if notify is not None and (notice := contact_notice(asked["USER_AGENT"], outlets)):
        notify(notice)
    own = {"WARTA_DATABASE": str(database), "WARTA_SOURCES": [str(directory) for directory in directories]}
    crawler = run_spider(
        NewsSpider,
        {**own, **(settings or {})},
        log_format=log_format,
        sources=",".join(sources),
        since=since,
        until=until,
        limit=limit,
        revisit=revisit,
        even_if_off=even_if_off,
    )
    log = crawler.get_extension(RunLog)
    if log is not None and log.error is not None:
        raise log.error
    return _report(crawler, database)


def fetch_and_read(
    urls: Sequence[str],
    *,
    directories: Sequence[Path] = (),
    settings: Mapping[str, Any] | None = None,
    pages: MutableMapping[str, bytes] | None = None,
) -> list[Visit | Unread]:
    """Fetch pages through the downloader, robots rules and politeness of a crawl, and read them.

    One answer for each URL, in their order; *pages* takes the pages as they were served, by URL.
    Raises SourceError where a source file does not hold.
    """
    own = {"WARTA_SOURCES": [str(directory) for directory in directories]}
    crawler = run_spider(UrlsSpider, {**own, **(settings or {})}, urls=list(urls))
    spider = crawler.spider
    assert isinstance(spider, UrlsSpider)  # noqa: S101 (tells the type checker what was started)
    if pages is not None:
        pages.update(spider.pages)
    return [spider.visits.get(url) or Unread(url, spider.failures.get(url, "interrupted")) for url in urls]


def check_sources(
    slugs: Sequence[str] = (),
    *,
    fresh_since: str | None = None,
    directories: Sequence[Path] = (),
    settings: Mapping[str, Any] | None = None,
) -> list[SourceCheck]:
    """Ask once for every endpoint of outlets (all enabled ones where none is named) and for one article.

    Endpoints whose newest date is before *fresh_since*, ISO 8601, are stale. Raises SourceError for an
    unknown outlet or a fault in a source file, before anything is fetched.
    """
    catalogue = load_catalogue(*directories)
    for slug in slugs:
        catalogue.get(slug)
    own = {"WARTA_SOURCES": [str(directory) for directory in directories]}
    crawler = run_spider(CheckSpider, {**own, **(settings or {})}, slugs=slugs, fresh_since=fresh_since or "")
    spider = crawler.spider
    assert isinstance(spider, CheckSpider)  # noqa: S101
    return list(spider.checks.values())


def survey_site(url: str, *, settings: Mapping[str, Any] | None = None) -> Site:
    """Look at a site once: home page, robots.txt, and where feeds and sitemaps usually are.

    Raises PageError when the home page cannot be read.
    """
    crawler = run_spider(SurveySpider, settings or {}, url=url)
    spider = crawler.spider
    assert isinstance(spider, SurveySpider)  # noqa: S101
    if spider.site is None:
        raise PageError(f"{url}: could not be read: {spider.failure}.")
    return spider.site


def run_spider(
    spider: type[Spider], overrides: Mapping[str, Any], *, log_format: str = "text", **arguments: Any
) -> Crawler:
    """Run one spider to its end; an error that kept it from starting is raised."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    # Again: another configuration may have been chosen since the module was read.
    settings.setdict(scrapy_settings(current()), priority="project")
    settings.setdict({"LOG_LEVEL": "ERROR", "WARTA_PROGRESS": "off", "STATS_DUMP": False}, priority="project")
    settings.setdict(dict(overrides), priority="cmdline")
    level = logging.getLevelName(settings["LOG_LEVEL"])
    if log_format == "json":
        settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
        logging.root.setLevel(level)
        speak_json(level)
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spider)
    if log_format == "json":
        speak_json(level, CrawlContext(crawler))
    task = process.crawl(crawler, **arguments)
    try:
        process.start()
    except SystemExit as ended:  # how a spider that cannot start ends `scrapy crawl`
        raise ended.__cause__ or ended from None
    if task.done() and not task.cancelled() and (error := task.exception()) is not None:
        raise error
    return crawler


def _report(crawler: Crawler, database: Path | str) -> CrawlReport:
    spider = crawler.spider
    assert isinstance(spider, NewsSpider)  # noqa: S101
    slugs = [source.slug for source in spider.sources]
    db = open_database(database, readonly=True)
    try:
        record = queries.run(db, spider.run) or {}
        waiting = {row["source"]: row["pending"] for row in queries.source_counts(db)}
    finally:
        db.close()
    tallies = sum_up(record.get("counts", ()), slugs)
    return CrawlReport(
        run=spider.run,
        reason=record.get("reason") or "shutdown",
        tallies=tallies,
        left={slug: waiting[slug] for slug in slugs if waiting.get(slug)},
        failed=spider.unread_outlets(),
        hosts={name: state for name, state in sorted(spider.hosts.items()) if state.troubled},
        stats=crawler.stats.get_stats(),
    )

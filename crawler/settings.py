"""Scrapy's settings for Warta: polite to outlets, bounded in memory, closed to everyone else.

What an operator may set stands in :mod:`crawler.configuration` and comes from ``warta.toml``, the environment
or its default; any setting can be set for one run with ``scrapy crawl -s``.
"""

from __future__ import annotations

import sys

from crawler.configuration import current, scrapy_settings
from crawler.errors import SettingError

try:
    # WARTA_DATABASE and its like, and of Scrapy's own those that docs/configuration.md names.
    globals().update(scrapy_settings(current()))
except SettingError as error:  # Scrapy would show a traceback
    print(f"warta: {error}", file=sys.stderr)
    raise SystemExit(SettingError.exit_code) from error

BOT_NAME = "warta"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# --- Who we are -----------------------------------------------------------------------------------
ROBOTSTXT_USER_AGENT = "Warta"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "id,ms;q=0.8,en;q=0.6",
}
REFERER_ENABLED = False

# --- What Warta needs ------------------------------------------------------------------------------
#: Directories of source files in place of the usual ones; empty for these.
WARTA_SOURCES: list[str] = []
#: ``live`` for a table in the terminal, ``log`` for log lines, ``off``.
WARTA_PROGRESS = "log"

# --- Politeness ------------------------------------------------------------------------------------
ROBOTSTXT_OBEY = True
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
SCHEDULER_PRIORITY_QUEUE = "crawler.middlewares.fairness.FairQueue"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # lists name what is newest first
COOKIES_ENABLED = False

# --- Faults of others ------------------------------------------------------------------------------
DOWNLOAD_WARNSIZE = 5 * 1024 * 1024
DNS_TIMEOUT = 20
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the summary counts them
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False  # news pages reload themselves with it; read as a redirect they never arrive
DEPTH_LIMIT = 5
URLLENGTH_LIMIT = 0  # it drops a URL without a word, which then would wait for ever
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"

# --- Cost ------------------------------------------------------------------------------------------
CONCURRENT_ITEMS = 1  # a page is one item; each more is one more task a page
HTTPCACHE_ENABLED = False
# Bytes of pages that were fetched and wait for a reader: more are not asked for until these are read.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 1_000_000

# --- No doors --------------------------------------------------------------------------------------
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

LOG_LEVEL = "INFO"

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawler.middlewares.boundaries.OutletBoundary": 50,
    "crawler.middlewares.boundaries.AddressBoundary": 60,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.robots.RobotsRules": 100,
    # Nearer to the network than the retries (550), so that a retry already finds its host paused.
    "crawler.middlewares.politeness.HostPauses": 560,
}
EXTENSIONS = {
    "crawler.extensions.runlog.RunLog": 100,
    "crawler.extensions.progress.Progress": 200,
}
ITEM_PROCESSOR = "pipelines.processor.ItemProcessor"
ITEM_PIPELINES = {
    "pipelines.validate.ValidatePipeline": 100,
    "pipelines.reservations.ReservationsPipeline": 150,
    "pipelines.deduplicate.DeduplicatePipeline": 200,
    "pipelines.store.StorePipeline": 300,
}

"""Scrapy's settings for Warta: polite to outlets, bounded in memory, closed to everyone else.

``docs/crawling.md`` explains each to an operator; any can be set for one run with ``scrapy crawl -s``.
"""

from __future__ import annotations

import os

from crawler import __version__

BOT_NAME = "warta"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# --- Who we are -----------------------------------------------------------------------------------
#: Names nobody: a crawl of real outlets warns of it.
NO_CONTACT = "https://warta.example/bot"
#: Where an outlet reads who crawls it and how to ask for a stop; the environment overrides it.
WARTA_CONTACT = os.environ.get("WARTA_CONTACT") or NO_CONTACT
# Some publishers refuse product user agents and accept a browser-shaped one that names its crawler.
USER_AGENT = f"Mozilla/5.0 (compatible; Warta/{__version__}; +{WARTA_CONTACT})"
ROBOTSTXT_USER_AGENT = "Warta"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "id,ms;q=0.8,en;q=0.6",
}
REFERER_ENABLED = False

# --- What Warta needs ------------------------------------------------------------------------------
#: The SQLite file.
WARTA_DATABASE = "news.db"
#: Directories of source files; empty for the bundled ones and those of the environment's WARTA_SOURCES.
WARTA_SOURCES: list[str] = []
#: What keeps an article out, of ``tdm`` (text and data mining is reserved), ``noai``, ``noarchive`` and
#: ``paywall``. The record of an article says it in any case.
WARTA_OBEY: list[str] = []
#: Seconds a host that answers 429 or 503 without Retry-After is left alone; doubled each time.
WARTA_BACKOFF = 5.0
#: Seconds; a host that asks for a longer pause or crawl delay is left alone for the rest of the run.
WARTA_PAUSE_LIMIT = 300.0
#: Times in a row a host may ask for a pause, or not answer, before it is left alone for the rest of the run.
WARTA_PATIENCE = 5
#: Times in a row a host may answer 401, 403, 451 or a challenge before it is left alone, likewise.
WARTA_REFUSALS = 10
#: Hours for which a host that was left alone for either is let be in the crawls that follow; four times as
#: long each time it goes on, a day at most. 0: the next crawl asks it again.
WARTA_REST_HOURS = 1
#: Whether requests may reach private, loopback and link-local addresses that no source declares.
WARTA_ALLOW_PRIVATE = False
#: Days; how far back plain sitemaps and dated index pages are followed where no period is asked for.
WARTA_DAYS = 7
#: Days after its publication in which an article is asked for again, ever more rarely; 0 for not at all.
WARTA_REVISIT_DAYS = 2
#: Pages of one paged index (of each day, where it is dated) that are followed at most.
WARTA_INDEX_PAGES = 20
#: Parts of a story split over pages that are fetched at most.
WARTA_PARTS = 10
#: Processes that read pages beside the fetching: 0 reads in the crawl's own, -1 takes one per core.
WARTA_READERS = -1
#: Seconds that reading one page may take; then its reader is replaced and another one tries.
WARTA_READ_TIMEOUT = 20.0
#: ``on`` to keep fetched article pages in a file beside the database, ``off``; the environment overrides it.
WARTA_PAGES = os.environ.get("WARTA_PAGES") or "on"
#: GB that the file of pages may take, 0 for no limit; the environment overrides it.
WARTA_PAGES_LIMIT = os.environ.get("WARTA_PAGES_LIMIT") or 20
#: Days after which a page that was not met again is dropped, 0 for never; the environment overrides it.
WARTA_PAGES_DAYS = os.environ.get("WARTA_PAGES_DAYS") or 0
#: Whether pages are kept that ask for no copy to be kept (``noarchive``).
WARTA_PAGES_NOARCHIVE = False
#: Minutes between two polls of an outlet by ``warta watch``, at least and at most; the environment overrides.
WARTA_PACE_MIN = os.environ.get("WARTA_PACE_MIN") or 5
WARTA_PACE_MAX = os.environ.get("WARTA_PACE_MAX") or 120
#: Seconds after which a crawl that ``warta watch`` started ends, so that one slow outlet keeps none waiting.
WARTA_ROUND_SECONDS = 600
#: What ``warta watch`` runs, or asks by POST, where an outlet changed; from the environment alone: an address
#: may be a secret.
WARTA_ALERT_COMMAND = os.environ.get("WARTA_ALERT_COMMAND", "")
WARTA_ALERT_WEBHOOK = os.environ.get("WARTA_ALERT_WEBHOOK", "")
#: ``live`` for a table in the terminal, ``log`` for log lines, ``off``.
WARTA_PROGRESS = "log"

# --- Politeness ------------------------------------------------------------------------------------
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 64
CONCURRENT_REQUESTS_PER_DOMAIN = 2
DOWNLOAD_DELAY = 0.25
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
SCHEDULER_PRIORITY_QUEUE = "crawler.middlewares.fairness.FairQueue"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # lists name what is newest first
COOKIES_ENABLED = False

# --- Faults of others ------------------------------------------------------------------------------
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # also the limit of what a compressed answer may unpack to
DOWNLOAD_WARNSIZE = 5 * 1024 * 1024
DNS_TIMEOUT = 20
RETRY_TIMES = 2
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
    "crawler.middlewares.resting.RestingHosts": 90,
    "crawler.middlewares.robots.RobotsRules": 100,
    "crawler.middlewares.kept.KeptPages": 110,
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

"""Settings of a crawl: the database, whom outlets may write to, which outlets, and how they are asked."""

from __future__ import annotations

import re

from crawler.configuration.declaration import Setting
from crawler.configuration.kinds import DIRECTORIES, Choice, Number, Switch, Text, Texts, Whole

NO_CONTACT = "https://warta.example/bot"
#: Names nobody: a crawl of real outlets warns of it.

_SLUGS = Texts(Text('an outlet of `warta sources`: "detik"', re.compile(r"[a-z0-9-]+")))

CRAWL: tuple[Setting, ...] = (
    Setting("database", "news.db", Text("a file"), "WARTA_DB", "The SQLite file", "WARTA_DATABASE"),
    Setting(
        "contact",
        NO_CONTACT,
        Text("a page or address without spaces or brackets", re.compile(r"[^\s()<>;\x00-\x1f\x7f]+")),
        "WARTA_CONTACT",
        "A page about the crawl or an address of yours; every request names it",
        "WARTA_CONTACT",
    ),
    # --- outlets
    Setting(
        "sources.directories",
        (),
        DIRECTORIES,
        "WARTA_SOURCES",
        "Directories of source files beside the bundled ones; a file replaces one of the same name",
    ),
    Setting(
        "sources.only", (), _SLUGS, "WARTA_SOURCES_ONLY", "Outlets that are on, and no others; empty: all"
    ),
    Setting("sources.off", (), _SLUGS, "WARTA_SOURCES_OFF", "Outlets that are switched off"),
    Setting(
        "sources.on",
        (),
        _SLUGS,
        "WARTA_SOURCES_ON",
        "Outlets that are on though their source file switches them off, for whoever has the permission",
    ),
    # --- the crawl
    Setting(
        "crawl.days",
        7,
        Whole(0, 3650, "days"),
        "WARTA_DAYS",
        "How far back plain sitemaps and dated index pages are followed where no period is asked for",
        "WARTA_DAYS",
    ),
    Setting(
        "crawl.revisit_days",
        2,
        Number(0, 365, "days"),
        "WARTA_REVISIT_DAYS",
        "After its publication an article is asked for again so long, ever more rarely; 0: never",
        "WARTA_REVISIT_DAYS",
    ),
    Setting(
        "crawl.index_pages",
        20,
        Whole(1, 10_000),
        "WARTA_INDEX_PAGES",
        "Pages of one paged index (of each day, where it is dated) that are followed at most",
        "WARTA_INDEX_PAGES",
    ),
    Setting(
        "crawl.parts",
        10,
        Whole(1, 100),
        "WARTA_PARTS",
        "Parts of a story split over pages that are fetched at most",
        "WARTA_PARTS",
    ),
    Setting(
        "crawl.obey",
        (),
        Texts(Choice(("tdm", "noai", "noarchive", "paywall"))),
        "WARTA_OBEY",
        "Reservations that keep an article out of the database; its record tells of them in any case",
        "WARTA_OBEY",
    ),
    Setting(
        "crawl.allow_private",
        False,
        Switch(),
        "WARTA_ALLOW_PRIVATE",
        "Whether requests may reach private and loopback addresses that no source declares",
        "WARTA_ALLOW_PRIVATE",
    ),
    Setting(
        "crawl.readers",
        -1,
        Whole(-1, 64),
        "WARTA_READERS",
        "Processes that read pages: -1 one per core (eight at most), 0 none, the crawl reads itself",
        "WARTA_READERS",
    ),
    Setting(
        "crawl.read_timeout",
        20,
        Number(0, 3600, "seconds", above=True),
        "WARTA_READ_TIMEOUT",
        "How long reading one page may take; then its reader is replaced",
        "WARTA_READ_TIMEOUT",
    ),
    Setting(
        "crawl.requests",
        64,
        Whole(1, 1000),
        "WARTA_REQUESTS",
        "Requests on their way at once, of all hosts",
        "CONCURRENT_REQUESTS",
    ),
    Setting(
        "crawl.host_requests",
        2,
        Whole(1, 16),
        "WARTA_HOST_REQUESTS",
        "Requests on their way at once, of one host",
        "CONCURRENT_REQUESTS_PER_DOMAIN",
    ),
    Setting(
        "crawl.delay",
        0.25,
        Number(0, 3600, "seconds"),
        "WARTA_DELAY",
        "The least time between two requests of one host",
        "DOWNLOAD_DELAY",
    ),
    Setting(
        "crawl.timeout",
        30,
        Number(0, 3600, "seconds", above=True),
        "WARTA_TIMEOUT",
        "How long an answer may take",
        "DOWNLOAD_TIMEOUT",
    ),
    Setting(
        "crawl.retries",
        2,
        Whole(0, 20),
        "WARTA_RETRIES",
        "How often a request is tried again where the server or the line is in trouble",
        "RETRY_TIMES",
    ),
    Setting(
        "crawl.largest",
        10,
        Number(0, 1000, "MiB", above=True),
        "WARTA_LARGEST",
        "The size of an answer at most, also unpacked",
        "DOWNLOAD_MAXSIZE",
        scale=1024 * 1024,
    ),
    Setting(
        "crawl.backoff",
        5,
        Number(0, 3600, "seconds"),
        "WARTA_BACKOFF",
        "The first pause of a host that answers 429 or 503 and names none; doubled each time",
        "WARTA_BACKOFF",
    ),
    Setting(
        "crawl.pause_limit",
        300,
        Number(0, 86_400, "seconds"),
        "WARTA_PAUSE_LIMIT",
        "A host that asks for a longer pause or crawl delay is left alone for the rest of the run",
        "WARTA_PAUSE_LIMIT",
    ),
    Setting(
        "crawl.patience",
        5,
        Whole(1, 1000),
        "WARTA_PATIENCE",
        "Pauses, or requests without an answer, in a row after which a host is left alone likewise",
        "WARTA_PATIENCE",
    ),
    Setting(
        "crawl.refusals",
        10,
        Whole(1, 1000),
        "WARTA_REFUSALS",
        "Answers of 401, 403, 451 or a challenge in a row after which a host is left alone likewise",
        "WARTA_REFUSALS",
    ),
)

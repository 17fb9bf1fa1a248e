"""Every setting, once: its name, what it may be, its default, what it means. All else reads this list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from crawler.configuration.kinds import (
    DIRECTORIES,
    PACE,
    Choice,
    Command,
    Kind,
    Number,
    Paces,
    Switch,
    Text,
    Texts,
    Whole,
)

NO_CONTACT = "https://warta.example/bot"
#: Names nobody: a crawl of real outlets warns of it.

_SLUGS = Texts(Text('an outlet of `warta sources`: "detik"', re.compile(r"[a-z0-9-]+")))
_MAIL = Text('an address such as "desk@your.site"', re.compile(r"[^\s<>,;:\"()\[\]@]+@[A-Za-z0-9.-]+"))


@dataclass(slots=True, frozen=True)
class Setting:
    """What an operator may set."""

    key: str
    #: In warta.toml: table and name.

    default: Any
    kind: Kind
    environment: str | None
    #: The variable that sets it, too.

    meaning: str
    #: One sentence without its full stop.

    scrapy: str | None = None
    #: Scrapy's setting that carries it to the crawl.

    scale: int = 1
    #: How many of Scrapy's unit one of ours is.

    secret: bool = False
    #: Never shown; may be written as ``env:NAME``.


SETTINGS: tuple[Setting, ...] = (
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
    # --- kept pages
    Setting(
        "pages.keep",
        True,
        Switch(),
        "WARTA_PAGES",
        "Whether article pages are kept as they came, in a file beside the database",
        "WARTA_PAGES",
    ),
    Setting(
        "pages.limit",
        20,
        Number(0, 100_000, "GB"),
        "WARTA_PAGES_LIMIT",
        "The size of that file at most; 0: no limit",
        "WARTA_PAGES_LIMIT",
    ),
    Setting(
        "pages.days",
        0,
        Number(0, 36_500, "days"),
        "WARTA_PAGES_DAYS",
        "How long a page is kept that is not met again; 0: for good",
        "WARTA_PAGES_DAYS",
    ),
    Setting(
        "pages.noarchive",
        False,
        Switch(),
        "WARTA_PAGES_NOARCHIVE",
        "Whether pages are kept that ask for no copy to be kept",
        "WARTA_PAGES_NOARCHIVE",
    ),
    # --- what is let go
    Setting(
        "retention.fetches_days",
        0,
        Whole(0, 36_500, "days"),
        "WARTA_RETENTION_FETCHES",
        "How long earlier visits of a URL are remembered; the last one, and those with a kept page, are in "
        "any case; 0: for good",
    ),
    Setting(
        "retention.runs_days",
        0,
        Whole(0, 36_500, "days"),
        "WARTA_RETENTION_RUNS",
        "How long the run log is kept, at least 31; a run that an article names keeps its row; 0: for good",
    ),
    # --- the watch
    Setting("watch.pace_min", 5, PACE, "WARTA_PACE_MIN", "Between two polls of an outlet lies this at least"),
    Setting(
        "watch.pace_max", 120, PACE, "WARTA_PACE_MAX", "Between two polls of an outlet lies this at most"
    ),
    Setting("watch.paces", {}, Paces(), None, "The same for single outlets: at least and at most"),
    Setting(
        "watch.round_seconds",
        600,
        Whole(10, 86_400, "seconds"),
        "WARTA_ROUND_SECONDS",
        "A crawl of the watch ends after so long, so that one slow outlet keeps none waiting",
    ),
    Setting(
        "watch.metrics",
        "",
        Text(
            'a port or an address of this machine with one, "9177" or "127.0.0.1:9177", or empty',
            re.compile(r"(?:(?:\[[0-9a-fA-F:]+\]|[\w.-]+):)?[0-9]{1,5}"),
            may_be_empty=True,
        ),
        "WARTA_METRICS",
        "Where the watch serves metrics for Prometheus; a port alone is reached from this machine alone",
    ),
    # --- what is told
    Setting(
        "log.format",
        "text",
        Choice(("text", "json")),
        "WARTA_LOG_FORMAT",
        "How crawl and watch write their log: lines for people, or one JSON object a line",
    ),
    Setting(
        "alerts.command",
        "",
        Command(),
        "WARTA_ALERT_COMMAND",
        "What the watch runs where an outlet changed, without a shell; the alert comes on standard input",
    ),
    Setting(
        "alerts.webhook",
        "",
        Text(
            "an address with http:// or https://, or empty",
            re.compile(r"https?://[^\s/]\S*"),
            may_be_empty=True,
        ),
        "WARTA_ALERT_WEBHOOK",
        "The address that the watch asks then, by POST with the alert as JSON",
        secret=True,
    ),
    Setting(
        "alerts.mail.server",
        "",
        Text(
            'a host, or one with a port, such as "smtp.your.site:587", or empty',
            re.compile(r"(?:\[[0-9a-fA-F:]+\]|[\w.-]+)(?::[0-9]{1,5})?"),
            may_be_empty=True,
        ),
        "WARTA_MAIL_SERVER",
        "The mail server that takes alerts; without a port: 587, 465 for tls, 25 for none",
    ),
    Setting(
        "alerts.mail.sender",
        "",
        Text(_MAIL.allowed, _MAIL.form, may_be_empty=True),
        "WARTA_MAIL_SENDER",
        "Whom alerts come from",
    ),
    Setting("alerts.mail.recipients", (), Texts(_MAIL), "WARTA_MAIL_RECIPIENTS", "Whom alerts go to"),
    Setting(
        "alerts.mail.security",
        "starttls",
        Choice(("starttls", "tls", "none")),
        "WARTA_MAIL_SECURITY",
        "How the line to the mail server is secured; none only for one on this machine or its own net",
    ),
    Setting(
        "alerts.mail.user",
        "",
        Text("a name, or empty", may_be_empty=True),
        "WARTA_MAIL_USER",
        "The name to log in with; empty: no login",
        secret=True,
    ),
    Setting(
        "alerts.mail.password",
        "",
        Text("a password, or empty", may_be_empty=True),
        "WARTA_MAIL_PASSWORD",
        "The password to log in with",
        secret=True,
    ),
)

_BY_KEY = {each.key: each for each in SETTINGS}


def setting(key: str) -> Setting:
    """The setting of that key; KeyError where there is none."""
    return _BY_KEY[key]

"""Settings of what is kept, of the watch, and of what it tells to whom."""

from __future__ import annotations

import re

from crawler.configuration.declaration import Setting
from crawler.configuration.kinds import PACE, Choice, Command, Number, Paces, Switch, Text, Texts, Whole

_MAIL = Text('an address such as "desk@your.site"', re.compile(r"[^\s<>,;:\"()\[\]@]+@[A-Za-z0-9.-]+"))

OPERATION: tuple[Setting, ...] = (
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

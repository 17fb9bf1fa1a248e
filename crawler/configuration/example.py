"""A file of all settings with their meaning and default, to begin from: ``warta config example``."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from crawler.configuration.declared import SETTINGS, Setting
from crawler.configuration.kinds import written

_TABLES = {
    "": "Warta's settings; docs/configuration.md explains them. A line without its # counts.\n"
    "# Check what you wrote: warta config check",
    "sources": "Which outlets.",
    "crawl": "How they are crawled.",
    "pages": "Article pages as they came.",
    "retention": "What is let go with time; articles never are.",
    "watch": "warta watch.",
    "log": "What crawl and watch tell.",
    "alerts": "Who is told where an outlet changed.",
    "alerts.mail": 'The same by mail. Secrets may stand in the environment: password = "env:SMTP_PASSWORD"',
}


def example() -> str:
    """The file: each setting is written as a comment, so that a default that changes later is followed."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    table = None
    for each in SETTINGS:
        own, _, name = each.key.rpartition(".")
        if own != table:
            if table is not None:
                yield ""
            table = own
            yield f"# {_TABLES[own]}"
            if own:
                yield f"[{own}]"
        yield ""
        yield from (f"# {line}" for line in wrap(f"{each.meaning}. {_allowed(each)}.", 100))
        yield f"#{name} = {written(each.default)}"


def _allowed(each: Setting) -> str:
    allowed = each.kind.allowed
    return allowed[0].upper() + allowed[1:]

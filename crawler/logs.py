"""The log of crawl and watch on standard error: lines for people, or one JSON object a line."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

Context = Callable[[logging.LogRecord], Mapping[str, Any]]
#: What is known of where a record comes from: ``run`` and ``outlets``.


def moment(record: logging.LogRecord) -> str:
    """When it happened, ISO 8601 in UTC."""
    return f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%SZ}"


class JsonLines(logging.Formatter):
    """One JSON object a line: ``time``, ``level``, ``logger``, ``message``, ``exception`` where there is one;
    ``run`` and ``outlet`` (``outlets`` where they are several) where it is about one.
    """

    def __init__(self, context: Context | None = None) -> None:
        super().__init__()
        self._context = context

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        known = dict(self._context(record)) if self._context else {}
        known |= {name: getattr(record, name) for name in ("run", "outlets") if hasattr(record, name)}
        if known.get("run"):
            line["run"] = known["run"]
        if outlets := list(known.get("outlets") or ()):
            line |= {"outlet": outlets[0]} if len(outlets) == 1 else {"outlets": outlets}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)  # in ASCII: nothing in it is obeyed by a terminal


class CrawlContext:
    """The run of a crawl, and the outlet of the request or page a line is about."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    def __call__(self, record: logging.LogRecord) -> Mapping[str, Any]:
        spider = self._crawler.spider
        known: dict[str, Any] = {}
        if (run := getattr(spider, "run", None)) is not None:
            known["run"] = run
        catalogue, url = getattr(spider, "catalogue", None), _address_in(record)
        if catalogue is not None and url is not None and (source := catalogue.match(url)) is not None:
            known["outlets"] = [source.slug]
        return known


def _address_in(record: logging.LogRecord) -> str | None:
    """What a line is about: Scrapy's name the request or response, ours begin with a URL or a host."""
    if isinstance(record.args, Mapping):
        about = record.args.get("request") or record.args.get("response")
        return getattr(about, "url", None)
    first = record.args[0] if record.args else None
    if not isinstance(first, str):
        return None
    return first if "://" in first else f"http://{first}/"


def speak_json(level: int = logging.NOTSET, context: Context | None = None) -> None:
    """Let everything that is logged in this process from *level* on be JSON on standard error."""
    told = logging.StreamHandler(sys.stderr)
    told.setFormatter(JsonLines(context))
    told.setLevel(level)
    logging.root.handlers = [
        each for each in logging.root.handlers if not isinstance(each.formatter, JsonLines)
    ] + [told]


def speaks_json() -> bool:
    """Whether the log of this process is JSON."""
    return any(isinstance(each.formatter, JsonLines) for each in logging.root.handlers)

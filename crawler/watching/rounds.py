"""One crawl of some outlets as a process of its own: the side of the child, and what is said to it and by it.

Scrapy's reactor runs once, and memory that a crawl took goes with its process. The order comes as a line of
JSON on standard input, the report goes as one to standard output. When standard input ends, the watch is
gone, and the crawl is stopped.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from crawler.configuration import taken
from crawler.errors import WartaError
from crawler.run import crawl

STOP_SECONDS = 7.0
#: A crawl that was told to stop may finish what is on its way for so long; then it is told again.


@dataclass(slots=True, frozen=True)
class Order:
    """What to crawl."""

    sources: Sequence[str]
    database: str
    directories: Sequence[str] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    configuration: Mapping[str, Any] = field(default_factory=dict)
    #: What the watch was started with: a file that is being edited counts from its next start on.

    log_format: str = "text"


@dataclass(slots=True, frozen=True)
class Report:
    """What came of it."""

    run: int | None = None
    #: Its id in the database; null where it did not come to begin, or died.

    reason: str = ""
    #: As in the run log.

    failed: Mapping[str, str] = field(default_factory=dict)
    #: Outlets of which nothing could be read, and why.

    left: Mapping[str, int] = field(default_factory=dict)
    #: URLs per outlet that wait for the next round.

    error: str | None = None
    #: What kept it from going on, in words.


def main() -> None:
    """Crawl what standard input says, and tell on standard output what came of it."""
    order = Order(**json.loads(_line()))
    Thread(target=_end_with_parent, daemon=True).start()
    taken(order.configuration)
    try:
        done = crawl(
            order.sources,
            order.database,
            even_if_off=True,  # the watch has chosen
            directories=[Path(directory) for directory in order.directories],
            settings=dict(order.settings),
            log_format=order.log_format,
        )
        report = Report(done.run, done.reason, done.failed, done.left)
    except WartaError as error:
        report = Report(error=str(error))
    print(json.dumps(asdict(report)), flush=True)


def _line() -> bytes:
    """The first line of standard input, and not a byte more: what reads ahead would wait for an end."""
    line = b""
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        line += byte
    return line


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(STOP_SECONDS)


if __name__ == "__main__":
    main()

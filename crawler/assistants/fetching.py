"""A page by its URL, fetched as ``warta extract`` does, by a process of its own: a reactor runs once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from crawler.discovery import normalise
from crawler.errors import PageError

SECONDS = 90.0
#: So long may a page take; then its process is ended.

PAUSE = 3.0
#: Seconds between two fetches: each process begins anew, and knows nothing of the one before.

_one_at_a_time = Lock()
_last = -PAUSE


def fetch(url: str, *, private: bool = False) -> dict[str, Any]:
    """The record of the page at a URL; :class:`PageError` where it cannot be had.

    One at a time, ``PAUSE`` apart, whoever asks. *private*: whether it may lie at a private address.
    """
    global _last  # noqa: PLW0603
    if urlsplit(url).scheme not in {"http", "https"} or normalise(url) is None:
        raise PageError(f"{url[:200]!r} is no address of a web page")
    with _one_at_a_time:
        time.sleep(max(0.0, _last + PAUSE - time.monotonic()))
        try:
            ended = subprocess.run(  # noqa: S603 (an address is an argument of our own module)
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "crawler.assistants.visiting",
                    url,
                    *(["private"] if private else []),
                ],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise PageError(f"{url}: took longer than {SECONDS:.0f} seconds") from None
        finally:
            _last = time.monotonic()
    try:
        answer = json.loads(ended.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        raise PageError(f"{url}: its reader ended with code {ended.returncode}") from None
    if "unread" in answer:
        raise PageError(f"{url}: {answer['unread']}")
    record: dict[str, Any] = answer["record"]
    return record

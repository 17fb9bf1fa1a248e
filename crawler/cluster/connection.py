"""The connection to Redis: made from an address, imported only when it is asked for, told in plain words."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import SettingError
from pipelines.extras import import_extra

logger = logging.getLogger(__name__)

#: Keys; another cluster takes another database number of the same Redis.
SESSIONS, DUE, STREAM, GROUP, WRITER = "warta:session", "warta:due", "warta:notes", "writer", "warta:writer"
LEASE, CRAWLER, HOST = "warta:lease:", "warta:crawler:", "warta:host:"
REPLIES, ENDED = "warta:replies:", "warta:ended:"

TIMEOUT = 10.0
#: Seconds that Redis may take to answer; longer than any question that waits there.


def connect(url: str, *, asynchronous: bool = False) -> Any:
    """A client for the Redis at *url*; nothing is sent yet.

    Raises SettingError for what is no address, MissingExtraError where the client is not installed.
    """
    client = import_extra("redis.asyncio" if asynchronous else "redis", "redis").Redis
    try:
        # It retries nothing by itself: who asks knows whether to ask twice.
        return client.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=None)
    except ValueError as error:
        raise SettingError(
            "the address of Redis does not hold: it looks like redis://127.0.0.1:6379/0, "
            "rediss:// with TLS or unix:///path"
        ) from error


def away() -> tuple[type[Exception], ...]:
    """What is raised while Redis is away, loading, full or cannot write its file: it is asked again later."""
    return (import_extra("redis", "redis").exceptions.RedisError, OSError)


def check(client: Any, url: str) -> None:
    """Raise SettingError where Redis refuses us for good; warn of settings that could lose notes."""
    errors = import_extra("redis", "redis").exceptions
    try:
        client.ping()
        kept = client.config_get("appendonly").get("appendonly")
        policy = client.config_get("maxmemory-policy").get("maxmemory-policy")
    except (errors.AuthenticationError, errors.NoPermissionError) as error:
        raise SettingError(f"the Redis at {place(url)} refuses us: {error}") from error
    except errors.ResponseError as error:
        if "NOAUTH" in str(error):
            raise SettingError(f"the Redis at {place(url)} wants a password in its address") from error
        return  # it does not tell how it is set, as some hosted ones do
    if kept == "no":
        logger.warning(
            "the Redis at %s keeps nothing on disk: set appendonly yes, or a restart loses what waits there",
            place(url),
        )
    if policy not in {"noeviction", None}:
        logger.warning(
            "the Redis at %s drops keys when it is full: set maxmemory-policy noeviction", place(url)
        )


def place(url: str) -> str:
    """Where a Redis is, without user and password.

    >>> place("redis://:secret@10.0.0.5:6379/1")
    '10.0.0.5:6379/1'
    """
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}"

"""What a setting is: its names, what it may be, its default, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crawler.configuration.kinds import Kind


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

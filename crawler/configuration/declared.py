"""Every setting, once: all that reads, shows, documents or checks settings reads this list."""

from __future__ import annotations

from crawler.configuration.declaration import Setting
from crawler.configuration.of_the_crawl import CRAWL, NO_CONTACT
from crawler.configuration.of_the_operation import OPERATION

__all__ = ["NO_CONTACT", "SETTINGS", "Setting", "setting"]

SETTINGS: tuple[Setting, ...] = (*CRAWL, *OPERATION)

_BY_KEY = {each.key: each for each in SETTINGS}


def setting(key: str) -> Setting:
    """The setting of that key; KeyError where there is none."""
    return _BY_KEY[key]

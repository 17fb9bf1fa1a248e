"""What Scrapy is told of the configuration."""

from __future__ import annotations

from typing import Any

from crawler import __version__
from crawler.configuration.declared import SETTINGS
from crawler.configuration.loading import Configuration


def scrapy_settings(configuration: Configuration) -> dict[str, Any]:
    """Scrapy's settings by their names; the user agent names whom to write to."""
    told: dict[str, Any] = {}
    for each in SETTINGS:
        if each.scrapy is None:
            continue
        value = configuration[each.key]
        if isinstance(value, tuple):
            value = list(value)
        told[each.scrapy] = value if each.scale == 1 else int(value * each.scale)
    # Some publishers refuse product user agents and accept a browser-shaped one that names its crawler.
    told["USER_AGENT"] = f"Mozilla/5.0 (compatible; Warta/{__version__}; +{configuration['contact']})"
    return told

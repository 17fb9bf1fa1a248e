"""What the operator has set: in ``warta.toml``, in the environment, else by default. Read by all."""

from crawler.configuration.declared import NO_CONTACT, SETTINGS, Setting, setting
from crawler.configuration.loading import Configuration, Origin, chosen, current, examine, taken
from crawler.configuration.scrapy import scrapy_settings

__all__ = [
    "NO_CONTACT",
    "SETTINGS",
    "Configuration",
    "Origin",
    "Setting",
    "chosen",
    "current",
    "examine",
    "scrapy_settings",
    "setting",
    "taken",
]

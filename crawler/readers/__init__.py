"""Processes that read pages and lists beside the reactor, so that reading never holds up fetching."""

from crawler.readers.pool import Readers, Unreadable

__all__ = ["Readers", "Unreadable"]

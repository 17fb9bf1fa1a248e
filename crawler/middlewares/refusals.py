"""Why a request is not made: raised by the middlewares, counted by the spiders' errbacks."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class Refused(IgnoreRequest):
    """The request must not be made, now or later; *reason* in a few words: ``robots.txt``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Postponed(IgnoreRequest):
    """The request may be made in a later run; *reason* in a few words, null where this run is stopped."""

    def __init__(self, reason: str | None = None) -> None:
        super().__init__(reason or "the run is being stopped")
        self.reason = reason

"""Which records of an archive are read at all: by type and address, before anything is parsed."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.discovery import has_article_shape, looks_like_article, normalise
from crawler.sources import Catalogue

_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/xhtml"})
_FAMILIES = frozenset({"application", "audio", "font", "image", "text", "video"})


class Admission:
    """The rules that one reading of archives follows.

    An outlet that claims an address decides by its own patterns; elsewhere the shape of the address does.
    With *every_address* no address is refused but one that is none.
    """

    def __init__(self, catalogue: Catalogue, *, every_address: bool = False) -> None:
        self._catalogue = catalogue
        self._every_address = every_address

    def against_address(self, url: str) -> str | None:
        """Why a page of this address is not read; null where it is."""
        clean = normalise(url)
        if clean is None:
            return "no web address"
        if urlsplit(clean).path == "/robots.txt":
            return "robots.txt"
        if self._every_address:
            return None
        source = self._catalogue.match(clean)
        is_article = has_article_shape(clean) if source is None else looks_like_article(clean, source)
        return None if is_article else "no article's address"


def against_answer(status: int | None, content_type: str | None) -> str | None:
    """Why an answer is no page; null where it is one, or does not say what it is."""
    if status is None:
        return "broken HTTP"
    if 300 <= status < 400:
        return "redirect"
    if status != 200:
        return f"status {status}" if 100 <= status < 600 else "broken HTTP"
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind and kind not in _PAGE_TYPES:
        return f"type {_family(kind)}"
    return None


def _family(kind: str) -> str:
    """A few words for a type, whatever a server made up."""
    if kind == "application/pdf":
        return "PDF"
    family = kind.partition("/")[0]
    return family if family in _FAMILIES else "unknown"

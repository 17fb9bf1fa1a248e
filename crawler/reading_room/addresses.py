"""Where things are found in the room."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def outlet(slug: str) -> str:
    """The page of an outlet."""
    return f"/outlets/{quote(slug, safe='')}"


def article(article_id: int) -> str:
    """The page of an article."""
    return f"/article/{article_id}"


def search(**filters: object) -> str:
    """The search with these filters and no words: the newest first."""
    return "/?" + urlencode(filters)

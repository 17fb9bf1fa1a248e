"""Posts: the newest articles as a WordPress site's REST API lists them, read into candidates.

https://developer.wordpress.org/rest-api/reference/posts/
"""

from __future__ import annotations

import json
from typing import Any

from crawler.discovery.evidence import iso_date, plain_text
from crawler.discovery.urls import normalise
from crawler.items import Candidate

MAX_BYTES = 10 * 1024 * 1024


def read_posts(data: bytes, url: str) -> list[Candidate]:
    """The published posts of one page of the list, in its order, each URL once.

    ``url`` is the page's own address. What is no such list gives an empty one; posts with a password, and
    whatever is not yet published, are left out.
    """
    if len(data) > MAX_BYTES:
        return []
    try:
        posts = json.loads(data)
    except (ValueError, RecursionError):
        return []
    found: dict[str, Candidate] = {}
    for post in posts if isinstance(posts, list) else []:
        candidate = _candidate(post, url) if isinstance(post, dict) else None
        if candidate is not None:
            found.setdefault(candidate.url, candidate)
    return list(found.values())


def _candidate(post: dict[str, Any], url: str) -> Candidate | None:
    link = post.get("link")
    address = normalise(link, url) if isinstance(link, str) else None
    if address is None or post.get("status", "publish") != "publish" or _is_protected(post):
        return None
    title = post.get("title")
    rendered = title.get("rendered") if isinstance(title, dict) else None
    published, modified = _moment(post, "date"), _moment(post, "modified")
    return Candidate(
        url=address,
        found_in=url,
        title=plain_text(rendered) if isinstance(rendered, str) else None,
        published=published,
        modified=modified if modified != published else None,
    )


def _is_protected(post: dict[str, Any]) -> bool:
    content = post.get("content")
    return isinstance(content, dict) and content.get("protected") is True


def _moment(post: dict[str, Any], name: str) -> str | None:
    """A time in UTC where the site says it (``date_gmt``), else its own clock without a zone."""
    universal, local = post.get(f"{name}_gmt"), post.get(name)
    if isinstance(universal, str) and (moment := iso_date(universal)) is not None and "T" in moment:
        return moment if moment[-6:-5] in "+-" else f"{moment}+00:00"
    return iso_date(local) if isinstance(local, str) else None

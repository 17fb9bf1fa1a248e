"""The process that fetches one page for an assistant, and prints its record or why there is none as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

from crawler.errors import WartaError
from crawler.run import run_spider
from crawler.spiders.urls import UrlsSpider


class AskedSpider(UrlsSpider):
    """Reads a page that an assistant asked for.

    A page's text may have made it ask: that the address was given declares nothing, unlike on the command
    line, and private ones stay shut.
    """

    name = "asked"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.declared_hosts = frozenset()


def visit(url: str, *, private: bool) -> dict[str, Any]:
    """``{"record": ...}`` or ``{"unread": why}``. Once in a process."""
    try:
        spider = run_spider(AskedSpider, {"WARTA_ALLOW_PRIVATE": private}, urls=[url]).spider
    except WartaError as error:
        return {"unread": str(error)}
    assert isinstance(spider, AskedSpider)  # noqa: S101 (tells the type checker what was started)
    if found := spider.visits.get(url):
        return {"record": found.article.to_dict()}
    return {"unread": f"could not be read: {spider.failures.get(url, 'interrupted')}"}


if __name__ == "__main__":
    print(json.dumps(visit(sys.argv[1], private=sys.argv[2:] == ["private"])))

"""Pages that came in a crawl that was killed before it had read them: they are not asked for again."""

from __future__ import annotations

from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response


class KeptPages:
    """Answers requests for articles that wait in the frontier from the pages kept beside the database.

    The spider keeps a page before it is read (``read_article``). Reads no settings; finds the writer on the
    spider. Behind the rules of robots.txt, which hold here, too.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> Response | None:
        if "turn_of" not in request.meta:
            return None
        spider: Any = self._crawler.spider
        page = spider.writer.unread_page(request.url)
        if page is None:
            return None
        self._crawler.stats.inc_value("warta/pages_read_from_before")
        request.meta["fetched_at"] = page.entry.fetched_at
        if page.entry.url != request.url:
            request.meta["redirect_urls"] = [request.url]
        headers = page.entry.headers | {"content-type": page.entry.content_type or "text/html"}
        return HtmlResponse(page.entry.url, headers=headers, body=page.body, request=request)

"""Given URLs, fetched as politely as a crawl fetches and read into visits; nothing is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.discovery import normalise, whole_story_url
from crawler.items import Visit
from crawler.spiders.base import WartaSpider, hosts_of
from crawler.spiders.reading import is_page, media_type
from crawler.spiders.verdicts import judge, request_of


class UrlsSpider(WartaSpider):
    """Reads single pages.

    Argument ``urls``: URLs parted by white space, or a list of them. What could not be read stands in
    ``failures`` (URL to reason) when the spider has closed, what was read in ``visits`` (URL to visit)
    and ``pages`` (URL to the bytes served).
    """

    name = "urls"
    custom_settings = {"WARTA_DATABASE": None, "ITEM_PIPELINES": {}, "WARTA_READERS": 0}  # noqa: RUF012 (Scrapy declares it so)

    def __init__(self, urls: str | list[str] = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        given = urls.split() if isinstance(urls, str) else urls
        self.urls = list(dict.fromkeys(given))
        self.declared_hosts = hosts_of(self.urls)
        self.visits: dict[str, Visit] = {}
        self.pages: dict[str, bytes] = {}
        self.failures: dict[str, str] = {}

    async def start(self) -> AsyncIterator[Any]:
        for url in self.urls:
            address = normalise(url)
            if address is None:
                self.failures[url] = "no web address"
                continue
            source = self.catalogue.match(address)
            yield Request(
                whole_story_url(address, source) if source is not None else address,
                callback=self.read_page,
                errback=self.note_failure,
                cb_kwargs={"url": url},
                dont_filter=True,
            )

    async def read_page(self, response: Response, url: str) -> AsyncIterator[Visit]:
        if not is_page(response):
            self.failures[url] = f"no page ({media_type(response) or 'empty'})"
            return
        try:
            visit = await self.read_whole(response)
        except Exception as fault:  # whatever the reader stumbles over
            self.failures[url] = self.note_misread(response, fault)
            return
        if visit is None:
            return
        self.visits[url] = visit
        self.pages[url] = response.body
        yield replace(visit, pages=[])  # what is exported is the record

    def note_failure(self, failure: Failure) -> None:
        url: str = request_of(failure).cb_kwargs["url"]
        self.failures[url] = judge(failure).reason or "interrupted"

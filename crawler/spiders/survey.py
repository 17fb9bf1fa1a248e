"""A site looked at once, to declare it: home page, robots.txt, the usual places of feeds and sitemaps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawler.spiders.base import WartaSpider, hosts_of
from crawler.spiders.reading import is_page, media_type
from crawler.spiders.site import (
    API_PATH,
    FEED_PATHS,
    SITEMAP_PATHS,
    Site,
    add_feed,
    add_sitemap,
    offers_wordpress,
    read_home,
    sitemaps_of_robots,
)
from crawler.spiders.verdicts import judge


class SurveySpider(WartaSpider):
    """Looks at the site of one URL; what it found stands in ``site`` when the spider has closed.

    Argument ``url``. Where the home page could not be read ``site`` is null and ``failure`` says why.
    """

    name = "survey"
    custom_settings = {"WARTA_DATABASE": None, "ITEM_PIPELINES": {}}  # noqa: RUF012 (Scrapy declares it so)

    def __init__(self, url: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url = url
        self.declared_hosts = hosts_of([url])
        self.site: Site | None = None
        self.failure: str | None = "interrupted"
        self._asked: set[str] = set()

    async def start(self) -> AsyncIterator[Any]:
        yield Request(self.url, callback=self.read_home, errback=self.note_failure, dont_filter=True)

    def read_home(self, response: Response) -> Iterator[Request]:
        """Read the home page, then ask for all that may list articles."""
        if not is_page(response):
            self.failure = f"no page ({media_type(response) or 'empty'})"
            return
        site = self.site = read_home(response.body, response.url)
        yield from self._ask(urljoin(site.url, "/robots.txt"), self.read_robots)
        for url in (*site.announced, *(urljoin(site.url, path) for path in FEED_PATHS)):
            yield from self._ask(url, self.read_feed)
        for path in SITEMAP_PATHS:
            yield from self._ask(urljoin(site.url, path), self.read_sitemap)
        if site.platform is None:
            yield from self._ask(urljoin(site.url, API_PATH), self.read_api)

    def read_robots(self, response: Response) -> Iterator[Request]:
        text = response.text if isinstance(response, TextResponse) else ""
        for url in sitemaps_of_robots(text, response.url):
            yield from self._ask(url, self.read_sitemap)

    def read_feed(self, response: Response) -> None:
        if self.site is not None:
            add_feed(self.site, response.body, response.url)

    def read_sitemap(self, response: Response) -> None:
        if self.site is not None:
            add_sitemap(self.site, response.body, response.url)

    def read_api(self, response: Response) -> None:
        if self.site is not None and offers_wordpress(response.body):
            self.site.platform = "wordpress"

    def note_failure(self, failure: Failure) -> None:
        self.failure = judge(failure).reason or "interrupted"

    def pass_over(self, failure: Failure) -> None:
        """A place where nothing is; most of those that are tried are."""

    def _ask(self, url: str, callback: Callable[[Response], Any]) -> Iterator[Request]:
        if url not in self._asked:
            self._asked.add(url)
            yield Request(url, callback=callback, errback=self.pass_over, dont_filter=True)

"""Discovery over the network: feeds, sitemaps, index and listing pages are fetched, their candidates kept."""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.discovery import IndexPage, index_urls, looks_like_article, read_feed, read_listing, read_sitemap
from crawler.items import Candidate
from crawler.sources import Source
from crawler.spiders.base import WartaSpider
from crawler.spiders.period import Period
from crawler.spiders.verdicts import judge, request_of

SCOUT_FIRST = 10
#: Priority of discovery over articles: what is new shows early and per-outlet limits fill with it.


def endpoints(source: Source) -> tuple[str, ...]:
    """Where an outlet lists its articles, index templates apart; its homepage where nothing is declared."""
    declared = (*source.feeds, *source.sitemaps, *source.listing_pages)
    if declared or source.index_pages or source.homepage is None:
        return declared
    return (source.homepage,)


class ScoutingSpider(WartaSpider):
    """Turns what outlets list into candidates, and new candidates into article requests.

    Counts per outlet which lists were read and which were not: an outlet none of whose lists could be
    read has failed. Settings: WARTA_INDEX_PAGES.
    """

    sources: list[Source]
    period: Period
    thorough = False
    #: Whether dated and paged indexes are followed through the whole period instead of to known ground.

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lists_read: set[str] = set()
        self._sitemaps: set[str] = set()
        self.lists_failed: defaultdict[str, dict[str, str]] = defaultdict(dict)

    @abstractmethod
    def ask_for(self, candidates: Iterable[Candidate], source: Source) -> Iterator[Request]:
        """Requests for articles, as far as the outlet's limit goes."""

    @abstractmethod
    def is_sated(self, source: Source) -> bool:
        """Whether the outlet's limit is reached."""

    def unread_outlets(self) -> dict[str, str]:
        """Outlets whose lists were asked for and none could be read, with the first reason."""
        return {
            slug: next(iter(faults.values()))
            for slug, faults in self.lists_failed.items()
            if slug not in self.lists_read
        }

    def scout(self, source: Source) -> Iterator[Request]:
        """Requests for everything that lists the outlet's articles."""
        for url in source.feeds:
            yield self._list_request(url, self.read_feed, source)
        for url in source.sitemaps:
            yield self._list_request(url, self.read_sitemap, source)
        for url in endpoints(source)[len(source.feeds) + len(source.sitemaps) :]:
            yield self._list_request(url, self.read_listing, source)
        first, last = self.period.index_days(source, datetime.now(UTC))
        pages = list(index_urls(source, first, last))
        # One chain per template, from the last day back, so that each stops at its own known ground.
        for template in dict.fromkeys(page.template for page in pages):
            chain = [page for page in pages if page.template == template]
            yield self._index_request(chain[0], source, chain[1:], set())

    def read_feed(self, response: Response, source: Source) -> Iterator[Request]:
        candidates = read_feed(response.body, response.url, source.feed_timezone)
        self._note_list(response, source, "feed", bool(candidates))
        yield from self.ask_for(self._keep(candidates, source), source)

    def read_sitemap(self, response: Response, source: Source) -> Iterator[Request]:
        content = read_sitemap(response.body, response.url)
        self._note_list(response, source, "sitemap", bool(content.candidates or content.sitemaps))
        articles = [
            candidate for candidate in content.candidates if looks_like_article(candidate.url, source)
        ]
        yield from self.ask_for(self._keep(articles, source), source)
        now = datetime.now(UTC)
        for url, lastmod in content.sitemaps:
            known = url in self._sitemaps  # or indexes that name each other would go round
            if not known and self.period.may_hold(lastmod, now) and not self.is_sated(source):
                self._sitemaps.add(url)
                yield self._list_request(url, self.read_sitemap, source)

    def read_listing(self, response: Response, source: Source) -> Iterator[Request]:
        candidates = read_listing(response.body, response.url, source)
        self._note_list(response, source, "list", bool(candidates))
        yield from self.ask_for(self._keep(candidates, source), source)

    def read_index(
        self, response: Response, source: Source, page: IndexPage, days: list[IndexPage], seen: set[str]
    ) -> Iterator[Request]:
        """Read a page of an index and go on to its next page, or to the day before.

        Goes on while a page brings something new; when thorough, while it brings what this walk has
        not seen, since after a killed run known ground may have unknown ground behind it.
        """
        candidates = read_listing(response.body, response.url, source)
        # A day without articles has an empty page, and so has the page after the last.
        self._note_list(response, source, "index", read=True)
        new = self._keep(candidates, source)
        unseen = [candidate for candidate in candidates if candidate.url not in seen]
        seen.update(candidate.url for candidate in candidates)
        yield from self.ask_for(new, source)
        if self.is_sated(source):
            return
        following = page.next()
        brings_more = bool(unseen if self.thorough else new)
        if following is not None and brings_more and following.number <= self._most_pages:
            yield self._index_request(following, source, days, seen)
        elif days and (self.thorough or brings_more or self._is_latest(page, source)):
            yield self._index_request(days[0], source, days[1:], seen)

    def note_list_failure(self, failure: Failure) -> Iterator[Request]:
        """Count a list that could not be read; an index without a day's page goes on with the day before."""
        request = request_of(failure)
        source: Source = request.cb_kwargs["source"]
        verdict = judge(failure)
        if verdict.reason is None:
            return
        page: IndexPage | None = request.cb_kwargs.get("page")
        # Behind the last page of an index there is none; that is no fault.
        if page is None or page.number == 1 or verdict.state != "gone":
            self.lists_failed[source.slug][request.url] = verdict.reason
            self.writer.count(self.run, source.slug, "failed", reason=f"list: {verdict.reason}")
        if page is not None and verdict.response is not None:
            days: list[IndexPage] = request.cb_kwargs["days"]
            if days:
                yield self._index_request(days[0], source, days[1:], request.cb_kwargs["seen"])

    def _keep(self, candidates: Iterable[Candidate], source: Source) -> list[Candidate]:
        """Put the outlet's candidates of the period into the frontier; returns those that are new there."""
        now = datetime.now(UTC)
        fitting = []
        for candidate in candidates:
            excluded = source.exclude_url is not None and source.exclude_url.search(candidate.url)
            if self.catalogue.match(candidate.url) is not source or excluded:
                continue
            if self.period.covers(candidate, source, now):
                candidate.source = source.slug
                fitting.append(candidate)
        return self.writer.found(fitting, self.run)

    def _note_list(self, response: Response, source: Source, kind: str, read: bool) -> None:
        if read:
            self.lists_read.add(source.slug)
            return
        self.lists_failed[source.slug][response.url] = "nothing in it"
        self.writer.count(self.run, source.slug, "failed", reason=f"{kind}: nothing in it")

    def _list_request(
        self, url: str, callback: Callable[..., Iterator[Request]], source: Source, **more: Any
    ) -> Request:
        return Request(
            url,
            callback=callback,
            errback=self.note_list_failure,
            cb_kwargs={"source": source, **more},
            meta={"source": source.slug},
            priority=SCOUT_FIRST,
            dont_filter=True,
        )

    def _index_request(
        self, page: IndexPage, source: Source, days: list[IndexPage], seen: set[str]
    ) -> Request:
        request = self._list_request(page.url, self.read_index, source, page=page, days=days, seen=seen)
        request.meta["depth_reset"] = True  # a long walk through an index is no deep one
        return request

    def _is_latest(self, page: IndexPage, source: Source) -> bool:
        """Whether a page is of the last day asked for: shortly after midnight it may well be empty."""
        return page.day == self.period.index_days(source, datetime.now(UTC))[1]

    @property
    def _most_pages(self) -> int:
        return self.settings.getint("WARTA_INDEX_PAGES")

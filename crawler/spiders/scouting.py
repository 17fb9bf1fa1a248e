"""Discovery over the network: feeds, sitemaps, index and listing pages are fetched, their candidates kept."""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.discovery import (
    IndexPage,
    SitemapContent,
    index_urls,
    looks_like_article,
    read_feed,
    read_listing,
    read_posts,
    read_sitemap,
)
from crawler.discovery.links import MAX_LINKS
from crawler.items import Candidate
from crawler.middlewares.challenges import CHALLENGE, is_challenge
from crawler.sources import Source
from crawler.spiders.base import WartaSpider
from crawler.spiders.lists import ask_conditionally, state_of, unchanged
from crawler.spiders.period import Period
from crawler.spiders.verdicts import judge, request_of
from pipelines.database.lists import ListState

SCOUT_FIRST = 10
#: Priority of discovery over articles: what is new shows early and per-outlet limits fill with it.


def endpoints(source: Source) -> tuple[str, ...]:
    """Where an outlet lists its articles, index templates apart; its homepage where nothing is declared."""
    declared = (*source.feeds, *source.sitemaps, *source.listing_pages)
    if declared or source.index_pages or source.post_pages or source.homepage is None:
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
    def move_up(self, source: Source) -> None:
        """Ask for what waits of the outlet's articles, as far as its window and limit go."""

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

    async def read_feed(self, response: Response, source: Source) -> None:
        if self._is_unchanged(response, source) is None:
            found = await self._read(response, "feed", source, read_feed, source.feed_timezone)
            await self._keep_list(response, source, "feed", found or [])
        self.move_up(source)

    async def read_sitemap(self, response: Response, source: Source) -> AsyncIterator[Request]:
        now = datetime.now(UTC)
        if (before := self._is_unchanged(response, source)) is not None:
            further = before.sitemaps
        else:
            content = await self._read(response, "sitemap", source, read_sitemap) or SitemapContent()
            articles = [found for found in content.candidates if looks_like_article(found.url, source)]
            further = [
                (url, lastmod) for url, lastmod in content.sitemaps if self.period.may_hold(lastmod, now)
            ]
            holds = bool(content.candidates or content.sitemaps)
            await self._keep_list(response, source, "sitemap", articles, holds=holds, sitemaps=further)
        self.move_up(source)
        for url, lastmod in further:
            known = url in self._sitemaps  # or indexes that name each other would go round
            if not known and self.period.may_hold(lastmod, now) and not self.is_sated(source):
                self._sitemaps.add(url)
                yield self._list_request(url, self.read_sitemap, source)

    async def read_listing(self, response: Response, source: Source) -> None:
        if self._is_unchanged(response, source) is None:
            found = await self._read(response, "list", source, read_listing, source)
            await self._keep_list(response, source, "list", found or [])
        self.move_up(source)

    async def read_index(
        self, response: Response, source: Source, page: IndexPage, days: list[IndexPage], seen: set[str]
    ) -> AsyncIterator[Request]:
        """Read a page of an index and go on to its next page, or to the day before.

        Goes on while a page brings something new; when thorough, while it brings what this walk has
        not seen, since after a killed run known ground may have unknown ground behind it.
        """
        if (before := self._is_unchanged(response, source)) is not None:
            brings_more = self.thorough and before.entries > 0
        else:
            if page.template in source.post_pages:
                found = await self._read(response, "posts", source, read_posts) or []
            else:
                found = await self._read(response, "index", source, read_listing, source) or []
            now = datetime.now(UTC)
            unseen = [c for c in found if c.url not in seen and self.period.covers(c, source, now)]
            seen.update(candidate.url for candidate in found)
            # A day without articles has an empty page, and so has the page after the last.
            new = await self._keep_list(response, source, "index", found, holds=True, entries=len(unseen))
            brings_more = bool(unseen if self.thorough else new)
        self.move_up(source)
        if self.is_sated(source):
            return
        following = page.next()
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
        # Behind the last page of an index there is none; that is no fault. WordPress then answers 400.
        behind = verdict.state == "gone" or verdict.reason == "http 400"
        if page is None or page.number == 1 or not behind:
            self.lists_failed[source.slug][request.url] = verdict.reason
            self.writer.count(self.run, source.slug, "failed", reason=f"list: {verdict.reason}")
        if page is not None and verdict.response is not None:
            days: list[IndexPage] = request.cb_kwargs["days"]
            if days:
                yield self._index_request(days[0], source, days[1:], request.cb_kwargs["seen"])

    async def _keep(self, candidates: Iterable[Candidate], source: Source) -> list[Candidate]:
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
        return await self.memory.add(fitting, self.run)

    async def _read(
        self, response: Response, kind: str, source: Source, reader: Callable[..., Any], *more: Any
    ) -> Any:
        """Let a reader read a list; null, and counted with the reason, where it cannot be read."""
        if is_challenge(response):
            self._note_list_fault(response.url, source, kind, CHALLENGE)
            return None
        try:
            return await self.readers.call(reader, response.body, response.url, *more)
        except Exception as fault:  # whatever the reader stumbles over
            self._note_list_fault(response.url, source, kind, self.note_misread(response, fault))
            return None

    async def _keep_list(
        self,
        response: Response,
        source: Source,
        kind: str,
        found: list[Candidate],
        *,
        holds: bool | None = None,
        entries: int | None = None,
        sitemaps: list[tuple[str, str | None]] | None = None,
    ) -> list[Candidate]:
        """Keep what a list names and, after that, what the list was; returns what is new of it."""
        if not (bool(found) if holds is None else holds):
            if response.url not in self.lists_failed[source.slug]:
                self._note_list_fault(response.url, source, kind, "nothing in it")
            return []
        new = await self._keep(found, source)
        self.lists_read.add(source.slug)
        if kind in {"list", "index"} and response.body.count(b"<a ") > MAX_LINKS:
            reason = f"{kind}: more than {MAX_LINKS} links, the others are left out"
            self.writer.count(self.run, source.slug, "failed", reason=reason)
        self.crawler.stats.inc_value("warta/lists/read")
        reach = self.period.reach(source, datetime.now(UTC))
        amount = len(found) if entries is None else entries
        state = state_of(response, source, reach, entries=amount, sitemaps=sitemaps)
        self.writer.note_list(_asked_for(response), source.slug, state)
        return new

    def _is_unchanged(self, response: Response, source: Source) -> ListState | None:
        """What was read before of a list that is as it was then; null where it has to be read."""
        state = unchanged(response)
        if state is not None:
            self.lists_read.add(source.slug)
            self.crawler.stats.inc_value("warta/lists/unchanged")
            self.writer.note_unchanged_list(_asked_for(response), source.slug, response.url, self.run)
        return state

    def _note_list_fault(self, url: str, source: Source, kind: str, reason: str) -> None:
        self.lists_failed[source.slug][url] = reason
        self.writer.count(self.run, source.slug, "failed", reason=f"{kind}: {reason}")

    def _list_request(self, url: str, callback: Callable[..., Any], source: Source, **more: Any) -> Request:
        request = Request(
            url,
            callback=callback,
            errback=self.note_list_failure,
            cb_kwargs={"source": source, **more},
            meta={"source": source.slug},
            priority=SCOUT_FIRST,
            dont_filter=True,
        )
        reach = self.period.reach(source, datetime.now(UTC))
        ask_conditionally(request, self.memory.list_state(url), source, reach)
        return request

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


def _asked_for(response: Response) -> str:
    """The URL under which a list was asked for, before redirects."""
    first: str = response.meta.get("redirect_urls", [response.url])[0]
    return first

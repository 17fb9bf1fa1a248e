"""The crawl: for each outlet what waits from earlier runs, then what its feeds, sitemaps and lists name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.configuration import NO_CONTACT
from crawler.discovery import whole_story_url
from crawler.errors import DatabaseError, SourceError
from crawler.items import Candidate, Visit
from crawler.middlewares.boundaries import is_local
from crawler.middlewares.challenges import CHALLENGE, is_challenge
from crawler.sources import Catalogue, Source
from crawler.spiders.period import Period, read_bound
from crawler.spiders.reading import (
    arrival_of,
    ask_again,
    describe_fetch,
    is_as_before,
    is_page,
    may_be_kept_unread,
    media_type,
)
from crawler.spiders.scouting import ScoutingSpider
from crawler.spiders.turns import Turns
from crawler.spiders.verdicts import judge, request_of
from pipelines.reservations import check_names


class NewsSpider(ScoutingSpider):
    """Crawls outlets of the catalogue.

    Arguments, all texts, as ``scrapy crawl news -a`` gives them:

    - ``sources``: slugs parted by commas; empty for every enabled outlet;
    - ``since``, ``until``: ISO dates or times; what discovery dates outside of them is left alone;
    - ``limit``: articles asked for per outlet, 0 for no limit;
    - ``revisit``: ISO time; articles published since then are asked for again, with their validators, in
      place of those whose time has come;
    - ``even_if_off``: anything but empty; outlets that are named are crawled though they are switched off.
    """

    name = "news"

    def __init__(
        self,
        *,
        sources: str = "",
        since: str | None = None,
        until: str | None = None,
        limit: str | int = 0,
        revisit: str | None = None,
        even_if_off: str | bool = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.arguments = {
            "since": since,
            "until": until,
            "limit": limit,
            "revisit": revisit,
            "even_if_off": bool(even_if_off),
        }
        self._slugs = [slug.strip() for slug in sources.split(",") if slug.strip()]
        self._bounds = read_bound(since), read_bound(until, end=True)
        self._limit = int(limit)
        self._revisit = read_bound(revisit)
        self._turns = Turns(self._look, self._limit)
        self._answered: set[str] = set()

    def prepare(self) -> None:
        check_names(self.settings.getlist("WARTA_OBEY"))
        self.sources = choose_outlets(self.catalogue, self._slugs, even_if_off=self.arguments["even_if_off"])
        self.period = Period(*self._bounds, days=self.settings.getint("WARTA_DAYS"))
        domains = {domain for source in self.sources for domain in source.domains}
        # A public name that leads to a private address was not declared there, but has been bent there.
        self.declared_hosts = frozenset(filter(is_local, domains))

    async def start(self) -> AsyncIterator[Any]:
        if notice := contact_notice(self.settings["USER_AGENT"], self.sources):
            self.logger.warning(notice)
        slugs = [source.slug for source in self.sources]
        self.thorough = self._bounds[0] is not None or self.memory.was_cut_short(slugs, self.run)
        for source in self.sources:
            self.move_up(source)
            for request in self._revisits(source):
                yield request
            for request in self.scout(source):
                yield request

    def move_up(self, source: Source) -> None:
        for candidate in self._turns.take(source.slug):
            request = self._article_request(candidate, source)
            request.meta["turn_of"] = source
            # Past the spider middlewares, which drop what is deep or long without a word.
            self.crawler.engine.crawl(request)

    def is_sated(self, source: Source) -> bool:
        return self._turns.is_over(source.slug)

    def is_ours(self, url: str) -> bool:
        return self.catalogue.match(url) in self.sources

    async def read_article(self, response: Response, candidate: Candidate) -> AsyncIterator[Visit]:
        """Read a page and hand it to the pipelines."""
        slug = candidate.source or ""
        self._answered.add(slug)
        self._end_turn(response.meta)
        self.writer.count(self.run, slug, "fetched")
        visit = None
        try:
            visit = await self._read_answer(response, candidate)
        except DatabaseError:
            raise
        except Exception as fault:  # whatever the reader stumbles over
            self._set_aside(candidate, response, "failed", self.note_misread(response, fault))
        if visit is not None:
            yield visit

    async def _read_answer(self, response: Response, candidate: Candidate) -> Visit | None:
        """The visit of a page; what is no page, or the same as before, is settled here."""
        if is_as_before(response):
            self.writer.record_fetch(describe_fetch(response), self.run, outcome="unchanged")
            self.writer.settle(candidate.url, "done")
            self.writer.count(self.run, candidate.source, "unchanged")
        elif is_challenge(response):
            self._set_aside(candidate, response, "later", CHALLENGE)
        elif not is_page(response):
            self._set_aside(candidate, response, "refused", f"no page ({media_type(response) or 'empty'})")
        else:
            arrival = arrival_of(response)
            if may_be_kept_unread(response):
                self.writer.keep_unread(arrival.page)
            return await self.read_whole(response, candidate, arrival)
        return None

    def note_unstored(self, visit: Visit, fault: Exception) -> str:
        """Settle a URL over whose visit a pipeline stumbled; the reason in a few words."""
        reason = f"could not be stored: {type(fault).__name__}"
        url = visit.fetch.url
        self.logger.error("%s %s", url, reason)
        self.logger.debug("where it happened:", exc_info=fault)
        self.writer.record_fetch(visit.fetch, self.run, outcome="failed", reason=reason)
        for each in {url, visit.fetch.requested_url, visit.candidate.url if visit.candidate else url}:
            self.writer.settle(each, "failed", reason)
        self.writer.count(self.run, visit.article.source, "failed", reason=reason)
        return reason

    def note_failure(self, failure: Failure) -> None:
        """Settle a URL that gave no page; one that may be had another time stays in the frontier."""
        candidate: Candidate = request_of(failure).cb_kwargs["candidate"]
        verdict = judge(failure)
        if verdict.reason is None:
            return
        self._end_turn(request_of(failure).meta, turned_away=verdict.state == "pending")
        if verdict.state != "pending":
            self._set_aside(candidate, verdict.response, verdict.state, verdict.reason)
            return
        self.writer.count(self.run, candidate.source, "failed", reason=verdict.reason)

    def unread_outlets(self) -> dict[str, str]:
        """Outlets of which nothing could be read, neither a list nor an article, with the first reason."""
        unread = super().unread_outlets()
        elsewhere = {slug: f"is crawled by {holder} already" for slug, holder in self.elsewhere.items()}
        return {slug: why for slug, why in unread.items() if slug not in self._answered} | elsewhere

    def _look(self, slug: str, after: int, most: int) -> list[tuple[int, Candidate]]:
        return self.memory.pending_after(slug, after, most)

    def _end_turn(self, meta: Mapping[str, Any], *, turned_away: bool = False) -> None:
        """Let what waits of an outlet move up when one of its URLs was answered."""
        source: Source | None = meta.get("turn_of")
        if source is None:
            return
        self._turns.settle(source.slug, turned_away=turned_away)
        self.move_up(source)

    def _set_aside(
        self,
        candidate: Candidate,
        response: Response | None,
        state: Literal["refused", "failed", "gone", "later"],
        reason: str,
    ) -> None:
        what = "refused" if state == "refused" else "failed"
        if response is not None:
            outcome = "failed" if state == "later" else state
            self.writer.record_fetch(describe_fetch(response), self.run, outcome=outcome, reason=reason)
        if state == "later":
            self.writer.put_off(candidate.url, reason)
        else:
            self.writer.settle(candidate.url, state, reason)
        self.writer.count(self.run, candidate.source, what, reason=reason)

    def how_ended(self, reason: str) -> str:
        if reason == "finished" and any(self.is_sated(source) for source in self.sources):
            return "limit"
        return reason

    def _revisits(self, source: Source) -> Iterator[Request]:
        days = self.settings.getfloat("WARTA_REVISIT_DAYS")
        if self._revisit is not None:
            found = self.memory.published_since(source.slug, self._revisit.isoformat())
        else:
            found = self.memory.due_again(source.slug, days) if days else []
        for revisit, said in found:
            request = self._article_request(replace(said, url=revisit.url, source=source.slug), source)
            ask_again(request, revisit)
            yield request

    def _article_request(self, candidate: Candidate, source: Source) -> Request:
        return Request(
            whole_story_url(candidate.url, source),
            callback=self.read_article,
            errback=self.note_failure,
            cb_kwargs={"candidate": candidate},
            meta={"outlet_only": True},
            # The frontier knows what was asked for; Scrapy's filter would swallow redirects in silence.
            dont_filter=True,
        )


def choose_outlets(catalogue: Catalogue, slugs: Sequence[str], *, even_if_off: bool) -> list[Source]:
    """The outlets of these slugs, or all that are enabled where none is named.

    Raises SourceError for one that is unknown or, without *even_if_off*, switched off.
    """
    named = [catalogue.get(slug) for slug in dict.fromkeys(slugs)]
    off = next((source for source in named if not source.enabled), None)
    if off is not None and not even_if_off:
        why = (off.reason or "no reason is given").rstrip(".")
        raise SourceError(f"{off.slug} is switched off: {why}. To crawl it all the same: --even-if-off.")
    return named or [source for source in catalogue if source.enabled]


def contact_notice(user_agent: str, sources: Iterable[Source]) -> str | None:
    """What to tell an operator whose crawl of outlets on the net names nobody; null where all is well."""
    public = any(not is_local(domain) for source in sources for domain in source.domains)
    if not public or NO_CONTACT not in user_agent:
        return None
    return (
        f"requests name {NO_CONTACT}, where nobody is: set contact in warta.toml, or WARTA_CONTACT, "
        "to a page or address of yours"
    )

"""Outlets checked against their declarations: every endpoint is asked for once, and one newest article."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.discovery import (
    expand_index,
    looks_like_article,
    read_feed,
    read_listing,
    read_posts,
    read_sitemap,
    whole_story_url,
)
from crawler.extractors import extract
from crawler.extractors.rules import count_matches
from crawler.items import Candidate
from crawler.middlewares.boundaries import is_local
from crawler.sources import Source
from crawler.sources.rules import rules_on
from crawler.spiders.base import WartaSpider
from crawler.spiders.reading import is_page
from crawler.spiders.scouting import endpoints
from crawler.spiders.verdicts import judge, request_of

Kind = Literal["feed", "sitemap", "index", "posts", "listing"]

FEW_WORDS = 50
#: A story of fewer words was probably not found.

_EXPECTED = ("headline", "date", "body")
#: Selectors that fit something on every article; other fields are not on each.


@dataclass(slots=True)
class EndpointCheck:
    """One feed, sitemap, index or listing page as it was found."""

    kind: Kind
    url: str
    status: int | None = None
    #: HTTP status; null where there was no answer.

    newest: str | None = None
    #: ISO 8601: the youngest date in it.

    links: int = 0
    #: Links or entries read from it; of a sitemap index its sitemaps. On pages: links to articles alone.

    articles: int | None = 0
    #: How many of them are articles by the outlet's patterns; null for a sitemap index.

    problem: str | None = None


@dataclass(slots=True)
class RuleCheck:
    """A rule that holds now, tried on the article."""

    matches: dict[str, int]
    #: Elements that each field's selector fits.

    until: str | None = None


@dataclass(slots=True)
class ArticleCheck:
    """What the reader makes of one of the newest articles."""

    url: str
    headline: str = ""
    published: str | None = None
    authors: list[str] = field(default_factory=list)
    words: int = 0
    evidence: dict[str, str] = field(default_factory=dict)
    rules: list[RuleCheck] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SourceCheck:
    """An outlet's endpoints and one of its articles."""

    source: str
    endpoints: list[EndpointCheck] = field(default_factory=list)
    article: ArticleCheck | None = None
    #: Null where no endpoint names one.

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        listed = all(endpoint.problem is None for endpoint in self.endpoints)
        return listed and self.article is not None and not self.article.problems


class CheckSpider(WartaSpider):
    """Checks outlets of the catalogue; what came of it stands in ``checks`` when the spider has closed.

    Arguments: ``slugs``, all enabled outlets where empty; ``fresh_since``, ISO 8601: an endpoint whose
    newest date is before that is stale.
    """

    name = "check"
    custom_settings = {"WARTA_DATABASE": None, "ITEM_PIPELINES": {}}  # noqa: RUF012 (Scrapy declares it so)

    def __init__(self, slugs: Sequence[str] = (), fresh_since: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._slugs = list(dict.fromkeys(slugs))
        self._fresh_since = datetime.fromisoformat(fresh_since) if fresh_since else None
        self._open: Counter[str] = Counter()
        self._candidates: dict[str, list[Candidate]] = {}
        self.checks: dict[str, SourceCheck] = {}

    def prepare(self) -> None:
        named = [self.catalogue.get(slug) for slug in self._slugs]
        self.sources = named or [source for source in self.catalogue if source.enabled]
        domains = {domain for source in self.sources for domain in source.domains}
        self.declared_hosts = frozenset(filter(is_local, domains))

    async def start(self) -> AsyncIterator[Any]:
        for source in self.sources:
            check = self.checks[source.slug] = SourceCheck(source.slug, list(_endpoints(source)))
            self._open[source.slug] = len(check.endpoints)
            self._candidates[source.slug] = []
            for endpoint in check.endpoints:
                yield Request(
                    endpoint.url,
                    callback=self.read_endpoint,
                    errback=self.note_failure,
                    cb_kwargs={"source": source, "endpoint": endpoint},
                    dont_filter=True,
                )

    def read_endpoint(self, response: Response, source: Source, endpoint: EndpointCheck) -> Iterator[Request]:
        endpoint.status = response.status
        candidates = _read(endpoint, response, source)
        fitting = [found for found in candidates if looks_like_article(found.url, source)]
        dates = [date for found in candidates if (date := found.published or found.modified)]
        endpoint.newest = max(dates, key=lambda date: _moment(date, source), default=endpoint.newest)
        if endpoint.articles is not None:
            endpoint.links, endpoint.articles = len(candidates), len(fitting)
        endpoint.problem = self._problem(endpoint, source)
        self._candidates[source.slug] += fitting
        yield from self._close(source)

    def note_failure(self, failure: Failure) -> Iterator[Request]:
        """Note why an endpoint gave nothing."""
        request, verdict = request_of(failure), judge(failure)
        endpoint: EndpointCheck = request.cb_kwargs["endpoint"]
        endpoint.status = verdict.response.status if verdict.response is not None else None
        endpoint.problem = verdict.reason or "interrupted"
        yield from self._close(request.cb_kwargs["source"])

    def read_article(self, response: Response, source: Source, check: ArticleCheck) -> None:
        """Read the article as a crawl would, and try the rules that hold now."""
        if not is_page(response):
            check.problems.append("no page")
            return
        now = datetime.now(UTC)
        article = extract(response.body, response.url, source=source, fetched_at=now)
        check.headline, check.published, check.authors = article.headline, article.published, article.authors
        check.words, check.evidence = len(article.body.split()), article.evidence
        rules = rules_on(source.rules, now.date())
        counted = count_matches(response.body, response.url, rules)
        for rule, matches in zip(rules, counted, strict=True):
            check.rules.append(RuleCheck(matches, rule.until.isoformat() if rule.until else None))
        check.problems += _faults_of(check)

    def note_article_failure(self, failure: Failure) -> None:
        check: ArticleCheck = request_of(failure).cb_kwargs["check"]
        check.problems.append(judge(failure).reason or "interrupted")

    def _close(self, source: Source) -> Iterator[Request]:
        """Ask for a newest article when the last of an outlet's endpoints was read."""
        self._open[source.slug] -= 1
        found = self._candidates[source.slug]
        if self._open[source.slug] or not found:
            return
        dated = [candidate for candidate in found if candidate.published]
        newest = max(dated, key=lambda c: _moment(c.published or "", source)) if dated else found[0]
        check = self.checks[source.slug].article = ArticleCheck(newest.url)
        yield Request(
            whole_story_url(newest.url, source),
            callback=self.read_article,
            errback=self.note_article_failure,
            cb_kwargs={"source": source, "check": check},
            dont_filter=True,
        )

    def _problem(self, endpoint: EndpointCheck, source: Source) -> str | None:
        if not endpoint.links:
            return "nothing in it"
        if endpoint.articles == 0:
            return "no link fits the article pattern"
        if endpoint.newest is not None and self._fresh_since is not None:
            newest = _moment(endpoint.newest, source)
            if newest < self._fresh_since.astimezone(UTC):
                return f"stale: nothing since {endpoint.newest[:10]}"
        return None


def _endpoints(source: Source) -> Iterator[EndpointCheck]:
    """An outlet's endpoints as a crawl asks for them; of dated indexes yesterday's first page."""
    for url in source.feeds:
        yield EndpointCheck("feed", url)
    for url in source.sitemaps:
        yield EndpointCheck("sitemap", url)
    # Today's list may still be empty.
    yesterday = datetime.now(ZoneInfo(source.timezone)).date() - timedelta(days=1)
    for template in source.index_pages:
        yield EndpointCheck("index", expand_index(template, yesterday, 1))
    for template in source.post_pages:
        yield EndpointCheck("posts", expand_index(template, yesterday, 1))
    for url in endpoints(source)[len(source.feeds) + len(source.sitemaps) :]:
        yield EndpointCheck("listing", url)


def _read(endpoint: EndpointCheck, response: Response, source: Source) -> list[Candidate]:
    match endpoint.kind:
        case "feed":
            return read_feed(response.body, response.url, source.feed_timezone)
        case "posts":
            return read_posts(response.body, response.url)
        case "sitemap":
            content = read_sitemap(response.body, response.url)
            if content.sitemaps and not content.candidates:
                dates = [lastmod for _, lastmod in content.sitemaps if lastmod]
                endpoint.links, endpoint.articles = len(content.sitemaps), None
                endpoint.newest = max(dates, key=lambda date: _moment(date, source), default=None)
            return content.candidates
    return read_listing(response.body, response.url, source)


def _moment(text: str, source: Source) -> datetime:
    """An ISO date or time as a moment; a bare date is its day's end, a bare time the outlet's."""
    moment = datetime.fromisoformat(text if "T" in text else f"{text}T23:59:59")
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(source.timezone))).astimezone(UTC)


def _faults_of(check: ArticleCheck) -> Iterator[str]:
    if not check.headline:
        yield "no headline found"
    if not check.published:
        yield "no date found"
    if check.words < FEW_WORDS:
        yield f"a story of {check.words} words"
    for key in _EXPECTED:
        counts = [rule.matches[key] for rule in check.rules if key in rule.matches]
        if counts and not any(counts):
            yield f"rule: {key} fits nothing"

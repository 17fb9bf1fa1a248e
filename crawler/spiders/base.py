"""What every spider of Warta carries: the catalogue, the hosts it may reach and the shared writer."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.errors import SourceError, WartaError
from crawler.extractors import join_parts
from crawler.items import Candidate, Visit
from crawler.middlewares.faults import fault_of
from crawler.middlewares.hosts import HostState
from crawler.middlewares.refusals import Postponed
from crawler.readers import Readers, Unreadable
from crawler.sources import Catalogue, Source, load_catalogue
from crawler.spiders.reading import Arrival, arrival_of, is_page, next_part, read_visit
from crawler.spiders.tdmrep import Reservations
from pipelines.database.crawling import Memory, Notes

logger = logging.getLogger(__name__)


class WartaSpider(Spider):
    """A spider with the catalogue of outlets.

    Settings: WARTA_SOURCES (directories of source files), WARTA_READERS, WARTA_READ_TIMEOUT. Where one does
    not hold, or an argument, the process ends with one line.
    """

    writer: Notes
    #: Set by the run log before the first request; pipelines store through it.

    memory: Memory
    #: What earlier crawls left; set with ``writer``.

    run: int
    #: The run's id in the database; set with ``writer``.

    arguments: Mapping[str, Any]
    #: What the spider was asked for, kept with the run.

    sources: Sequence[Source]
    #: The outlets of this crawl.

    elsewhere: Mapping[str, str] = {}
    #: Outlets that another crawl has, by slug, with its process; set with ``writer``.

    readers: Readers
    #: Processes that read what was fetched.

    _reservations: Reservations
    catalogue: Catalogue
    declared_hosts: frozenset[str] = frozenset()
    #: ``host`` and ``host:port`` that may be reached though they are private: the operator named them.

    hosts: dict[str, HostState]
    #: What each host did so far, by name; the middlewares keep it.

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        try:
            return cls._prepared(crawler, *args, **kwargs)
        except (WartaError, ValueError) as error:
            # Scrapy would show a traceback; of this it lets the process end.
            logger.error("%s", error)
            raise SystemExit(SourceError.exit_code) from error

    @classmethod
    def _prepared(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        directories = crawler.settings.getlist("WARTA_SOURCES")
        spider.catalogue = load_catalogue(*(Path(directory) for directory in directories))
        spider.hosts = {}
        spider._reservations = Reservations(spider.download)
        settings = crawler.settings
        spider.readers = Readers(
            settings.getint("WARTA_READERS"), seconds=settings.getfloat("WARTA_READ_TIMEOUT")
        )
        crawler.signals.connect(spider.readers.close, signals.spider_closed)
        spider.prepare()
        return spider

    async def read_whole(
        self, response: Response, candidate: Candidate | None = None, arrival: Arrival | None = None
    ) -> Visit | None:
        """Read a page, and the further parts of its story where the page has them on pages of their own.

        *arrival*: what was taken from the response already.
        A part that cannot be had leaves the article incomplete. Where reserved text and data mining is
        obeyed, a host's file counts too, unless the page itself says otherwise. Null when the crawl is being
        stopped meanwhile, so that the story is read whole another time. Settings: WARTA_PARTS, WARTA_OBEY.
        """
        source = self.catalogue.match(response.url)
        visit = await read_visit(self.readers, arrival or arrival_of(response), source, candidate)
        parts = [visit.article]
        page = response
        while not parts[-1].complete and len(parts) < self.settings.getint("WARTA_PARTS"):
            url = next_part(page, response.url, len(parts) + 1)
            if url is None:
                break
            try:
                page = await self.download(part_request(url))
                if page.status != 200 or not is_page(page):
                    break
                part = await read_visit(self.readers, arrival_of(page), source, candidate)
                parts.append(part.article)
                visit.pages += part.pages
            except Postponed as postponed:
                if postponed.reason is None:
                    return None
                break
            except Exception as fault:  # whatever keeps a part away, the parts before it are worth keeping
                self.logger.info("%s: part %d is missing: %s", response.url, len(parts) + 1, fault_of(fault))
                break
        visit.article = join_parts(parts)
        policy = visit.article.policy
        policy.noarchive = any(article.policy.noarchive for article in parts)
        if policy.tdm_reservation is None and "tdm" in self.settings.getlist("WARTA_OBEY"):
            policy.tdm_reservation = await self._reservations.cover(response.url) or None
        return visit

    async def download(self, request: Request) -> Response:
        """The answer to a request that no callback waits for; raises what keeps it away."""
        response: Response = await self.crawler.engine.download_async(request)
        return response

    def note_misread(self, response: Response, fault: Exception) -> str:
        """Log that the reader stumbled over a page, which holds up no other; the reason in a few words."""
        name, details = type(fault).__name__, ""
        if isinstance(fault, Unreadable):
            name, details = fault.reason, fault.details
        reason = f"could not be read: {name}"
        self.logger.error("%s %s", response.url, reason)
        self.logger.debug("where it happened: %s", details, exc_info=None if details else fault)
        return reason

    def prepare(self) -> None:
        """Look up what the spider's arguments name, now that the catalogue is there."""

    def how_ended(self, reason: str) -> str:
        """How the run ended, for its record: Scrapy's *reason*, unless the spider knows better."""
        return reason

    def is_ours(self, url: str) -> bool:
        """Whether a URL belongs to an outlet of this crawl; here: to any."""
        return True


def part_request(url: str) -> Request:
    """A request for a further part of a story, within the outlet as the first one was."""
    return Request(url, callback=NO_CALLBACK, meta={"outlet_only": True}, dont_filter=True)


def hosts_of(urls: Iterable[str]) -> frozenset[str]:
    """The ``host`` of each URL, with its port where it names one."""
    hosts = set()
    for url in urls:
        with suppress(ValueError):  # what is no address has no host
            hosts.add(urlsplit(url).netloc.lower())
    return frozenset(hosts)

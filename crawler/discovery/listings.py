"""Lists of articles: section pages, and index pages by number or date, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from crawler.discovery.links import PageLink, looks_like_article, read_links
from crawler.discovery.urls import normalise
from crawler.items import Candidate
from crawler.sources import Source
from crawler.sources.values import expand_index

__all__ = ["IndexPage", "expand_index", "index_urls", "read_listing"]


@dataclass(slots=True, frozen=True)
class IndexPage:
    """One page of an outlet's index; what comes after it is told by ``next``."""

    template: str
    day: date
    #: The day a dated template asks for, else the last day of the range.

    number: int = 1

    @property
    def url(self) -> str:
        return expand_index(self.template, self.day, self.number)

    @property
    def dated(self) -> bool:
        """Whether the list holds this day alone."""
        return "{date" in self.template

    def next(self) -> IndexPage | None:
        """The page after this one; None where the template has no page number."""
        following = IndexPage(self.template, self.day, self.number + 1)
        return following if following.url != self.url else None


def index_urls(source: Source, since: date, until: date) -> Iterator[IndexPage]:
    """First pages of the outlet's index from ``until`` back to ``since``, both included.

    Templates without a date come first and once, lists of posts among them. Days are those of the
    outlet's time zone. Ask a page for its ``next`` as long as it brings something new.
    """
    templates = (*source.post_pages, *source.index_pages)
    dated = [template for template in templates if "{date" in template]
    for template in templates:
        if template not in dated:
            yield IndexPage(template, until)
    for days_back in range((until - since).days + 1):
        for template in dated:
            yield IndexPage(template, until - timedelta(days=days_back))


def read_listing(html: bytes, url: str, source: Source) -> list[Candidate]:
    """The outlet's articles that a page links to, in page order, each URL once.

    Of several links to one article the title is a heading's before any other's, then the one with
    the most words. Broken or empty pages give an empty list.
    """
    own = normalise(url)
    best: dict[str, PageLink] = {}
    for link in read_links(html, url):
        if link.url in best:
            best[link.url] = max(best[link.url], link, key=_weight_as_title)
        elif link.url != own and looks_like_article(link.url, source):
            best[link.url] = link
    return [
        Candidate(url=link.url, source=source.slug, found_in=url, title=link.title or None)
        for link in best.values()
    ]


def _weight_as_title(link: PageLink) -> tuple[bool, int]:
    return link.is_heading and bool(link.title), len(link.title.split())

"""What is no article: the first pipeline refuses section fronts, error pages and pages without a story."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.items import Article, Visit

MIN_WORDS = 50
#: Words of a story that nothing else speaks for: no date, author, dateline or picture.

MIN_WORDS_ATTESTED = 15
#: Words where the page names a date, an author or a dateline: a news flash has about 25.

MIN_WORDS_WITH_PICTURE = 5
#: Words of story and captions where a dated page shows pictures or a video.

_TEASERS = 5
_TEASER_WORDS = 14
#: So many blocks of at most so many words on average, most of them unfinished sentences, are a list.

_SITE_NAME = re.compile(r"\s+[-–|]\s+[^-–|]+$")
_EDGES = " \t\n.,:;!?…-–|#*()[]\"'“”"
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’)\]]*$")
_SECTION_PATH = re.compile(r"(?:/[A-Za-z]+){0,2}/?")


def reason_against(article: Article) -> str | None:
    """Why a page is no article, in a few words that stay the same for counting; null where it is one.

    Generous: a flash of two sentences and a captioned photo are articles.
    """
    headline = article.headline.strip()
    if not headline:
        return "no headline"
    if _is_error_headline(headline):
        return "error page"
    address = urlsplit(article.url)
    if address.scheme in {"http", "https"} and not address.path.strip("/") and not address.query:
        return "front page"
    if _looks_like_list(article) and (_is_section_address(article.url) or not _is_attested(article)):
        return "list of articles"
    if not _has_story(article):
        return "no story"
    return None


class ValidatePipeline:
    """Drops visits of pages that are no articles, after the database has noted the fetch and the reason.

    Reads no settings; finds writer and run on the spider. Counts ``warta/refused/<reason>`` in the stats.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Visit) -> Visit:
        reason = reason_against(item.article)
        if reason is None:
            return item
        spider: Any = self._crawler.spider
        spider.writer.refuse(item, spider.run, reason=reason)
        self._crawler.stats.inc_value(f"warta/refused/{reason}")
        raise DropItem(f"{item.article.url} is no article: {reason}")


def _has_story(article: Article) -> bool:
    words = len(article.body.split())
    if words >= MIN_WORDS:
        return True
    if not _is_attested(article):
        return False
    if words >= MIN_WORDS_ATTESTED:
        return True
    captions = [image.caption or "" for image in article.images]
    captions += [block.text for block in article.boilerplate if block.kind in {"caption", "video"}]
    shown = words + sum(len(caption.split()) for caption in captions)
    return bool(article.published and captions and shown >= MIN_WORDS_WITH_PICTURE)


def _is_attested(article: Article) -> bool:
    return bool(article.published or article.authors or article.dateline)


def _looks_like_list(article: Article) -> bool:
    """Whether the body is teasers of other stories rather than paragraphs."""
    blocks = [block.strip() for block in article.body.split("\n\n") if block.strip()]
    if len(blocks) < _TEASERS:
        return False
    unfinished = sum(not _SENTENCE_END.search(block) for block in blocks)
    return len(article.body.split()) <= _TEASER_WORDS * len(blocks) and unfinished > len(blocks) / 2


def _is_section_address(url: str) -> bool:
    """``/nasional/`` or ``/berita/nasional``: articles' addresses have numbers or a slug of several words."""
    address = urlsplit(url)
    return (
        address.scheme in {"http", "https"}
        and not address.query
        and bool(_SECTION_PATH.fullmatch(address.path))
    )


def _is_error_headline(headline: str) -> bool:
    shown = _SITE_NAME.sub("", headline).strip(_EDGES)
    return any(pattern.fullmatch(shown) for pattern in _error_headlines())


@cache
def _error_headlines() -> tuple[re.Pattern[str], ...]:
    text = resources.files("pipelines").joinpath("not_articles.toml").read_text(encoding="utf-8")
    by_language: dict[str, list[str]] = tomllib.loads(text)["headlines"]
    return tuple(
        re.compile(pattern, re.IGNORECASE) for patterns in by_language.values() for pattern in patterns
    )

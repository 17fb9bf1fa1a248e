"""One article of the pages that an outlet splits a story over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crawler.extractors.body import join_bodies
from crawler.items import Article, Boilerplate, Image, Link


def join_parts(articles: Sequence[Article]) -> Article:
    """The parts of a story, in order, as one article; its fields are the first part's.

    Paragraphs that recur at the seams stand once; boilerplate, related links and images are those of all
    parts, each once. ``complete`` is the last part's. Raises ValueError for no parts.
    """
    if not articles:
        raise ValueError("no parts to join")
    first = articles[0]
    if len(articles) == 1:
        return first
    boilerplate: dict[tuple[str, str], Boilerplate] = {}
    related: dict[str, Link] = {}
    images: dict[str, Image] = {}
    for article in articles:
        for block in article.boilerplate:
            boilerplate.setdefault((block.kind, block.text), block)
        for link in article.related:
            related.setdefault(link.title.casefold(), link)
        for image in article.images:
            images.setdefault(image.url, image)
    return replace(
        first,
        body=join_bodies([article.body for article in articles]),
        boilerplate=list(boilerplate.values()),
        related=list(related.values()),
        images=list(images.values()),
        pages=len(articles),
        complete=articles[-1].complete,
        editors=first.editors or next((a.editors for a in articles if a.editors), []),
        authors=first.authors or next((a.authors for a in articles if a.authors), []),
        confidence=min(article.confidence for article in articles),
        warnings=list(dict.fromkeys(w for article in articles for w in article.warnings)),
    )

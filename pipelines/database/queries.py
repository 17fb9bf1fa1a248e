"""What people and programs ask of the file; reads only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlite_utils import Database

from crawler.items import Candidate


@dataclass(slots=True, frozen=True)
class Known:
    """An article's last visit, to ask its server whether it changed."""

    article_id: int
    etag: str | None
    last_modified: str | None
    content_hash: str | None
    fetched_at: str | None
    published: str | None
    modified: str | None


@dataclass(slots=True, frozen=True)
class Hit:
    """One row of a search's answer."""

    id: int
    url: str
    source: str | None
    headline: str
    published: str | None
    place: str | None
    section: str | None
    authors: tuple[str, ...]
    copy_of: int | None
    snippet: str
    #: Words around the match; matches stand between ``\x02`` and ``\x03``, which no stored text contains.
    score: float | None
    #: bm25, higher is better; null where the order is by date.


def pending(db: Database, source: str, limit: int) -> list[Candidate]:
    """URLs of an outlet that wait to be fetched, in the order they were found."""
    raise NotImplementedError


def known(db: Database, url: str) -> Known | None:
    """What the last visit of an article's URL left; null where no article has it."""
    raise NotImplementedError


def search(
    db: Database,
    words: str,
    *,
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
    place: str | None = None,
    author: str | None = None,
    section: str | None = None,
    language: str | None = None,
    order: Literal["best", "newest"] = "best",
    limit: int = 20,
    offset: int = 0,
) -> list[Hit]:
    """Articles with *words*: plain words (all), ``"phrases"``, ``prefix*``, ``OR``, ``-word`` or ``NOT word``.

    *since* and *until*: ISO 8601; a date alone means that day where the story was published, *until*
    includes it. Empty *words* list what the filters leave, newest first.
    """
    raise NotImplementedError


def get_article(db: Database, key: int | str) -> dict[str, Any] | None:
    """One article by id, URL or alias.

    The keys of ``Article.to_dict()`` and ``id, first_seen, last_seen, copy_of, versions`` (how many
    earlier texts) and ``copies`` (``[{id, source, url, published}]``, the same text at other outlets).
    """
    raise NotImplementedError


def articles(
    db: Database,
    *,
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
    place: str | None = None,
    author: str | None = None,
    section: str | None = None,
    language: str | None = None,
) -> Iterator[dict[str, Any]]:
    """Every article in order of first sight, in a stream; keys as in :func:`get_article` without copies."""
    raise NotImplementedError


def versions(db: Database, article_id: int) -> list[dict[str, Any]]:
    """Earlier texts, oldest first: ``number headline deck body published modified seen replaced run``."""
    raise NotImplementedError


def runs(db: Database, limit: int = 20) -> list[dict[str, Any]]:
    """The last runs, newest first."""
    raise NotImplementedError


def run(db: Database, run_id: int) -> dict[str, Any] | None:
    """One run with ``counts``: ``[{source, what, reason, amount}]``."""
    raise NotImplementedError


def source_counts(db: Database) -> list[dict[str, Any]]:
    """Per outlet: ``source, articles, newest`` (published), ``pending`` URLs and ``last_run`` (ISO 8601)."""
    raise NotImplementedError

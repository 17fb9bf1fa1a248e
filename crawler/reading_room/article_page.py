"""One article as a page: its story, what was set apart from it, how it was read, and who else has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from crawler.reading_room.answering import Asked, NotFoundError, Page
from crawler.reading_room.room import Room
from pipelines.database.asking.history import history
from pipelines.database.asking.queries import get_article
from pipelines.database.asking.retellings import cluster_of
from pipelines.database.records import to_utc

#: Fields of the record whose evidence is told, in the order of the record.
TOLD = (
    *("headline", "deck", "byline", "authors", "editors", "dateline", "published", "modified"),
    *("section", "tags", "language", "access", "canonical_url", "body"),
)
_AROUND = 40
#: Words of what stayed that are shown on either side of a change.


async def article_page(room: Room, asked: Asked) -> Page:
    """The article of the id in the address."""
    article, cluster = await room.ask(lambda db: _read(db, asked))
    values = {
        "article": article,
        "names": room.outlet_names(),
        "fields": [(name, _shown(article[name]), _evidence(article, name)) for name in TOLD],
        "kinds": _by_kind(article),
        "cluster": cluster,
        "members": _members(cluster),
    }
    return Page("article.html", values)


async def versions_page(room: Room, asked: Asked) -> Page:
    """How the article's text changed, newest change first."""

    def read(db: Database) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        article = _article(db, asked)
        return article, history(db, article["id"])

    article, changes = await room.ask(read)
    for change in changes:
        change["difference"] = {
            field: [(kind, _between(text) if kind == "=" else text) for kind, text in pieces]
            for field, pieces in change["difference"].items()
        }
    return Page("versions.html", {"article": article, "changes": changes[::-1]})


def _read(db: Database, asked: Asked) -> tuple[dict[str, Any], dict[str, Any] | None]:
    article = _article(db, asked)
    return article, cluster_of(db, article["id"])


def _article(db: Database, asked: Asked) -> dict[str, Any]:
    article = get_article(db, asked.names["id"])
    if article is None:
        raise NotFoundError(asked.path)
    return article


def _shown(value: Any) -> str | None:
    """A field's value as it stands in the table; of the story its beginning."""
    match value:
        case {"raw": raw}:
            return str(raw)
        case list():
            return "; ".join(map(str, value))
        case None:
            return None
    return str(value)


def _evidence(article: Mapping[str, Any], name: str) -> str | None:
    found: str | None = article["evidence"].get(name)
    if found is None and name == "published":
        found = article["published_from"]
    return found


def _by_kind(article: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """What is on the page and no story, by its kind, in the order of the page."""
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for block in article["boilerplate"]:
        kinds.setdefault(block["kind"], []).append(block)
    return kinds


def _members(cluster: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The articles of a story in the order of publication, each with its minutes after the first."""
    if cluster is None:
        return []
    first = next((m["published"] for m in cluster["members"] if m["id"] == cluster["first_id"]), None)
    ordered = sorted(
        cluster["members"],
        key=lambda m: (to_utc(m["published"]) is None, to_utc(m["published"]) or "", m["id"]),
    )
    return [dict(member) | {"minutes": _minutes(first, member["published"])} for member in ordered]


def _minutes(first: str | None, then: str | None) -> int | None:
    start, end = to_utc(first), to_utc(then)
    if start is None or end is None:
        return None
    passed = datetime.fromisoformat(end) - datetime.fromisoformat(start)
    return round(passed.total_seconds() / 60)


def _between(text: str) -> str:
    """What stayed, without the middle where it is long."""
    words = text.split()
    if len(words) <= 2 * _AROUND:
        return text
    return f"{' '.join(words[:_AROUND])} … {' '.join(words[-_AROUND:])}"

"""Records in the forms other programs read: JSON lines, CSV and schema.org's NewsArticle."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TextIO

from crawler.readable_json import to_json
from crawler.sources import Catalogue, Source
from pipelines.database.asking.columns import COLUMNS, Record, flat_row


class SupportsWrite(Protocol):
    """What text can be written to."""

    def write(self, text: str, /) -> object: ...


CSV_COLUMNS = tuple(COLUMNS)


def write_jsonl(records: Iterable[Record], out: TextIO) -> None:
    """One record a line."""
    for record in records:
        out.write(to_json(record) + "\n")


def write_csv(records: Iterable[Record], out: SupportsWrite) -> None:
    """RFC 4180 with a header line; lists are joined by "; ", nested values stay in the other forms."""
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    for record in records:
        writer.writerow(spreadsheet_cell(_as_text(value)) for value in flat_row(record).values())


def _as_text(value: object) -> object:
    if isinstance(value, list):
        return "; ".join(value)
    return int(value) if isinstance(value, bool) else value


def spreadsheet_cell(value: object) -> object:
    """Page text must not run as a formula in a spreadsheet: an apostrophe keeps it text.

    >>> spreadsheet_cell("=HYPERLINK(…)"), spreadsheet_cell("- kata")
    ("'=HYPERLINK(…)", "'- kata")
    """
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value


def write_schema_org(records: Iterable[Record], out: TextIO, catalogue: Catalogue) -> None:
    """One schema.org NewsArticle a line, each a JSON-LD document of its own."""
    for record in records:
        out.write(to_json(news_article(record, catalogue.sources.get(record["source"] or ""))) + "\n")


def news_article(record: Record, source: Source | None) -> dict[str, Any]:
    """The record in the terms of https://schema.org/NewsArticle; what is unknown is left out."""
    terms = {
        "headline": record["headline"],
        "alternativeHeadline": record["deck"],
        "author": [_person(name) for name in record["authors"]],
        "editor": [_person(name) for name in record["editors"]],
        "publisher": _publisher(record["source"], source),
        "dateline": _dateline(record["dateline"]),
        "datePublished": record["published"],
        "dateModified": record["modified"],
        "articleSection": record["section"],
        "keywords": record["tags"],
        "inLanguage": record["language"],
        "image": [_image(image) for image in record["images"]],
        "isAccessibleForFree": {"free": True, "paywalled": False}.get(record["access"]),
        "relatedLink": [link["url"] for link in record["related"]],
        "url": record["canonical_url"] or record["url"],
        "articleBody": record["body"],
    }
    return {"@context": "https://schema.org", "@type": "NewsArticle"} | _known(terms)


def _known(terms: Mapping[str, Any]) -> dict[str, Any]:
    return {term: value for term, value in terms.items() if value not in (None, "", [])}


def _person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name}


def _publisher(slug: str | None, source: Source | None) -> dict[str, Any] | None:
    if slug is None:
        return None
    name, url = (source.name, source.homepage) if source else (slug, None)
    return _known({"@type": "NewsMediaOrganization", "name": name, "url": url})


def _dateline(dateline: Mapping[str, Any] | None) -> str | None:
    """The dateline as printed, without what parts it from the story."""
    return dateline["raw"].rstrip(" -–—:|,") if dateline else None


def _image(image: Mapping[str, Any]) -> dict[str, Any]:
    terms = {"url": image["url"], "caption": image["caption"], "creditText": image["credit"]}
    return {"@type": "ImageObject"} | _known(terms)

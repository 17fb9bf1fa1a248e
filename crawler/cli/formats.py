"""Records in the forms other programs read: JSON lines, CSV and schema.org's NewsArticle."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TextIO

from crawler.cli.terminal import to_json
from crawler.sources import Catalogue, Source

Record = Mapping[str, Any]

#: Columns of the CSV form. Lists are joined by "; "; nested values stay in the other forms.
CSV_COLUMNS: Mapping[str, Callable[[Record], object]] = {
    "id": lambda record: record["id"],
    "source": lambda record: record["source"],
    "url": lambda record: record["url"],
    "canonical_url": lambda record: record["canonical_url"],
    "headline": lambda record: record["headline"],
    "deck": lambda record: record["deck"],
    "authors": lambda record: "; ".join(record["authors"]),
    "editors": lambda record: "; ".join(record["editors"]),
    "place": lambda record: (record["dateline"] or {}).get("place"),
    "published": lambda record: record["published"],
    "modified": lambda record: record["modified"],
    "section": lambda record: record["section"],
    "tags": lambda record: "; ".join(record["tags"]),
    "language": lambda record: record["language"],
    "access": lambda record: record["access"],
    "complete": lambda record: int(record["complete"]),
    "copy_of": lambda record: record["copy_of"],
    "first_seen": lambda record: record["first_seen"],
    "body": lambda record: record["body"],
}


def write_jsonl(records: Iterable[Record], out: TextIO) -> None:
    """One record a line."""
    for record in records:
        out.write(to_json(record) + "\n")


def write_csv(records: Iterable[Record], out: TextIO) -> None:
    """RFC 4180 with a header line."""
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    for record in records:
        writer.writerow(spreadsheet_cell(value(record)) for value in CSV_COLUMNS.values())


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

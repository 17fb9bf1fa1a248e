"""Every article page of the fixture outlets gives its gold record, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.extractors import extract
from crawler.items import Article
from crawler.sources import Catalogue, load_catalogue
from fixtures.site.server import Site, expected

GOLD = expected()
PLAIN = (
    "source",
    "headline",
    "deck",
    "authors",
    "editors",
    "section",
    "tags",
    "language",
    "access",
    "complete",
)
#: Fields that stand in the record as they do in the gold.

KNOWN: dict[tuple[str, str], str] = {
    (
        "/2026/02/03/sekolah-terapung-pertama-di-danau-sentarum-mulai-menerima-murid/",
        "authors",
    ): "a desk that a byline names as the writer is taken for no author",
    (
        "/jateng/berita/d-8828410/pemkot-semarang-uji-coba-parkir-nontunai-di-jalan-randusari",
        "related",
    ): "an entry of a general list that shares a word with the headline counts as topical",
    (
        "/read/2026/01/30/100500266/hitung-hitungan-pensiun-dini-bagi-pekerja-lepas",
        "related",
    ): "links of a paywall headed 'Baca selengkapnya' count as related",
    (
        "/read/2026/02/03/113000187/sekolah-di-atas-drum-anak-nelayan-danau-sentarum-tak-lagi-libur-saat-kemarau",
        "dateline",
    ): "an agency that no lexicon knows is taken for a part of the place",
}
#: What the reader still gets wrong, by page and field, and why.


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Catalogue]]:
    with Site() as running:
        directory: Path = tmp_path_factory.mktemp("sources")
        running.write_sources(directory)
        yield running, load_catalogue(directory)


def served(base: str, path: str) -> tuple[bytes, dict[str, str]]:
    """A page's bytes and headers, asked for again where the outlet asks to wait."""
    while True:
        connection = HTTPConnection(urlsplit(base).netloc, timeout=5)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 429:
            assert answer.status == 200
            return body, {name.lower(): value for name, value in answer.getheaders()}


def minute(moment: str | None) -> str | None:
    """A moment with offset, to the minute."""
    return moment and moment[:16] + moment[-6:]


def wanted(record: dict[str, Any], base: str) -> dict[str, Any]:
    return {name: record[name] for name in PLAIN} | {
        "published": minute(record["published"]),
        "modified": minute(record["modified"]),
        "dateline": record["dateline"],
        "body": record["body"],
        "related": [{"title": link["title"], "url": base + link["path"]} for link in record["related"]],
        "leaked": [],
    }


def read(article: Article, record: dict[str, Any]) -> dict[str, Any]:
    found = article.to_dict()
    dateline = found["dateline"]
    return {name: found[name] for name in PLAIN} | {
        "published": minute(article.published),
        "modified": minute(article.modified),
        "dateline": dateline and {name: dateline[name] for name in ("raw", "place", "outlet")},
        "body": article.body.split("\n\n"),
        "related": found["related"],
        "leaked": [text for text in record["not_body"] if text in article.body],
    }


def differences(want: dict[str, Any], got: dict[str, Any]) -> str:
    """The fields that differ, one a paragraph; of lists only the entries that differ."""
    lines = []
    for name, right in want.items():
        found = got[name]
        if right == found:
            continue
        if isinstance(right, list):
            lines += [f"{name}: missing {entry!r}" for entry in right if entry not in found]
            lines += [f"{name}: too much {entry!r}" for entry in found if entry not in right]
            if sorted(map(str, right)) == sorted(map(str, found)):
                lines.append(f"{name}: in another order")
        else:
            lines.append(f"{name}: wanted {right!r}, read {found!r}")
    return "\n".join(lines)


def compared(site: tuple[Site, Catalogue], path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The gold record of a page and what was read of it, in the same form."""
    running, catalogue = site
    record = GOLD[path]
    base = running.urls[record["source"]]
    body, headers = served(base, path)
    article = extract(
        body,
        base + path,
        source=catalogue.get(record["source"]),
        content_type=headers.get("content-type"),
        headers=headers,
    )
    return wanted(record, base), read(article, record)


@pytest.mark.parametrize("path", GOLD)
def test_a_served_page_gives_its_gold_record(site: tuple[Site, Catalogue], path: str):
    want, got = compared(site, path)
    difference = differences({name: want[name] for name in want if (path, name) not in KNOWN}, got)
    assert not difference, f"{path}\n{difference}"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        pytest.param(*key, marks=pytest.mark.xfail(strict=True, reason=reason))
        for key, reason in KNOWN.items()
    ],
)
def test_a_field_that_is_known_to_be_wrong_is_still_wrong(
    site: tuple[Site, Catalogue], path: str, field: str
):
    want, got = compared(site, path)
    assert got[field] == want[field]


@pytest.mark.parametrize("path", GOLD)
def test_the_outlet_is_read_alike_without_its_declaration(site: tuple[Site, Catalogue], path: str):
    running, _ = site
    record = GOLD[path]
    base = running.urls[record["source"]]
    article = extract(served(base, path)[0], base + path)
    assert article.headline == record["headline"]
    assert not [text for text in record["not_body"] if text in article.body]

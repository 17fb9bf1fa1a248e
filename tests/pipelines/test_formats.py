"""Records in the forms other programs read."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from crawler.items import Article, Dateline, Image, Link
from crawler.sources import Catalogue, Source
from pipelines.formats import CSV_COLUMNS, news_article, write_csv, write_jsonl, write_schema_org
from pipelines.parquet import write_parquet

OUTLET = Source(
    "wanamarta", "Harian Wanamarta", ("wanamarta.example",), homepage="https://wanamarta.example/"
)


def record(**changes: Any) -> dict[str, Any]:
    article = Article(
        url="https://wanamarta.example/1?ref=x",
        canonical_url="https://wanamarta.example/1",
        source="wanamarta",
        headline="Jembatan Kali Tirta Dibuka Lagi",
        deck="Warga dua desa kembali menyeberang.",
        authors=["Sekar Ayuningtyas", "Damar Wulan"],
        editors=["Ratri"],
        dateline=Dateline("WANAMARTA, Harian –", place="WANAMARTA"),
        published="2026-03-01T08:00:00+07:00",
        section="Daerah",
        tags=["jembatan"],
        language="id",
        body="Jembatan dibuka.\n\nWarga bersorak.",
        related=[Link("Tarif tol", "https://wanamarta.example/2")],
        images=[Image("https://wanamarta.example/1.jpg", caption="Jembatan", credit="Dok. Warga")],
        access="free",
    )
    kept = {"id": 7, "first_seen": "2026-03-01T02:00:00Z", "last_seen": None, "copy_of": None, "versions": 0}
    return article.to_dict() | kept | changes


def test_json_lines_lose_nothing() -> None:
    out = io.StringIO()
    write_jsonl([record(), record(id=8)], out)
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [record(), record(id=8)]


def test_parquet_keeps_each_field_of_the_record_with_the_types_of_its_parts() -> None:
    out = io.BytesIO()
    full = record(
        boilerplate=[{"kind": "related", "text": "Baca juga", "links": [{"title": "Tol", "url": "x"}]}],
        evidence={"headline": "h1"},
        warnings=["no date"],
    )
    write_parquet([full], out)
    table = pyarrow.parquet.read_table(out)
    (row,) = table.to_pylist(maps_as_pydicts="strict")
    assert {name: row[name] for name in Article.__dataclass_fields__} == {
        name: full[name] for name in Article.__dataclass_fields__
    }
    types = {name: table.schema.field(name).type for name in table.column_names}
    link = pyarrow.struct({"title": pyarrow.string(), "url": pyarrow.string()})
    assert types["related"].value_type == link
    assert types["boilerplate"].value_type.field("links").type.value_type == link
    assert (types["evidence"].key_type, types["evidence"].item_type) == (pyarrow.string(), pyarrow.string())
    assert (types["confidence"], types["pages"]) == (pyarrow.float64(), pyarrow.int64())


def test_csv_has_a_header_even_without_articles() -> None:
    out = io.StringIO()
    write_csv([], out)
    assert out.getvalue() == ",".join(CSV_COLUMNS) + "\r\n"


def test_csv_keeps_quotes_commas_and_paragraphs_in_their_cell() -> None:
    out = io.StringIO()
    write_csv([record(headline='"Kami, warga", kata Ratri', dateline=None)], out)
    (row,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert row["headline"] == '"Kami, warga", kata Ratri'
    assert row["body"] == "Jembatan dibuka.\n\nWarga bersorak."
    assert row["authors"] == "Sekar Ayuningtyas; Damar Wulan"
    assert row["place"] == ""
    assert row["complete"] == "1"


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t"])
def test_no_cell_of_a_csv_is_a_formula(begin: str) -> None:
    out = io.StringIO()
    write_csv([record(headline=f"{begin}cmd|' /C calc'!A0")], out)
    (row,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert row["headline"].startswith(f"'{begin}cmd")


def test_schema_org_uses_its_terms() -> None:
    out = io.StringIO()
    write_schema_org([record()], out, Catalogue([OUTLET]))
    assert json.loads(out.getvalue()) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Jembatan Kali Tirta Dibuka Lagi",
        "alternativeHeadline": "Warga dua desa kembali menyeberang.",
        "author": [
            {"@type": "Person", "name": "Sekar Ayuningtyas"},
            {"@type": "Person", "name": "Damar Wulan"},
        ],
        "editor": [{"@type": "Person", "name": "Ratri"}],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": "Harian Wanamarta",
            "url": "https://wanamarta.example/",
        },
        "dateline": "WANAMARTA, Harian",
        "datePublished": "2026-03-01T08:00:00+07:00",
        "articleSection": "Daerah",
        "keywords": ["jembatan"],
        "inLanguage": "id",
        "image": [
            {
                "@type": "ImageObject",
                "url": "https://wanamarta.example/1.jpg",
                "caption": "Jembatan",
                "creditText": "Dok. Warga",
            }
        ],
        "isAccessibleForFree": True,
        "relatedLink": ["https://wanamarta.example/2"],
        "url": "https://wanamarta.example/1",
        "articleBody": "Jembatan dibuka.\n\nWarga bersorak.",
    }


def test_schema_org_leaves_out_what_is_unknown() -> None:
    bare = Article(url="https://x.example/1", canonical_url="https://x.example/1", headline="Ramai")
    assert news_article(bare.to_dict(), None) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Ramai",
        "url": "https://x.example/1",
    }


def test_a_story_behind_a_paywall_is_not_free() -> None:
    assert news_article(record(access="paywalled"), None)["isAccessibleForFree"] is False

"""Who tells one story, and whose it is."""

import json
from typing import Any

from newsroom import STORY, story, visit

from crawler.items import Boilerplate, Dateline
from pipelines.database import Writer

NEAR = f"{STORY}\n\nSejumlah warga datang melihat."


def cluster(writer: Writer) -> dict[str, Any]:
    (row,) = writer.db["clusters"].rows
    return row | {"evidence": json.loads(row["evidence"])}


def members(writer: Writer) -> dict[int, str | None]:
    return {row["article_id"]: row["relation"] for row in writer.db["cluster_members"].rows}


def test_the_earliest_is_the_original_and_the_others_say_what_they_are_to_it(writer: Writer) -> None:
    writer.store(visit(story(1, body=STORY, published="2026-07-04T12:00:00+07:00")))
    writer.store(visit(story(1, outlet="sagara", body=NEAR, published="2026-07-04T08:00:00+07:00")))
    writer.store(visit(story(1, outlet="tirta", body=NEAR, published="2026-07-04T09:00:00+07:00")))
    writer.store(visit(story(9, outlet="tirta", body="Pasar ikan ditutup.")))
    row = cluster(writer)
    assert (row["id"], row["articles"], row["first_id"], row["original_id"]) == (1, 3, 2, 2)
    assert row["evidence"] == {"because": "earliest", "published": "2026-07-04T01:00:00Z"}
    assert members(writer) == {1: "near", 2: None, 3: "exact"}


def test_a_member_says_how_much_is_shared(writer: Writer) -> None:
    writer.store(visit(story(1, body=STORY, published="2026-07-04")))
    writer.store(visit(story(1, outlet="sagara", body=NEAR, published="2026-07-05")))
    row = writer.db["cluster_members"].get(2)
    assert row["of_original"] == 1
    assert 0.9 < row["shared"] < 1
    assert row["published_utc"] == "2026-07-05T00:00:00Z"


def test_the_agency_in_a_dateline_is_the_original_though_it_came_later(writer: Writer) -> None:
    line = Dateline("LAMAU (Sagara News) -", "LAMAU", "Sagara News", None)
    writer.store(visit(story(1, body=STORY, published="2026-07-04", dateline=line)))
    writer.store(visit(story(1, outlet="sagara", body=NEAR, published="2026-07-05")))
    row = cluster(writer)
    assert (row["first_id"], row["original_id"]) == (1, 2)
    assert row["evidence"] == {"because": "named", "in": "dateline", "as": "Sagara News", "by": 1}


def test_the_outlet_in_a_credit_is_the_original(writer: Writer) -> None:
    credit = [Boilerplate("credit", "Sumber: Sagara")]
    writer.store(visit(story(1, body=STORY, published="2026-07-04", boilerplate=credit)))
    writer.store(visit(story(1, outlet="sagara", body=STORY, published="2026-07-05")))
    assert cluster(writer)["original_id"] == 2
    assert cluster(writer)["evidence"]["in"] == "credit"


def test_a_reporter_called_like_an_outlet_proves_nothing(writer: Writer) -> None:
    credit = [Boilerplate("credit", "Editor: Sagara Nugroho")]
    writer.store(
        visit(story(1, body=STORY, published="2026-07-04", boilerplate=credit, authors=["Sagara Putra"]))
    )
    writer.store(visit(story(1, outlet="sagara", body=STORY, published="2026-07-05")))
    assert cluster(writer)["original_id"] == 1


def test_an_outlet_that_names_itself_proves_nothing(writer: Writer) -> None:
    line = Dateline("LAMAU, Sagara.example -", "LAMAU", "Sagara.example", None)
    writer.store(visit(story(1, body=STORY, published="2026-07-04")))
    writer.store(visit(story(1, outlet="sagara", body=STORY, published="2026-07-05", dateline=line)))
    assert cluster(writer)["evidence"]["because"] == "earliest"
    assert cluster(writer)["original_id"] == 1


def test_an_agency_whose_article_is_not_here_is_told(writer: Writer) -> None:
    line = Dateline("LAMAU (Kantor Berita Timur) -", "LAMAU", "Kantor Berita Timur", None)
    for outlet in ("lamau", "sagara"):
        writer.store(visit(story(1, outlet=outlet, body=STORY, dateline=line)))
    assert cluster(writer)["evidence"]["agency"] == "Kantor Berita Timur"


def test_an_article_that_tells_another_story_now_leaves_its_cluster(writer: Writer) -> None:
    writer.store(visit(story(1, body=STORY)))
    writer.store(visit(story(1, outlet="sagara", body=NEAR)))
    assert writer.db["clusters"].count == 1
    writer.store(visit(story(1, outlet="sagara", body="Pasar ikan ditutup.")))
    assert (writer.db["clusters"].count, writer.db["cluster_members"].count) == (0, 0)
    assert writer.db["text_pairs"].count == 0


def test_a_story_between_two_joins_their_clusters(writer: Writer) -> None:
    words = [f"kata{number}" for number in range(400)]
    for number, (begin, end) in enumerate([(0, 200), (200, 400)], 1):
        writer.store(visit(story(number, outlet=f"koran{number}", body=" ".join(words[begin:end]))))
    assert writer.db["clusters"].count == 0
    writer.store(visit(story(3, outlet="koran3", body=" ".join(words))))
    assert members(writer).keys() == {1, 2, 3}

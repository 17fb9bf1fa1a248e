import sqlite3
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from newsroom import STORY, full_story, story, visit

from crawler.items import Fetch, Visit
from pipelines.database import Writer, checkpoints, open_database
from pipelines.database.asking.queries import get_article, known, run, versions
from pipelines.database.checks import CHECKS, run_check


def test_a_full_record_comes_back_as_it_went_in(writer: Writer) -> None:
    article = full_story()
    outcome = writer.store(visit(article))
    stored = get_article(writer.db, outcome.article_id)
    assert stored is not None
    assert {key: stored[key] for key in article.to_dict()} == article.to_dict()
    assert (stored["first_seen"], stored["versions"], stored["copies"]) == ("2026-07-04T05:00:00Z", 0, [])


def test_an_empty_record_comes_back_as_it_went_in(writer: Writer) -> None:
    article = replace(story(), headline="", body="", source=None, published=None)
    stored = get_article(writer.db, writer.store(visit(article)).article_id)
    assert stored is not None
    assert {key: stored[key] for key in article.to_dict()} == article.to_dict()


def test_ids_follow_the_order_of_first_sight(writer: Writer) -> None:
    assert [writer.store(visit(story(n))).article_id for n in (5, 2, 9)] == [1, 2, 3]


def test_the_same_page_again_is_unchanged(writer: Writer) -> None:
    writer.store(visit())
    outcome = writer.store(visit(at="2026-07-05T05:00:00+00:00"))
    assert (outcome.article_id, outcome.what, outcome.of) == (1, "unchanged", None)
    assert get_article(writer.db, 1)["last_seen"] == "2026-07-05T05:00:00Z"


def test_a_changed_story_keeps_its_earlier_text_as_a_version(writer: Writer) -> None:
    writer.store(visit())
    changed = story(body=f"{STORY}\n\nDua orang terluka.")
    assert writer.store(visit(changed, at="2026-07-05T05:00:00+00:00")).what == "updated"
    assert get_article(writer.db, 1)["body"] == changed.body
    [version] = versions(writer.db, 1)
    assert version["body"] == story().body
    assert (version["number"], version["seen"], version["replaced"]) == (
        1,
        "2026-07-04T05:00:00Z",
        "2026-07-05T05:00:00Z",
    )


def test_a_changed_headline_makes_a_version(writer: Writer) -> None:
    writer.store(visit())
    assert writer.store(visit(story(headline="Panen Garam Tertunda"))).what == "updated"
    assert versions(writer.db, 1)[0]["headline"] == story().headline


def test_versions_follow_each_other_in_time(writer: Writer) -> None:
    for day in (1, 2, 3):
        writer.store(visit(story(body=f"{STORY} Hari {day}."), at=f"2026-07-0{day}T00:00:00Z"))
    spans = [(v["number"], v["seen"][:10], v["replaced"][:10]) for v in versions(writer.db, 1)]
    assert spans == [(1, "2026-07-01", "2026-07-02"), (2, "2026-07-02", "2026-07-03")]


def test_spaces_case_and_boilerplate_make_no_version_but_are_kept_up_to_date(writer: Writer) -> None:
    writer.store(visit(full_story()))
    article = full_story()
    article.body = article.body.replace("\n\n", "\n\n\n").replace(" kemarau ", "  kemarau ")
    article.boilerplate.pop()
    article.tags = ["garam"]
    assert writer.store(visit(article)).what == "unchanged"
    stored = get_article(writer.db, 1)
    assert (stored["body"], stored["tags"], len(stored["boilerplate"])) == (article.body, ["garam"], 1)
    assert stored["versions"] == 0


def test_the_same_text_at_the_same_outlet_is_one_article_with_two_addresses(writer: Writer) -> None:
    writer.store(visit())
    outcome = writer.store(visit(story(2, body=story(1).body)))
    assert (outcome.article_id, outcome.what, outcome.of) == (1, "folded", 1)
    assert get_article(writer.db, story(2).url)["id"] == 1


def test_an_address_folded_for_its_text_becomes_a_story_when_it_tells_another(writer: Writer) -> None:
    writer.store(visit())
    writer.store(visit(story(2, body=story(1).body)))
    outcome = writer.store(visit(story(2, body="Banjir rob merendam jalan pesisir sejak pagi.")))
    assert (outcome.article_id, outcome.what) == (2, "new")
    assert get_article(writer.db, story(2).url)["id"] == 2
    assert get_article(writer.db, 1)["body"] == story(1).body


def test_the_same_text_at_another_outlet_is_a_row_that_names_the_first(writer: Writer) -> None:
    writer.store(visit(story(1, outlet="lamau")))
    for outlet, expected in (("sagara", 2), ("tirta", 3)):
        outcome = writer.store(visit(story(1, outlet=outlet)))
        assert (outcome.article_id, outcome.what, outcome.of) == (expected, "folded", 1)
    assert [copy["source"] for copy in get_article(writer.db, 3)["copies"]] == ["lamau", "sagara"]
    assert get_article(writer.db, 3)["copy_of"] == 1


def test_the_original_is_what_was_published_first_though_it_is_met_last(writer: Writer) -> None:
    run_id = writer.start_run("crawl", [])
    for outlet, published in (
        ("lamau", "2026-07-04T12:00:00+07:00"),
        ("sagara", None),
        ("tirta", "2026-07-03"),
    ):
        writer.store(visit(story(1, outlet=outlet, published=published)), run_id)
    assert [get_article(writer.db, number)["copy_of"] for number in (1, 2, 3)] == [3, 3, None]
    counts = {(count["source"], count["what"]): count["amount"] for count in run(writer.db, run_id)["counts"]}
    assert counts == {("lamau", "folded"): 1, ("sagara", "folded"): 1, ("tirta", "stored"): 1}


def test_a_run_does_not_change_what_an_earlier_one_counted(writer: Writer) -> None:
    first, second = writer.start_run("crawl", []), writer.start_run("crawl", [])
    writer.store(visit(story(1, outlet="lamau")), first)
    writer.store(visit(story(1, outlet="sagara", published="2026-07-01")), second)
    assert get_article(writer.db, 1)["copy_of"] == 2
    for number, outlet in ((first, "lamau"), (second, "sagara")):
        (count,) = run(writer.db, number)["counts"]
        assert (count["source"], count["what"]) == (outlet, "stored")


def test_an_article_that_changes_its_text_leaves_its_copies(writer: Writer) -> None:
    for outlet in ("lamau", "sagara"):
        writer.store(visit(story(1, outlet=outlet)))
    writer.store(visit(story(1, outlet="sagara", body=f"{STORY} Sudah diperbarui.")))
    assert get_article(writer.db, 2)["copy_of"] is None


def test_a_date_that_is_corrected_turns_original_and_copy_round(writer: Writer) -> None:
    for outlet in ("lamau", "sagara"):
        writer.store(visit(story(1, outlet=outlet)))
    writer.store(visit(story(1, outlet="lamau", published="2026-07-09")))
    assert [get_article(writer.db, number)["copy_of"] for number in (1, 2)] == [2, None]


def test_of_two_addresses_of_a_story_the_row_has_the_one_published_first(writer: Writer) -> None:
    late, early = story(1, published="2026-07-05"), story(2, body=story(1).body, published="2026-07-04")
    for article in (late, early, late):
        writer.store(visit(article))
    assert (get_article(writer.db, 1)["url"], writer.db["articles"].count) == (early.url, 1)
    assert get_article(writer.db, late.url)["versions"] == 0


def test_a_copy_of_an_earlier_text_is_still_known_as_a_copy(writer: Writer) -> None:
    writer.store(visit(story(1)))
    writer.store(visit(story(1, body=f"{STORY} Sudah diperbarui.")))
    assert writer.store(visit(story(1, outlet="sagara"))).of == 1


def test_an_earlier_address_of_a_story_counts_among_the_copies_of_its_earlier_text(writer: Writer) -> None:
    changed = f"{STORY} Sudah diperbarui."
    elsewhere = "https://tirta.example/berita/1"
    writer.store(visit(story(1, outlet="sagara")))
    writer.store(visit(story(1, outlet="tirta", url=elsewhere, canonical_url=elsewhere)))
    writer.store(visit(story(1, outlet="sagara", body=changed)))
    assert get_article(writer.db, 2)["copy_of"] is None
    earlier = "https://sagara.example/berita/9"
    page = story(1, outlet="sagara", body=changed, url=earlier, canonical_url=earlier)
    assert writer.store(visit(page)).what == "folded"
    assert get_article(writer.db, 2)["copy_of"] == 1


def test_short_texts_are_copies_only_with_the_same_headline(writer: Writer) -> None:
    caption = "Lihat foto selengkapnya di galeri."
    writer.store(visit(story(1, headline="Karnaval Laut", body=caption)))
    assert writer.store(visit(story(2, headline="Lomba Perahu", body=caption))).what == "new"
    assert writer.store(visit(story(3, headline="Karnaval Laut", body=caption))).what == "folded"


def test_pages_without_a_body_are_never_copies(writer: Writer) -> None:
    for number in (1, 2):
        assert writer.store(visit(story(number, headline="Foto Hari Ini", body=""))).what == "new"


@pytest.mark.parametrize(
    "other",
    [
        "http://www.lamau.example/berita/1/panen-garam",
        "https://www.lamau.example/berita/1/panen-garam/",
        "https://WWW.lamau.example:443/berita/1/panen-garam?utm_source=kiriman#komentar",
    ],
)
def test_spellings_of_an_address_are_one_address(writer: Writer, other: str) -> None:
    writer.store(visit())
    assert writer.store(visit(story(url=other, canonical_url=other))).what == "unchanged"


def test_a_canonical_address_of_the_site_leads_to_the_story(writer: Writer) -> None:
    writer.store(visit())
    amp = story(url="https://amp.lamau.example/1", body=f"{STORY} Ditambah satu kalimat.")
    assert writer.store(visit(amp)).what == "updated"
    assert get_article(writer.db, amp.url)["id"] == 1


def test_a_canonical_address_that_names_another_story_is_not_believed(writer: Writer) -> None:
    section = "https://www.lamau.example/daerah"
    writer.store(visit(story(1, canonical_url=section)))
    other = story(2, canonical_url=section, body="Banjir rob merendam jalan pesisir sejak pagi.")
    assert writer.store(visit(other)).what == "new"


@pytest.mark.parametrize("canonical", ["https://www.lamau.example/", "https://www.sagara.example/berita/1"])
def test_a_front_page_or_another_site_is_no_canonical_address(writer: Writer, canonical: str) -> None:
    writer.store(visit(story(1, canonical_url=canonical)))
    assert get_article(writer.db, canonical) is None


def test_a_redirect_leads_to_the_story_where_its_headline_agrees(writer: Writer) -> None:
    writer.store(visit())
    moved = story(url="https://www.lamau.example/baru/1", canonical_url="https://www.lamau.example/baru/1")
    moved.body = f"{STORY} Pindah alamat."
    assert writer.store(visit(moved, requested_url=story().url)).what == "updated"


def test_a_dead_address_that_redirects_to_another_story_does_not_overwrite(writer: Writer) -> None:
    writer.store(visit(story(1)))
    outcome = writer.store(visit(story(2, body="Pasar ikan dibuka."), requested_url=story(1).url))
    assert (outcome.what, outcome.article_id) == ("new", 2)
    assert get_article(writer.db, story(1).url)["id"] == 1


def test_a_story_first_read_from_a_file_is_known_by_its_canonical_address(writer: Writer) -> None:
    writer.store(visit(story(url="file:///simpanan/1.html", source=None)))
    outcome = writer.store(visit(story()))
    assert outcome.what == "unchanged"
    assert get_article(writer.db, 1)["source"] == "lamau"


def test_stories_without_any_address_are_told_apart_by_their_text(writer: Writer) -> None:
    def nameless(number: int) -> Visit:
        return visit(story(number, url="", canonical_url="", source=None))

    assert [writer.store(nameless(n)).article_id for n in (1, 2, 1)] == [1, 2, 1]


def test_characters_that_no_database_keeps_are_left_out(writer: Writer) -> None:
    writer.store(visit(story(headline="Panen\x00 Garam\ud800", tags=["a\x02b"])))
    stored = get_article(writer.db, 1)
    assert (stored["headline"], stored["tags"]) == ("Panen Garam", ["ab"])


def test_a_recognition_is_asked_again_where_the_story_was_written_since(writer: Writer) -> None:
    first = writer.recognise(visit())
    writer.store(visit())
    assert writer.store(visit(), None, first).what == "unchanged"


def test_validators_belong_to_the_very_address(writer: Writer) -> None:
    amp = "https://amp.lamau.example/1"
    writer.store(visit(etag='"one"', last_modified="Sat, 04 Jul 2026 03:00:00 GMT"))
    writer.store(visit(story(url=amp), etag='"amp"'))
    assert (known(writer.db, story().url).etag, known(writer.db, amp).etag) == ('"one"', '"amp"')
    assert known(writer.db, "https://www.lamau.example/lain") is None


def test_an_answer_that_nothing_changed_is_a_visit(writer: Writer) -> None:
    writer.store(visit())
    url = story().url
    writer.record_fetch(Fetch(url, url, "2026-07-06T00:00:00Z", 304), None, outcome="unchanged")
    last = known(writer.db, url)
    assert (last.fetched_at, last.etag) == ("2026-07-06T00:00:00Z", '"a1"')


def test_leaving_the_writer_commits_also_after_an_error(path: Path) -> None:
    with suppress(RuntimeError), Writer(open_database(path, create=True)) as writer:
        writer.store(visit())
        raise RuntimeError
    assert get_article(open_database(path, readonly=True), 1) is not None


def test_a_batch_is_seen_by_others_when_it_is_full(path: Path) -> None:
    with Writer(open_database(path, create=True), batch_size=2, batch_seconds=60) as writer:
        reader = open_database(path, readonly=True)
        counts = []
        for number in range(1, 5):
            writer.store(visit(story(number)))
            counts.append(reader["articles"].count)
        assert counts == [0, 0, 2, 2]
    assert reader["articles"].count == 4


def test_a_visit_that_cannot_be_written_leaves_nothing_of_itself(writer: Writer) -> None:
    writer.store(visit(story(1)))
    with pytest.raises(sqlite3.IntegrityError, match="pages"):
        writer.store(visit(story(2, pages="dua")))
    writer.flush()
    assert [writer.db[table].count for table in ("articles", "fetches", "aliases")] == [1, 1, 1]


@pytest.mark.parametrize("open_before", [False, True])
def test_of_visits_stored_together_those_before_one_that_cannot_be_are_stored(
    writer: Writer, open_before: bool
) -> None:
    if open_before:
        writer.count(writer.start_run("test", []), "lamau", "fetched")
    wrong = story(3, pages="dua")
    with pytest.raises(sqlite3.IntegrityError, match="pages"):
        list(writer.store_all(visit(one) for one in (story(1), story(2), wrong, story(4))))
    writer.flush()
    assert [row["id"] for row in writer.db["articles"].rows] == [1, 2]
    assert [row["amount"] for row in writer.db["run_sources"].rows] == [1] * open_before
    assert [finding for check in CHECKS if (finding := run_check(writer.db, check))] == []


def test_what_was_stored_together_is_committed_when_it_is_told(writer: Writer, path: Path) -> None:
    told = writer.store_all(visit(story(number)) for number in (1, 2))
    assert next(told).article_id == 1
    other = open_database(path, readonly=True)
    assert get_article(other, 1)["headline"] == story(1).headline
    other.close()


def test_the_log_is_moved_into_the_file_while_visits_are_stored(path: Path, monkeypatch) -> None:
    monkeypatch.setattr(checkpoints, "WAL_PAGES", 50)
    with Writer(open_database(path, create=True), batch_size=2) as writer:
        begun = path.stat().st_size
        for number, outcome in enumerate(writer.store_all(visit(story(n)) for n in range(1, 41)), 1):
            assert outcome.article_id == number
        assert path.stat().st_size > begun
        assert writer.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert writer.db["articles"].count == 40
    writer.db.close()

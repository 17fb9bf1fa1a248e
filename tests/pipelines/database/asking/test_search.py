from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from newsroom import STORY, full_story, story, visit
from sqlite_utils import Database

from crawler.errors import QuestionError, WartaError
from crawler.items import Article, Dateline
from pipelines.database import Writer, open_database
from pipelines.database.asking import plans, vocabulary
from pipelines.database.asking.paging import from_token, question_digest, to_token
from pipelines.database.asking.queries import Answer, articles, search

OUTLETS = [(1, "lamau"), (2, "tanjung"), (3, "sagara")]


def fill(writer: Writer, *stories: Article) -> None:
    for article in stories:
        writer.store(visit(article))
    writer.flush()


def find(db: Database, words: str = "", **how: Any) -> Answer:
    """A search for each article by itself: the stories of these tests are near copies of one another."""
    return search(db, words, **{"fold": False, **how})


def ids(writer: Writer, words: str = "", **how: Any) -> list[int]:
    return [hit.id for hit in find(writer.db, words, **how)]


def at(number: int, published: str | None, **changes: Any) -> Article:
    return story(number, published=published, **changes)


def test_words_are_found_without_regard_to_case_and_accents(writer: Writer) -> None:
    fill(writer, story(1, body="Kapal Gāza berlabuh di dermaga.", headline="Kapal"), story(2))
    assert ids(writer, "gaza DERMAGA") == [1]


def test_a_word_in_the_headline_counts_more_than_in_the_story(writer: Writer) -> None:
    filler = "Warga pesisir bersiap menghadapi musim angin barat. " * 6
    fill(
        writer,
        story(1, headline="Angin Barat", body=filler + "Harga cabai dibahas juga."),
        story(2, headline="Harga Cabai Naik", body=filler + "Pasar ramai sejak pagi."),
    )
    assert ids(writer, "cabai") == [2, 1]


def test_an_updated_story_is_found_by_its_new_words_alone(writer: Writer) -> None:
    fill(writer, story(1, body="Jembatan lama ditutup."), story(1, body="Dermaga baru dibuka."))
    assert (ids(writer, "jembatan"), ids(writer, "dermaga")) == ([], [1])


def test_unwanted_words_leave_stories_out(writer: Writer) -> None:
    fill(writer, story(1, body="Ikan dan teri."), story(2, body="Ikan dan beras."))
    assert ids(writer, "ikan -teri") == [2]
    assert ids(writer, "-teri") == [2]


def test_without_words_the_newest_come_first_and_the_undated_last(writer: Writer) -> None:
    fill(writer, at(1, None), at(2, "2026-07-01"), at(3, "2026-07-03T08:00:00+07:00"))
    assert ids(writer) == [3, 2, 1]


def test_times_are_ordered_across_offsets(writer: Writer) -> None:
    fill(writer, at(1, "2026-07-04T09:00:00+09:00"), at(2, "2026-07-04T08:00:00+07:00"))
    assert ids(writer, "garam", order="newest") == [2, 1]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"since": "2026-07-04"}, [3, 2]),
        ({"until": "2026-07-04"}, [2, 1]),
        ({"since": "2026-07-04", "until": "2026-07-04"}, [2]),
        ({"since": "2026-07-03T18:00:00Z"}, [3]),
        ({"since": "2026-07-04T00:30:00+07:00"}, [3, 2]),
        ({"until": "2026-07-03T16:59:59Z"}, [1]),
    ],
)
def test_a_day_is_the_day_where_the_story_was_published(
    writer: Writer, bounds: dict[str, str], expected: list[int]
) -> None:
    fill(
        writer,
        at(1, "2026-07-03T23:30:00+07:00"),
        at(2, "2026-07-04T00:30:00+07:00"),
        at(3, "2026-07-05T00:30:00+07:00"),
    )
    assert ids(writer, **bounds) == expected
    assert [a["id"] for a in articles(writer.db, **bounds)] == sorted(expected)


@pytest.mark.parametrize("bound", ["kemarin", "2026-13-01", "2026-02-30", "9999-12-31", "0001-01-01"])
def test_what_is_no_date_is_said_in_a_sentence(writer: Writer, bound: str) -> None:
    with pytest.raises(WartaError, match="is no date"):
        find(writer.db, "", since=bound, until=bound)


@pytest.mark.parametrize(
    "wanted",
    [
        {"source": "lamau"},
        {"place": "lamau"},
        {"place": "Teluk Lamau"},
        {"author": "puspa"},
        {"author": "Togar Wibawa"},
        {"section": "daerah"},
        {"language": "id"},
        {"source": "lamau", "author": "sari danu", "since": "2026-07-04"},
    ],
)
def test_filters_leave_what_they_name(writer: Writer, wanted: dict[str, str]) -> None:
    other = story(2, outlet="sagara", authors=["Sarita"], dateline=Dateline("Lama -", "LAMA"), language="en")
    fill(writer, full_story(1), other)
    assert ids(writer, **wanted) == ids(writer, "garam", **wanted) == [1]
    assert ids(writer, **dict.fromkeys(wanted, "2031-01-01")) == []


def test_signs_in_names_are_no_patterns(writer: Writer) -> None:
    fill(writer, full_story(1))
    assert ids(writer, author="%") == ids(writer, place="_____ _____") == ids(writer, author="\\") == []


def test_a_hit_shows_the_words_around_the_match(writer: Writer) -> None:
    fill(writer, full_story(1))
    [hit] = find(writer.db, "kemarau")
    assert "karena \x02kemarau\x03 datang" in hit.snippet
    assert (hit.headline, hit.place, hit.authors) == (
        "Panen Garam Lebih Awal 1",
        "TELUK LAMAU",
        ("Sari Danu", "Made Puspa"),
    )
    assert hit.score is not None
    assert hit.score > 0


def pages(writer: Writer, words: str, *, limit: int, **how: Any) -> list[list[int]]:
    """All pages of a search, one after the other."""
    found, after = [], None
    for _ in range(50):
        page = find(writer.db, words, limit=limit, after=after, **how)
        found.append([hit.id for hit in page])
        after = page.after
        if after is None:
            return found
    raise AssertionError("the pages do not end")


def plan(monkeypatch: pytest.MonkeyPatch, *, few: int, lot: int = 3) -> None:
    """Small figures let a small database be searched as a large one is."""
    monkeypatch.setattr(plans, "FEW", few)
    monkeypatch.setattr(plans, "_LOT", lot)
    monkeypatch.setattr(plans, "_LARGEST_LOT", lot)
    monkeypatch.setattr(plans, "_GAP", 1)


@pytest.mark.parametrize("words", ["garam", "ga*", "garam -mutiara", "", "-mutiara", "memanen"])
@pytest.mark.parametrize("order", ["best", "newest"])
@pytest.mark.parametrize("few", [0, 3, 5_000])
@pytest.mark.parametrize("wanted", [{}, {"source": "lamau"}, {"place": "lamau", "since": "2026-07-02"}])
def test_pages_follow_each_other_whichever_way_the_question_is_planned(
    writer: Writer, monkeypatch: pytest.MonkeyPatch, few: int, order: Any, words: str, wanted: dict[str, str]
) -> None:
    places = [Dateline("-", "TELUK LAMAU"), Dateline("-", "Lamau"), None]
    dates = ["2026-07-01", "2026-07-02T10:00:00+07:00", "2026-07-03", None]
    for n in range(1, 15):
        fill(
            writer,
            at(n, dates[n % 4], dateline=places[n % 3], headline=f"Garam {'panen ' * (n % 3)}{n}"),
        )
    fill(writer, at(20, "2026-07-03", headline="Mutiara", body="Mutiara dari dasar teluk."))
    whole = ids(writer, words, order=order, limit=100, **wanted)
    plan(monkeypatch, few=few)
    assert whole
    assert list(chain(*pages(writer, words, limit=4, order=order, **wanted))) == whole
    assert len(set(whole)) == len(whole)


def test_the_newest_come_in_the_order_of_time_and_then_of_arrival(writer: Writer) -> None:
    fill(writer, *(at(n, f"2026-07-{1 + n % 3:02d}") for n in range(1, 11)))
    assert ids(writer, "garam", order="newest") == [8, 5, 2, 10, 7, 4, 1, 9, 6, 3]


@pytest.mark.parametrize("order", ["best", "newest"])
def test_what_is_stored_meanwhile_moves_no_page(writer: Writer, order: Any) -> None:
    fill(writer, *(at(n, f"2026-07-{n:02d}") for n in range(1, 9)))
    whole = ids(writer, "garam", order=order)
    first = find(writer.db, "garam", order=order, limit=4)
    fill(writer, at(30, "2026-07-30", headline="Lain", body="Kabar lain sama sekali."))
    second = find(writer.db, "garam", order=order, limit=4, after=first.after)
    assert [hit.id for hit in (*first, *second)] == whole


def test_the_last_page_names_no_next_one(writer: Writer) -> None:
    fill(writer, at(1, "2026-07-01"), at(2, "2026-07-02"))
    assert find(writer.db, "garam", limit=3).after is None
    assert find(writer.db, "tiada").after is None


@pytest.mark.parametrize("token", ["x", "é", "A" * 1000, "W10", "WyJ4IiwxLG51bGwsMCwwLDBd", "\x00", "bnVsbA"])
def test_what_is_no_token_is_refused(writer: Writer, token: str) -> None:
    with pytest.raises(QuestionError, match="token"):
        find(writer.db, "garam", after=token)


@pytest.mark.parametrize(
    "change",
    [{"step": 99}, {"step": -1}, {"article_id": 1 << 70}, {"published": 5}, {"score": "x"}, {"floor": None}],
)
def test_a_token_that_was_changed_is_refused(writer: Writer, change: dict[str, Any]) -> None:
    fill(writer, at(1, "2026-07-01"), at(2, "2026-07-02"))
    token = find(writer.db, "garam", limit=1).after
    assert token
    place = from_token(token, question_digest("garam", "best", False, False))
    with pytest.raises(QuestionError, match="no token"):
        find(writer.db, "garam", after=to_token(replace(place, **change)))


@pytest.mark.parametrize("other", [{"words": "panen"}, {"order": "newest"}, {"exact": True}, {"fold": True}])
def test_the_token_of_another_question_is_refused(writer: Writer, other: dict[str, Any]) -> None:
    fill(writer, at(1, "2026-07-01"), at(2, "2026-07-02"))
    token = find(writer.db, "garam", limit=1).after
    with pytest.raises(QuestionError, match="another search"):
        find(writer.db, **({"words": "garam"} | other), after=token)


def test_a_name_among_the_words_narrows_like_a_filter(writer: Writer) -> None:
    fill(writer, full_story(1), story(2, outlet="sagara"))
    assert ids(writer, "garam author:puspa") == ids(writer, "outlet:lamau") == [1]
    assert ids(writer, 'place:"teluk lamau" until:2026-07-04 garam') == [1]
    with pytest.raises(QuestionError, match="both"):
        find(writer.db, "author:puspa", author="danu")
    with pytest.raises(WartaError, match="is no date"):
        find(writer.db, "since:kemarin")


@pytest.mark.parametrize(
    ("words", "expected"), [("headline:mutiara", [1]), ("body:mutiara", [2]), ("deck:mutiara", [3])]
)
def test_a_word_can_be_asked_for_in_one_field(writer: Writer, words: str, expected: list[int]) -> None:
    fill(
        writer,
        story(1, headline="Mutiara", body="Satu cerita."),
        story(2, headline="Dua", body="Cerita mutiara."),
        story(3, headline="Tiga", deck="Mutiara lagi", body="Tiga cerita."),
    )
    assert ids(writer, words) == expected


def test_a_story_is_one_row_however_many_outlets_have_it(writer: Writer) -> None:
    texts = [story(n, outlet=outlet, body=STORY, published=f"2026-07-0{n}") for n, outlet in OUTLETS]
    fill(writer, *texts)
    for order in ("best", "newest"):
        [hit] = search(writer.db, "garam", order=order)
        assert (hit.id, hit.copies) == (1, 2)
    assert sorted(ids(writer, "garam")) == [1, 2, 3]


def test_a_near_copy_is_a_row_of_its_story(writer: Writer) -> None:
    rewritten = STORY.replace("Petani", "Para petani", 1) + "\n\nKantor berita daerah turut melaporkan."
    fill(writer, story(1, body=STORY), story(2, outlet="tanjung", body=rewritten))
    assert ids(writer, "garam", fold=True) == [1]


def test_a_copy_stands_for_its_story_where_the_original_does_not_fit(writer: Writer) -> None:
    texts = [story(n, outlet=outlet, body=STORY, published=f"2026-07-0{n}") for n, outlet in OUTLETS]
    fill(writer, *texts)
    assert ids(writer, "garam", since="2026-07-02", fold=True) == [2]
    assert ids(writer, "garam", source="sagara") == [3]


def test_a_word_that_only_the_copys_headline_has_finds_the_copy(writer: Writer) -> None:
    fill(
        writer,
        story(1, body=STORY, published="2026-07-01"),
        story(2, outlet="sagara", headline="Mutiara", body=STORY, published="2026-07-02"),
    )
    assert ids(writer, "mutiara") == [2]


def test_a_common_word_is_ranked_among_the_latest_and_that_is_said(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(monkeypatch, few=0)
    monkeypatch.setattr(plans, "MOST_RANKED", 5)
    fill(writer, *(at(n, "2026-07-01") for n in range(1, 11)))
    answer = find(writer.db, "garam", limit=3)
    assert answer.bound == "only the 5 articles stored last that have the words were ranked"
    assert sorted(chain(*pages(writer, "garam", limit=3))) == [6, 7, 8, 9, 10]


def test_a_narrow_filter_lets_all_matches_be_ranked(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "MOST_FITTING", 3)
    monkeypatch.setattr(plans, "MOST_RANKED", 1)
    fill(writer, *(at(n, "2026-07-01", outlet="sagara" if n < 3 else "lamau") for n in range(1, 11)))
    answer = find(writer.db, "garam", source="sagara")
    assert (sorted(hit.id for hit in answer), answer.bound) == ([1, 2], None)


def test_of_a_wide_filter_the_newest_are_ranked_and_that_is_said(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "MOST_FITTING", 3)
    fill(writer, *(at(n, f"2026-07-{n:02d}", language="en" if n % 2 else "id") for n in range(1, 11)))
    answer = find(writer.db, "garam", until="2026-07-06", language="en")
    assert answer.bound == "only the newest 3 articles that fit a filter were ranked"
    assert sorted(hit.id for hit in answer) == [5]


def test_looking_ends_after_so_many_articles_and_goes_on_from_there(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(monkeypatch, few=0)
    monkeypatch.setattr(plans, "MOST_LOOKED", 6)
    fill(writer, *(at(n, f"2026-07-{n:02d}", language="en" if n == 2 else "id") for n in range(1, 11)))
    answer = find(writer.db, "garam", order="newest", language="en")
    assert (len(answer), answer.bound) == (0, "6 articles were looked at, back to 2026-07-05T00:00:00Z")
    assert pages(writer, "garam", limit=20, order="newest", language="en") == [[], [2]]


def test_a_prefix_that_stands_for_too_much_is_refused(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(writer, *(at(n, "2026-07-01") for n in range(1, 5)))
    assert len(ids(writer, "panen GA*")) == 4
    monkeypatch.setattr(vocabulary, "BROADEST", 3)
    with pytest.raises(QuestionError, match=r"ga\* begins words of too many"):
        find(writer.db, "panen GA*")


@pytest.mark.parametrize("limit", [1, 20])
def test_a_connection_that_cannot_write_is_asked_alike(path: Path, writer: Writer, limit: int) -> None:
    fill(writer, at(1, "2026-07-01"), at(2, "2026-07-02"))
    writer.flush()
    db = open_database(path, readonly=True)
    assert len(find(db, "gar* memanen OR tiada", limit=limit)) == min(limit, 2)
    db.close()

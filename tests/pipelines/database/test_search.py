from typing import Any

import pytest
from newsroom import full_story, story, visit

from crawler.errors import WartaError
from crawler.items import Article, Dateline
from pipelines.database import Writer, search
from pipelines.database.queries import articles
from pipelines.database.queries import search as find


def fill(writer: Writer, *stories: Article) -> None:
    for article in stories:
        writer.store(visit(article))
    writer.flush()


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


@pytest.mark.parametrize("order", ["best", "newest"])
@pytest.mark.parametrize("few", [0, 5_000])
def test_pages_follow_each_other_whichever_way_the_question_is_planned(
    writer: Writer, monkeypatch: pytest.MonkeyPatch, order: Any, few: int
) -> None:
    monkeypatch.setattr(search, "_FEW", few)
    fill(writer, *(at(n, f"2026-07-{1 + n % 3:02d}") for n in range(1, 11)))
    whole = ids(writer, "garam", order=order)
    assert sorted(whole) == list(range(1, 11))
    if order == "newest":
        assert whole == [8, 5, 2, 10, 7, 4, 1, 9, 6, 3]
    assert [ids(writer, "garam", order=order, limit=4, offset=n) for n in (0, 4, 8)] == [
        whole[:4],
        whole[4:8],
        whole[8:],
    ]

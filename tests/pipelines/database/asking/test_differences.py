from hypothesis import given
from hypothesis import strategies as st
from newsroom import STORY, story, visit

from pipelines.database import Writer
from pipelines.database.asking.differences import difference
from pipelines.database.asking.history import history

texts = st.lists(st.sampled_from(["Harga", "naik.", "Pasar", "tutup!", "lagi", "\n\n", "”Ya.” ", "3,5"])).map(
    " ".join
)


@given(texts, texts)
def test_the_pieces_give_both_texts_back(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert " ".join(text for kind, text in pieces if kind in "=-").split() == before.split()
    assert " ".join(text for kind, text in pieces if kind in "=+").split() == after.split()


def test_a_sentence_that_changed_is_told_by_its_words() -> None:
    assert difference(
        "Pasar buka. Harga garam naik dua kali.", "Pasar buka. Harga garam turun dua kali."
    ) == [
        ("=", "Pasar buka."),
        ("=", "Harga garam"),
        ("-", "naik"),
        ("+", "turun"),
        ("=", "dua kali."),
    ]


def test_very_long_passages_are_told_as_replaced() -> None:
    before, after = "garam " * 20_000, "ikan " * 20_000
    assert [kind for kind, _ in difference(before, after)] == ["-", "+"]


def test_the_history_has_each_change_with_its_time(writer: Writer) -> None:
    for day, body, headline in (
        (1, STORY, "Panen"),
        (2, f"{STORY} Dua orang terluka.", "Panen"),
        (3, STORY, "Panen Raya"),
    ):
        writer.store(visit(story(headline=headline, body=body), at=f"2026-07-0{day}T00:00:00Z"))
    first, second = history(writer.db, 1)
    assert (first["number"], first["seen"], first["replaced"]) == (
        1,
        "2026-07-01T00:00:00Z",
        "2026-07-02T00:00:00Z",
    )
    assert (first["changed"], first["difference"]["body"][-1]) == (["body"], ("+", "Dua orang terluka."))
    assert (second["changed"], second["difference"]["headline"]) == (
        ["headline", "body"],
        [("=", "Panen"), ("+", "Raya")],
    )


def test_a_story_that_never_changed_has_no_history(writer: Writer) -> None:
    writer.store(visit())
    assert history(writer.db, 1) == []

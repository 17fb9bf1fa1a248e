"""Which texts are taken for one story, and which are not."""

import random
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import STORY, story, visit

from pipelines.database import Writer
from pipelines.database.copies.near import find_matches
from pipelines.database.copies.passages import KEYS, MIN_WORDS, copy_keys
from pipelines.database.copies.shingles import compare
from pipelines.database.fingerprints import words_of


def text_of(chance: random.Random, words: int) -> list[str]:
    """Words without a figure in them."""
    return ["".join(chance.choices("aeioukmnst", k=4)) for _ in range(words)]


def test_keys_are_hashes_of_passages_of_the_text() -> None:
    words = words_of(STORY)
    passages = (" ".join(words[begin : begin + 10]).encode() for begin in range(len(words) - 9))
    hashes = {int.from_bytes(blake2b(passage, digest_size=6).digest(), "big") for passage in passages}
    keys = copy_keys(words)
    assert keys == sorted(set(keys))
    assert set(keys) <= hashes
    assert len(keys) == KEYS


def test_a_text_of_a_few_words_has_no_keys() -> None:
    assert copy_keys(["kata"] * (MIN_WORDS - 1)) == []
    assert copy_keys(["kata"] * MIN_WORDS) != []


@given(st.lists(st.sampled_from("satu dua tiga empat lima enam".split()), max_size=80))
def test_keys_fit_in_48_bits_and_are_few(words: list[str]) -> None:
    keys = copy_keys(words)
    assert len(keys) <= KEYS
    assert all(0 <= key < 1 << 48 for key in keys)


@pytest.mark.parametrize("seed", range(20))
def test_a_third_of_a_text_has_a_key_of_the_whole(seed: int) -> None:
    words = text_of(random.Random(seed), 400)
    assert set(copy_keys(words)) & set(copy_keys(words[:133]))


def edited(chance: random.Random, words: list[str]) -> dict[str, list[str]]:
    new = text_of(chance, len(words))
    return {
        "near": [new[n] if chance.random() < 0.03 else word for n, word in enumerate(words)],
        "contains": words[: len(words) // 2],
        "partial": words[: len(words) * 6 // 10] + new[: len(words) * 4 // 10],
    }


@pytest.mark.parametrize("relation", ["near", "contains", "partial"])
def test_the_relation_is_named(relation: str) -> None:
    chance = random.Random(4)
    words = text_of(chance, 400)
    shared = compare(words, edited(chance, words)[relation])
    assert shared is not None
    assert (shared.relation, shared.joins) == (relation, True)


def test_what_is_shared_is_told_of_each_side() -> None:
    words = text_of(random.Random(5), 400)
    shared = compare(words, words[:200])
    assert shared is not None
    assert shared.of_second == 1
    assert shared.of_first == pytest.approx(0.5, abs=0.01)


def test_a_form_filled_in_on_two_days_joins_nothing() -> None:
    form = (
        "harga emas hari ini {} rupiah per gram naik {} rupiah dari kemarin dan harga jual kembali {} rupiah "
    )
    days = [words_of((form * 3).format(*(f"{1_000 + day * 7 + n}" for n in range(9)))) for day in (1, 2)]
    shared = compare(*days)
    assert shared is None or (shared.relation, shared.joins) == ("template", False)
    assert compare(days[0], days[0]).joins


@pytest.mark.parametrize("place", [0, 60, 120])
def test_one_passage_that_two_stories_share_joins_nothing(place: int) -> None:
    chance = random.Random(6)
    quote, first, second = text_of(chance, 90), text_of(chance, 120), text_of(chance, 120)
    assert compare([*first[:place], *quote, *first[place:]], [*second, *quote]) is None


def test_a_round_up_that_holds_a_story_does_not_join_it() -> None:
    chance = random.Random(7)
    told = text_of(chance, 100)
    shared = compare(told, [*text_of(chance, 400), *told, *text_of(chance, 400)])
    assert shared is not None
    assert (shared.relation, shared.joins) == ("contains", False)


def test_a_passage_that_hundreds_have_finds_nothing_by_itself(writer: Writer) -> None:
    chance = random.Random(8)
    standing = text_of(chance, 60)
    for number in range(100):
        body = " ".join([*text_of(chance, 60), *standing])
        writer.store(visit(story(number, body=body)))
    assert writer.db["clusters"].count == 0
    assert find_matches(writer.db, [*text_of(chance, 60), *standing]) == []

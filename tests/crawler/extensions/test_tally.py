"""A run's counts, summed up per outlet."""

from __future__ import annotations

from crawler.extensions.tally import sum_up

COUNTS = [
    {"source": "wanamarta", "what": "refused", "reason": "robots.txt", "amount": 2},
    {"source": "wanamarta", "what": "refused", "reason": "no story", "amount": 3},
    {"source": "wanamarta", "what": "stored", "reason": "", "amount": 9},
    {"source": "gardasiar", "what": "stored", "reason": "", "amount": 1},
]


def test_amounts_are_summed_over_reasons() -> None:
    _, wanamarta = sum_up(COUNTS)
    assert wanamarta.amounts == {"refused": 5, "stored": 9}


def test_reasons_come_with_the_most_frequent_first() -> None:
    _, wanamarta = sum_up(COUNTS)
    assert list(wanamarta.to_dict()["reasons"]["refused"]) == ["no story", "robots.txt"]


def test_an_outlet_without_counts_appears_all_the_same() -> None:
    assert [tally.source for tally in sum_up(COUNTS, ["tirtamaya"])] == [
        "gardasiar",
        "tirtamaya",
        "wanamarta",
    ]


def test_a_plain_record_has_every_column() -> None:
    (empty,) = sum_up([], ["tirtamaya"])
    assert empty.to_dict() == {
        "source": "tirtamaya",
        **dict.fromkeys(
            ("found", "fetched", "stored", "updated", "unchanged", "folded", "refused", "failed"), 0
        ),
        **dict.fromkeys(("requests", "not_modified", "bytes", "seconds"), 0),
        "reasons": {},
    }

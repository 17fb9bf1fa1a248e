"""Where stories are written from."""

from datetime import date
from typing import Any

from newsroom import story, visit

from crawler.items import Dateline
from pipelines.database import Writer
from pipelines.database.asking.periods import period
from pipelines.database.asking.places import find_places, place, places, writing

JULY = period(date(2026, 7, 30), 30)


def written(writer: Writer, *places: str, **changes: Any) -> None:
    for number, name in enumerate(places, 1):
        body = " ".join(f"kata{number}x{n}" for n in range(60))
        dateline = Dateline(f"{name} -", place=name)
        writer.store(visit(story(number, dateline=dateline, body=body, **changes)))
    writer.flush()


def test_spellings_of_a_place_are_one_and_the_commonest_is_its_name(writer: Writer) -> None:
    written(writer, "SEMARANG", "Semarang", "Semarang", "Kudus")
    found, amount = places(writer.db, JULY, 10)
    assert [(one.name, one.stories) for one in found] == [("Semarang", 3), ("Kudus", 1)]
    assert found[0].spellings == ["SEMARANG", "Semarang"]
    assert amount == 2


def test_a_place_is_found_by_the_number_of_any_of_its_spellings(writer: Writer) -> None:
    written(writer, "SEMARANG", "Semarang")
    found = [place(writer.db, number, JULY) for number in (1, 2)]
    assert found[0] == found[1]
    assert place(writer.db, 77, JULY) is None


def test_a_place_without_stories_in_the_period_is_still_one(writer: Writer) -> None:
    written(writer, "Kudus")
    found = place(writer.db, 1, period(date(2020, 1, 1), 7))
    assert found is not None
    assert (found.name, found.counts) == ("Kudus", [0] * 7)


def test_who_writes_from_a_place(writer: Writer) -> None:
    written(writer, "Kudus", "KUDUS", authors=["Sari Danu", "Made Puspa"])
    found = place(writer.db, 1, JULY)
    assert found is not None
    who = writing(writer.db, found, JULY, 1)
    assert who.outlets == [("lamau", 2)]
    assert who.authors == [(2, "Made Puspa", 2)]
    assert (who.read, who.whole) == (2, True)


def test_a_name_is_found_by_a_part_of_it_whatever_its_case(writer: Writer) -> None:
    written(writer, "KOTA SEMARANG", "Semarang", "Kudus")
    assert [name for _, name in find_places(writer.db, "sEmar", 10)] == ["Semarang", "KOTA SEMARANG"]
    assert find_places(writer.db, "%", 10) == []

"""A day of a watch on a made-up clock: what is published is stored, and what happens is told."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from monthweb import Event, MonthWeb
from newsrooms import START, Newsroom, newsrooms
from rehearsal import Month, one_catalogue, watch

from crawler.sources import load_catalogue
from pipelines.database import Writer, open_writer

BEGIN = START + timedelta(days=2)
END = BEGIN + timedelta(hours=20)
OUTAGE = BEGIN + timedelta(hours=3)
#: Ten in the morning in Jakarta.


@dataclass(slots=True)
class Watched:
    web: MonthWeb
    month: Month
    writer: Writer

    def stored(self) -> set[str]:
        return {url for (url,) in self.writer.db.execute("SELECT url FROM articles")}


def rooms() -> list[Newsroom]:
    """One of forty stories a day, one of five, one that comes out once a week."""
    chosen = newsrooms(random.Random(11), 4, 40)
    return [chosen[5], min(chosen[6:-1], key=lambda room: room.a_day), chosen[-1]]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    directory = tmp_path_factory.mktemp("month")
    chosen = rooms()
    outage = Event("http 503", chosen[0].slug, OUTAGE, OUTAGE + timedelta(hours=4))
    web = MonthWeb(chosen, [outage])
    web.write_sources(directory / "sources")
    writer = open_writer(directory / "news.db", None)
    with one_catalogue(load_catalogue(directory / "sources")):
        month = asyncio.run(watch(web, writer, BEGIN, END, random.Random(1), judge=1))
    yield Watched(web, month, writer)
    writer.close()


def test_every_story_that_came_out_before_the_last_poll_is_stored(watched: Watched) -> None:
    for slug, room in watched.web.rooms.items():
        last = watched.month.polls[slug][-1]
        out = {
            watched.web.url(slug, number)
            for number, moment in enumerate(room.moments)
            if BEGIN <= moment < last
        }
        assert out <= watched.stored()
    assert len(watched.stored()) > 50


def test_an_outlet_that_publishes_more_is_asked_more_often(watched: Watched) -> None:
    busy, regional, weekly = (len(watched.month.polls[slug]) for slug in watched.web.rooms)
    assert busy > regional > weekly


def test_requests_are_fewer_than_every_ten_minutes_by_more_than_half(watched: Watched) -> None:
    polls = sum(map(len, watched.month.polls.values()))
    assert polls < 0.4 * len(watched.web.rooms) * (END - BEGIN) / timedelta(minutes=10)


def test_an_outage_is_told_after_its_second_poll_and_nothing_else_is(watched: Watched) -> None:
    (told,) = watched.month.told
    in_vain = [moment for moment in watched.month.polls[told.slug] if OUTAGE <= moment <= told.at]
    assert (told.what, len(in_vain)) == ("unreachable", 2)


def test_the_end_of_an_outage_is_told_too(watched: Watched) -> None:
    ((_, what, at),) = watched.month.ended
    assert what == "unreachable"
    assert at > OUTAGE + timedelta(hours=4)

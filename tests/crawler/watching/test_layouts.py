"""A small site on a made-up clock whose pages change: the watch tells in its next two crawls what it is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from monthweb import Event, MonthWeb
from newsrooms import START, Newsroom
from rehearsal import Engine, Month, one_catalogue

from crawler.sources import load_catalogue
from pipelines.database import Writer, open_writer
from pipelines.database.outlets.health import Finding, health

STORIES = 70
FIRST = START + timedelta(hours=1)
#: The first crawl: seventy stories have come out within the hour, and now one comes every quarter of an hour.

AGAIN = FIRST + timedelta(hours=1, minutes=55)
#: All of them are asked for again.

CHANGE = FIRST + timedelta(hours=4)


@dataclass(slots=True)
class Site:
    """An outlet, and what its crawls leave."""

    engine: Engine
    writer: Writer
    asked: Month

    def crawl(self, moment: datetime) -> dict[str, Finding]:
        """What is wrong after a crawl at a moment, by its name."""
        _, ended = asyncio.run(self.engine.run(self.writer, ["lamau"], moment))
        return {finding.what: finding for finding in health(self.writer.db, ["lamau"], ended)}


@contextmanager
def site_of(directory: Path, moments: list[datetime], *events: Event) -> Iterator[Site]:
    room = Newsroom("lamau", 7, 96.0, STORIES, has_sitemap=False, moments=moments)
    web = MonthWeb([room], events)
    web.write_sources(directory / "sources")
    writer, asked = open_writer(directory / "news.db", None), Month()
    with (
        one_catalogue(load_catalogue(directory / "sources")),
        time_machine.travel(START, tick=False) as clock,
    ):
        yield Site(Engine(web, asked, clock), writer, asked)
    writer.close()


@contextmanager
def changing(directory: Path, kind: str, hours: int = 100) -> Iterator[Site]:
    """A site to which something happens after it was crawled twice, all stories having been met again."""
    moments = [START + timedelta(seconds=50 * number) for number in range(1, STORIES + 1)]
    moments += [FIRST + timedelta(minutes=15 * number) for number in range(1, 80)]
    event = Event(kind, "lamau", CHANGE, CHANGE + timedelta(hours=hours))
    with site_of(directory, moments, event) as site:
        assert site.crawl(FIRST) == {}
        assert site.crawl(AGAIN) == {}
        yield site


@pytest.mark.parametrize(
    ("kind", "what"),
    [("no authors", "authors"), ("cut stories", "story length"), ("script pages", "no article")],
)
def test_a_changed_layout_is_told_within_two_crawls(tmp_path: Path, kind: str, what: str) -> None:
    with changing(tmp_path, kind) as site:
        site.crawl(CHANGE + timedelta(minutes=1))
        findings = site.crawl(CHANGE + timedelta(minutes=16))
    assert set(findings) == {what}
    assert findings[what].since >= f"{CHANGE:%Y-%m-%dT%H:%M:%SZ}"
    assert len(findings[what].examples) == 2


def test_a_layout_that_is_as_before_again_is_no_finding_any_more(tmp_path: Path) -> None:
    with changing(tmp_path, "no authors", hours=1) as site:
        site.crawl(CHANGE + timedelta(minutes=1))
        assert set(site.crawl(CHANGE + timedelta(minutes=16))) == {"authors"}
        site.crawl(CHANGE + timedelta(hours=2))
        assert site.crawl(CHANGE + timedelta(hours=3)) == {}


def test_one_story_that_loses_its_author_is_asked_about_and_no_finding(tmp_path: Path) -> None:
    with changing(tmp_path, "one without author") as site:
        before = site.asked.requests["articles"]
        for minutes in (1, 16, 31):
            assert site.crawl(CHANGE + timedelta(minutes=minutes)) == {}
        lost = "SELECT count(*) FROM fetches WHERE reason = 'lost authors'"
        assert site.writer.db.execute(lost).fetchone() == (1,)
        assert site.asked.requests["articles"] - before < 50


def test_a_flood_of_copies_is_told(tmp_path: Path) -> None:
    with changing(tmp_path, "copies") as site:
        assert "copies" in site.crawl(CHANGE + timedelta(hours=6))


def test_a_date_that_stands_still_is_told(tmp_path: Path) -> None:
    with changing(tmp_path, "same date") as site:
        assert "same date" in site.crawl(CHANGE + timedelta(hours=6))


def test_a_robots_txt_that_turns_away_is_told_after_two_crawls(tmp_path: Path) -> None:
    with changing(tmp_path, "robots.txt") as site:
        assert site.crawl(CHANGE + timedelta(minutes=1)) == {}
        assert set(site.crawl(CHANGE + timedelta(minutes=16))) == {"robots.txt"}


def test_an_outlet_that_goes_silent_is_told(tmp_path: Path) -> None:
    moments = [START + timedelta(hours=3 * number) for number in range(1, STORIES)]
    with site_of(tmp_path, moments) as site:
        last = moments[-1]
        assert site.crawl(last + timedelta(hours=3)) == {}
        assert set(site.crawl(last + timedelta(days=3))) == {"silent"}

"""An outlet's month, simulated: what changed is found, and a month of ordinary days is quiet."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.database.outlets.health import Finding, examine
from pipelines.database.outlets.last_month import History, ListOfOutlet, RunOfOutlet, Story

START = datetime(2026, 6, 1, tzinfo=UTC)
END = START + timedelta(days=30)
FEED, SITEMAP = "https://www.lamau.example/feed", "https://www.lamau.example/sitemap.xml"


def text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def month(seed: int, an_hour: float = 3.0) -> History:
    """A month of an outlet that sleeps at night and is slow at the weekend, crawled every half hour."""
    chance = random.Random(seed)
    history = History("lamau")
    finds: dict[str, list[str]] = {FEED: [], SITEMAP: []}
    waiting: list[datetime] = []
    minutes = int((END - START).total_seconds()) // 60
    for moment in (START + timedelta(minutes=minute) for minute in range(minutes)):
        awake = 1.0 if 0 <= moment.hour < 15 else 0.03
        if chance.random() < an_hour / 60 * awake * (0.5 if moment.weekday() >= 5 else 1.0):
            waiting.append(moment)
        if moment.minute % 30:
            continue
        for published in waiting:
            number = len(history.stories) + 1
            history.stories.append(told_story(number, published, moment, chance))
            finds[FEED if chance.random() < 0.7 else SITEMAP].append(text(moment))
        counts = {
            ("requests", ""): 2 + len(waiting),
            ("fetched", ""): len(waiting),
            ("stored", ""): len(waiting),
        }
        if chance.random() < 0.03:
            counts |= {("refused", "no story"): 1, ("fetched", ""): len(waiting) + 1}
        history.runs.append(RunOfOutlet(text(moment), counts))
        waiting = []
    last = history.runs[-1].started
    history.lists = [ListOfOutlet(url, found[-1], last, found) for url, found in finds.items()]
    return history


def told_story(number: int, published: datetime, seen: datetime, chance: random.Random) -> Story:
    return Story(
        *(number, f"https://www.lamau.example/berita/{number}", text(seen)),
        *(text(published), text(published)),
        words=max(40, int(chance.lognormvariate(5.7, 0.45))),
        confidence=0.9 if chance.random() < 0.97 else 0.4,
        is_copy=chance.random() < 0.08,
        place="SEMARANG" if chance.random() < 0.6 else None,
        section="Daerah" if chance.random() < 0.98 else None,
        has_author=chance.random() < 0.85,
        aside=int(chance.lognormvariate(5.5, 0.4)),
    )


def found(history: History) -> dict[str, Finding]:
    named = examine(history, lambda source, reasons: ["https://www.lamau.example/ditolak"])
    return {finding.what: finding for finding in named}


def changed_since(history: History, hours: int, change: Callable[[Story], Story]) -> str:
    """Change the stories of the last hours; when the first of them came."""
    since = text(END - timedelta(hours=hours))
    first = next(story.first_seen for story in history.stories if story.first_seen >= since)
    history.stories = [change(story) if story.first_seen >= since else story for story in history.stories]
    return first


@pytest.mark.parametrize("an_hour", [0.3, 1.0, 3.0, 10.0])
def test_a_month_of_ordinary_days_is_quiet(an_hour: float) -> None:
    for seed in range(12):
        assert found(month(seed, an_hour)) == {}, seed


@pytest.mark.parametrize("days", [8, 12, 16, 20, 24, 28])
def test_no_day_of_an_ordinary_month_gives_an_alarm(days: int) -> None:
    whole = month(7)
    until = text(START + timedelta(days=days))
    whole.stories = [story for story in whole.stories if story.first_seen <= until]
    whole.runs = [run for run in whole.runs if run.started <= until]
    assert found(replace_lists(whole, until)) == {}


def replace_lists(history: History, until: str) -> History:
    cut = []
    for each in history.lists:
        finds = [moment for moment in each.finds if moment <= until]
        cut.append(replace(each, read_at=finds[-1], checked_at=until, finds=finds))
    history.lists = cut
    return history


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("authors", lambda story: replace(story, has_author=False)),
        ("dateline", lambda story: replace(story, place=None)),
        ("section", lambda story: replace(story, section=None)),
        ("date", lambda story: replace(story, published=None, published_utc=None)),
        ("story length", lambda story: replace(story, words=45)),
        ("confidence", lambda story: replace(story, confidence=0.3)),
        ("boilerplate", lambda story: replace(story, aside=20 * story.words)),
        ("copies", lambda story: replace(story, is_copy=True)),
        ("same date", lambda story: replace(story, published="2026-06-01T00:00:00+07:00")),
    ],
)
def test_a_changed_layout_is_told_with_field_time_and_examples(
    what: str, change: Callable[[Story], Story]
) -> None:
    history = month(3)
    since = changed_since(history, 20, change)
    findings = found(history)
    assert set(findings) == {what}
    assert abs(datetime.fromisoformat(findings[what].since) - datetime.fromisoformat(since)) < timedelta(
        hours=3
    )
    assert len(findings[what].examples) == 2
    assert set(findings[what].examples) <= {story.url for story in history.stories[-30:]}


def test_a_layout_that_was_mended_gives_no_alarm_any_more() -> None:
    history = month(3)
    changed_since(history, 60, lambda story: replace(story, has_author=False))
    changed_since(history, 30, lambda story: replace(story, has_author=True))
    assert found(history) == {}


def test_a_share_that_turns_only_for_a_few_stories_gives_no_alarm() -> None:
    history = month(3)
    history.stories[-5:] = [replace(story, has_author=False) for story in history.stories[-5:]]
    assert found(history) == {}


def silence(history: History, hours: int) -> History:
    since = text(END - timedelta(hours=hours))
    history.stories = [story for story in history.stories if story.first_seen < since]
    last = history.runs[-1].started
    history.lists = [
        replace(each, finds=kept, read_at=kept[-1], checked_at=last)
        for each in history.lists
        if (kept := [moment for moment in each.finds if moment < since])
    ]
    return history


def test_an_outlet_that_has_gone_silent_is_told_once_and_not_by_each_list() -> None:
    findings = found(silence(month(5), 30))
    assert set(findings) == {"silent"}
    assert findings["silent"].since < text(END - timedelta(hours=30))


def test_an_outlet_whose_lists_name_what_cannot_be_read_is_not_silent() -> None:
    whole = month(5)
    silent = silence(month(5), 30)
    silent.lists = whole.lists
    assert found(silent) == {}


def test_a_quiet_night_is_no_silence() -> None:
    assert found(silence(month(5), 9)) == {}


def test_an_outlet_that_was_not_asked_is_not_silent() -> None:
    history = silence(month(5), 60)
    until = text(END - timedelta(hours=59))
    history.lists = [replace(each, checked_at=until) for each in history.lists]
    history.runs = [run for run in history.runs if run.started <= until]
    assert found(history) == {}


def test_a_list_that_stands_still_while_others_go_on_is_told() -> None:
    history = month(6)
    since = text(END - timedelta(hours=48))
    feed = history.lists[0]
    kept = [moment for moment in feed.finds if moment < since]
    history.lists[0] = replace(feed, finds=kept, read_at=kept[-1])
    assert set(found(history)) == {f"list {FEED}"}


def test_lists_that_stand_still_together_are_no_matter_of_one_list() -> None:
    history = silence(month(6), 30)
    holiday = text(START + timedelta(days=10)), text(START + timedelta(days=12))
    # The outlet was as quiet before, so that it is not yet silent itself.
    history.stories = [
        story for story in history.stories if not holiday[0] <= (story.published_utc or "") < holiday[1]
    ]
    assert found(history) == {}


def fail_lists(history: History, runs: int, reason: str) -> History:
    history.lists = [replace(each, checked_at=history.runs[-runs - 1].started) for each in history.lists]
    for run in history.runs[-runs:]:
        run.counts.clear()
        run.counts["failed", f"list: {reason}"] = 2
    return history


def test_an_outlet_none_of_whose_lists_can_be_read_is_told_after_two_runs() -> None:
    assert found(fail_lists(month(8), 1, "http 503")) == {}
    findings = found(fail_lists(month(8), 2, "http 503"))
    assert "http 503" in findings["unreachable"].told


def test_lists_that_robots_txt_forbids_are_told_as_such() -> None:
    findings = found(fail_lists(month(8), 2, "robots.txt"))
    assert set(findings) == {"robots.txt"}


def test_robots_txt_that_turns_articles_away_is_told() -> None:
    history = month(9)
    for run in history.runs[-40:]:
        run.counts["refused", "robots.txt"] = run.counts["fetched", ""]
        run.counts["fetched", ""] = run.counts["stored", ""] = 0
    findings = found(history)
    assert findings["robots.txt"].examples == ("https://www.lamau.example/ditolak",)
    assert findings["robots.txt"].since >= history.runs[-42].started


def test_pages_in_which_no_article_is_found_any_more_are_told() -> None:
    history = month(9)
    for run in history.runs[-40:]:
        run.counts["refused", "no story"] = run.counts["stored", ""]
        run.counts["stored", ""] = 0
    assert "no article" in found(history)


def test_an_outlet_that_has_just_been_added_gives_no_alarm() -> None:
    history = History("lamau")
    assert found(history) == {}
    history = month(10)
    history.stories, history.runs = history.stories[:20], history.runs[:5]
    history.lists = [replace(each, finds=each.finds[:5]) for each in history.lists]
    assert found(history) == {}

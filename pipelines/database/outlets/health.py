"""Whether an outlet is read as it was in the last month: each share against its own history, each silence
against its own rhythm.

Shares are tested by :mod:`pipelines.database.outlets.drift`. A silence is one when so many stories were to be
expected meanwhile that none of them coming has a chance below one in a million (Poisson, by hour of the day),
and when it lasts twice as long as the longest of the month.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from sqlite_utils import Database

from pipelines.database.losses import LOW_CONFIDENCE, NO_ARTICLE
from pipelines.database.outlets.drift import Drift, fell, rose
from pipelines.database.outlets.last_month import History, Story, histories, refused_urls
from pipelines.database.outlets.rhythm import learn_rhythm

SILENCE_EXPECTED = 14.0
#: Stories that were to be expected in a silence: the chance of none is below one in a million.

SILENCE_LONGER = 2.0
#: How many times the longest silence of the month it lasts.

_LEAST_LOST = 3
#: Stories that lost something; with six hundred visits that lost nothing before they are enough.

_LEAST_STORIES = 20
_LEAST_DAYS = 8
#: A week and a day, so that the longest silence is that of a weekend.

_LEAST_ASIDE = 300
#: Characters beside a story that are nothing odd.

_NAMED = 3
#: URLs that lists name while no story comes, or another list none: then the outlet is not silent.

_ROBOTS = "robots.txt"


@dataclass(slots=True, frozen=True)
class Finding:
    """Something that changed at an outlet."""

    source: str
    what: str
    #: ``authors``, ``dateline``, ``section``, ``date``, ``story length``, ``confidence``, ``boilerplate``,
    #: ``copies``, ``same date``, ``no article``, ``robots.txt``, ``unreachable``, ``silent`` or ``list``.

    since: str
    #: ISO 8601, UTC.

    told: str
    #: In a sentence.

    examples: tuple[str, ...]
    #: URLs, two at most.

    before: float | None = None
    now: float | None = None
    #: Shares, where it is one that changed.

    again: bool = False
    #: Seen in stories that were asked for again: the shares are of those that lost what they had.


def health(db: Database, sources: Sequence[str], now: datetime) -> list[Finding]:
    """What changed at these outlets within the last month, by outlet."""

    def refused(source: str, reasons: Sequence[str]) -> Sequence[str]:
        return refused_urls(db, source, reasons)

    return [finding for history in histories(db, sources, now) for finding in examine(history, refused)]


def examine(history: History, refused: Callable[[str, Sequence[str]], Sequence[str]]) -> Iterator[Finding]:
    """What changed at one outlet; *refused* looks up URLs that were refused for one of some reasons."""
    lost = list(_lost(history))
    yield from lost
    known = {finding.what for finding in lost}
    for finding in _changed_records(history):
        if finding.what not in known:
            known.add(finding.what)
            yield finding
    for what, reasons, others, meaning in _ANSWERS:
        if what in known:
            continue
        marks, times = _answers(history, reasons, others)
        change = rose(marks)
        if change is not None:
            told = _compare(meaning, change)
            examples = tuple(refused(history.source, reasons))
            yield Finding(history.source, what, times[change.at], told, examples, change.before, change.after)
    if "copies" not in known:
        yield from _folded(history)
    shut = _shut(history)
    if shut is not None:
        yield shut
        return
    silent = _silent(history)
    if silent is not None:
        yield silent
    else:
        yield from _standing_lists(history)


_LOST = {
    "authors": "stories that had an author and have none when they are asked for again",
    "dateline": "stories that had a place in the dateline and have none when they are asked for again",
    "section": "stories that had a section and have none when they are asked for again",
    "date": "stories that had a date and have none when they are asked for again",
    "confidence": "stories that are read with low confidence when they are asked for again",
    "story length": "stories that are less than half as long when they are asked for again",
    "no article": "stories whose pages are no article any more when they are asked for again",
}


def _lost(history: History) -> Iterator[Finding]:
    """What stories lack that they had themselves: a few of them are enough."""
    for what, meaning in _LOST.items():
        seen = [visit for visit in history.again if what in visit.lost or what in visit.has]
        marks = [what in visit.lost for visit in seen]
        change = rose(marks, least_after=_LEAST_LOST)
        if change is not None:
            since = [visit for visit in seen[change.at :] if what in visit.lost]
            yield Finding(
                *(history.source, what, since[0].at, _compare(meaning, change)),
                *(tuple(visit.url for visit in since[-2:]), change.before, change.after),
                again=True,
            )


_Signal = tuple[str, Callable[[Story], bool], Callable[[Sequence[bool]], Drift | None], str]

_FIELDS: tuple[_Signal, ...] = (
    ("authors", lambda story: story.has_author, fell, "stories with an author"),
    ("dateline", lambda story: story.place is not None, fell, "stories with a place in the dateline"),
    ("section", lambda story: story.section is not None, fell, "stories with a section"),
    ("date", lambda story: story.published is not None, fell, "stories with a date"),
    ("confidence", lambda story: story.confidence < LOW_CONFIDENCE, rose, "stories of low confidence"),
    ("copies", lambda story: story.is_copy, rose, "stories whose text another article had first"),
)


def _changed_records(history: History) -> Iterator[Finding]:
    stories = history.stories
    for what, marks_story, test, meaning in _signals(stories):
        marks = [marks_story(story) for story in stories]
        change = test(marks)
        if change is None:
            continue
        since = zip(stories[change.at :], marks[change.at :], strict=True)
        examples = [story.url for story, mark in since if mark is (test is rose)]
        yield Finding(
            *(history.source, what, stories[change.at].first_seen, _compare(meaning, change)),
            *(tuple(examples[-2:]), change.before, change.after),
        )


def _signals(stories: Sequence[Story]) -> Iterator[_Signal]:
    """The fixed ones, and those that need to know what is usual."""
    yield from _FIELDS
    if not stories:
        return
    usual = median(story.words for story in stories)
    yield "story length", lambda story: story.words < usual / 2, rose, "stories of less than half the length"
    most = max(2 * median(story.aside for story in stories), _LEAST_ASIDE)
    yield "boilerplate", lambda story: story.aside > most, rose, "stories with twice the text beside them"
    same = {
        later.id
        for earlier, later in pairwise(stories)
        if later.published is not None and later.published == earlier.published
    }
    yield "same date", lambda story: story.id in same, rose, "stories dated as the one before"


_ANSWERS = (
    (_ROBOTS, (_ROBOTS,), ("fetched",), "URLs that robots.txt forbids"),
    (
        *("no article", NO_ARTICLE, ("stored", "updated", "unchanged", "folded")),
        "pages in which no article was found",
    ),
)


def _answers(history: History, reasons: Sequence[str], others: Sequence[str]) -> tuple[list[bool], list[str]]:
    """For each page of the month whether it was refused for one of the reasons, and when its run began."""
    marks: list[bool] = []
    times: list[str] = []
    for run in history.runs:
        against = sum(run.counts.get(("refused", reason), 0) for reason in reasons)
        for_it = sum(run.counts.get((other, ""), 0) for other in others)
        marks += [False] * for_it + [True] * against
        times += [run.started] * (for_it + against)
    return marks, times


def _folded(history: History) -> Iterator[Finding]:
    """One text under many addresses: the outlet's copies of its own stories have no records of theirs."""
    runs = [
        (run, run.counts.get(("stored", ""), 0), run.counts.get(("folded", ""), 0)) for run in history.runs
    ]
    marks = [mark for _, new, copies in runs for mark in [False] * new + [True] * copies]
    change = rose(marks)
    if change is not None:
        times = [run.started for run, new, copies in runs for _ in range(new + copies)]
        told = _compare("pages whose text was there before under another address", change)
        yield Finding(
            history.source, "copies", times[change.at], told, history.folded, change.before, change.after
        )


def _shut(history: History) -> Finding | None:
    """The outlet when none of its lists could be read in the last two runs."""
    checked = max((each.checked_at for each in history.lists), default=None)
    if checked is None or len(history.runs) < 2:
        return None
    since = [run for run in history.runs if run.started > checked]
    if len(since) < 2:
        return None
    faults = {
        reason.partition(": ")[2] or reason: amount
        for (what, reason), amount in since[-1].counts.items()
        if what == "failed" and amount
    }
    if not faults:
        return None
    why = max(faults, key=lambda reason: faults[reason])
    what = _ROBOTS if why.startswith(_ROBOTS) and "http" not in why else "unreachable"
    told = f"none of its lists could be read in the last {len(since)} runs: {why}"
    return Finding(history.source, what, since[0].started, told, _first_two(history))


def _silent(history: History) -> Finding | None:
    """The outlet when its lists were read and named nothing new for much longer than ever."""
    checked = max((each.checked_at for each in history.lists), default=None)
    times = sorted(
        (story.published_utc if story.published and len(story.published) > 10 else None) or story.first_seen
        for story in history.stories
    )
    if checked is None or not _is_silence(times, checked):
        return None
    last = history.stories[-1].first_seen
    if sum(found > last for each in history.lists for found in each.finds) >= _NAMED:
        return None  # it publishes; what keeps its pages from being read is told by itself
    hours = (datetime.fromisoformat(checked) - datetime.fromisoformat(times[-1])) / timedelta(hours=1)
    told = f"nothing new for {hours:.0f} hours, the longest silence of the month"
    newest = tuple(story.url for story in history.stories[-2:])
    return Finding(history.source, "silent", times[-1], told, newest)


def _standing_lists(history: History) -> Iterator[Finding]:
    """Lists that have had the same bytes for too long while others of the outlet named new stories."""
    for each in history.lists:
        if not each.finds or each.read_at > each.finds[-1]:
            continue
        since = each.finds[-1]
        elsewhere = sum(found > since for other in history.lists for found in other.finds)
        if elsewhere >= _NAMED and _is_silence(each.finds, each.checked_at):
            told = "the list is as it was, while stories are found elsewhere"
            yield Finding(history.source, f"list {each.url}", each.finds[-1], told, (each.url,))


def _is_silence(times: Sequence[str], until: str) -> bool:
    """Whether nothing happened for much longer than ever; *times* in order."""
    if len(times) < _LEAST_STORIES:
        return False
    moments = [datetime.fromisoformat(moment) for moment in times]
    end, newest = datetime.fromisoformat(until), moments[-1]
    if newest - moments[0] < timedelta(days=_LEAST_DAYS):
        return False
    longest = max(later - earlier for earlier, later in pairwise(moments))
    if end - newest < SILENCE_LONGER * longest:
        return False
    return learn_rhythm(moments, newest).expected(newest, end) >= SILENCE_EXPECTED


def _compare(meaning: str, change: Drift) -> str:
    return f"{meaning}: {change.before:.0%} before, {change.after:.0%} of {change.count} since"


def _first_two(history: History) -> tuple[str, ...]:
    return tuple(each.url for each in history.lists[:2])

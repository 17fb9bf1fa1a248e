"""The store of a crawl that is elsewhere: notes go to the outbox, what is known comes from the briefing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crawler.cluster.notes import read_list_state, read_revisit
from crawler.cluster.outbox import Outbox
from crawler.items import Candidate, Fetch, RawPage, Visit
from pipelines.database.fingerprints import url_key
from pipelines.database.frontier import State
from pipelines.database.lists import ListState
from pipelines.database.revisits import Revisit


class RemoteNotes:
    """The methods of the writer that a crawl uses; each becomes a note. The run is that of the session."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.counted: Counter[tuple[str, str, str | None]] = Counter()

    def count(
        self, run: int, source: str | None, what: str, amount: int = 1, *, reason: str | None = None
    ) -> None:
        self.counted[source or "", what, reason] += amount
        self._outbox.tell("count", source=source, what=what, amount=amount, reason=reason)

    def record_fetch(self, fetch: Fetch, run: int | None, *, outcome: str, reason: str | None = None) -> None:
        self._outbox.tell("record_fetch", fetch=fetch, outcome=outcome, reason=reason)

    def refuse(self, visit: Visit, run: int, *, reason: str) -> None:
        self._outbox.tell("refuse", visit=visit, reason=reason)

    def store(self, visit: Visit) -> None:
        """Let the writer recognise and store a visit."""
        self._outbox.tell("store", visit=visit)

    def note_list(self, url: str, source: str, state: ListState) -> None:
        self._outbox.tell("note_list", url=url, source=source, state=state)

    def note_unchanged_list(self, url: str, source: str, found_in: str, run: int | None) -> None:
        self._outbox.tell("note_unchanged_list", url=url, source=source, found_in=found_in)

    def settle(self, url: str, state: State, reason: str | None = None) -> None:
        self._outbox.tell("settle", url=url, state=state, reason=reason)

    def put_off(self, url: str, reason: str) -> None:
        self._outbox.tell("put_off", url=url, reason=reason)

    def keep_unread(self, page: RawPage) -> None:
        """Nothing: what a crawler that died had not read is asked for again."""

    def unread_page(self, url: str) -> None:
        """None is kept."""


class BriefedMemory:
    """What the writer said at the beginning, and what it answered since."""

    def __init__(self, outbox: Outbox, notes: RemoteNotes, briefing: Mapping[str, Any]) -> None:
        self._outbox = outbox
        self._notes = notes
        self._cut_short: bool = briefing["cut_short"]
        self._lists = {url: read_list_state(state) for url, state in briefing["lists"].items()}
        self._revisits = {
            source: [read_revisit(each) for each in plain] for source, plain in briefing["revisits"].items()
        }
        self._pending: defaultdict[str, list[Candidate]] = defaultdict(list)
        self._given: set[str] = set()
        for source, plain in briefing["pending"].items():
            for each in plain:
                self._give(source, Candidate(**each))

    async def add(self, candidates: Sequence[Candidate], run: int) -> list[Candidate]:
        if not candidates:
            return []
        places = await self._outbox.ask("add", candidates=list(candidates))
        return [
            each for each in (candidates[place] for place in places) if self._give(each.source or "", each)
        ]

    def pending_after(self, source: str, after: int, limit: int) -> list[tuple[int, Candidate]]:
        waiting = self._pending[source][after : after + limit]
        return list(enumerate(waiting, after + 1))

    def list_state(self, url: str) -> ListState | None:
        return self._lists.get(url)

    def due_again(self, source: str, days: float) -> list[tuple[Revisit, Candidate]]:
        return self._revisits.get(source, [])

    def published_since(self, source: str, moment: str) -> list[tuple[Revisit, Candidate]]:
        raise NotImplementedError("a watch names no moment")

    def was_cut_short(self, sources: Iterable[str], run: int) -> bool:
        return self._cut_short

    def counts(self, run: int) -> list[Mapping[str, Any]]:
        return [
            {"source": source, "what": what, "reason": reason, "amount": amount}
            for (source, what, reason), amount in self._notes.counted.items()
        ]

    def _give(self, source: str, candidate: Candidate) -> bool:
        """Put a URL behind those that wait; whether it was not given before."""
        key = url_key(candidate.url)
        if key in self._given:
            return False
        self._given.add(key)
        self._pending[source].append(candidate)
        return True

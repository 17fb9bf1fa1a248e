"""The one writer of a process: visits, fetches, the frontier and the counts of a run, in batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.errors import DatabaseError, PageError
from crawler.items import Candidate, Fetch, RawPage, Visit
from pipelines.database import archives, frontier, kept, lists, losses, rereading, rests, runs, stories
from pipelines.database.archives import ArchiveState
from pipelines.database.batches import Batches
from pipelines.database.checkpoints import Checkpoints
from pipelines.database.connection import open_database
from pipelines.database.fetches import write_fetch
from pipelines.database.frontier import State
from pipelines.database.lists import ListState
from pipelines.database.new_stories import NewStories, PreparedVisit, Unlike, groups, prepare
from pipelines.database.pages import KeptPage, PagePolicy, open_pages
from pipelines.database.recognition import Recognition, What, read_again, recognise, recognise_page
from pipelines.database.records import to_utc
from pipelines.database.rests import Rest

UNREAD_FOR = timedelta(hours=6)
#: Age up to which a page that a killed crawl left unread stands for the page of today.


@dataclass(slots=True, frozen=True)
class Outcome:
    """What became of a visit."""

    article_id: int
    what: What
    of: int | None = None
    #: The article that had the text first: for "folded" another outlet's, or *article_id* itself.


class Writer(Batches):
    """Writes what visits bring, in batches; with *pages* the pages of visits are kept there."""

    def start_run(
        self, command: str, sources: Sequence[str], settings: Mapping[str, Any] | None = None
    ) -> int:
        """Begin a run and commit it; its id."""
        with self._batch():
            run = runs.insert_run(self.db, command, sources, settings or {}, _now())
        self.flush()
        return run

    def finish_run(self, run: int, *, reason: str, stats: Mapping[str, Any]) -> None:
        """Close a run (*reason*: ``finished``, ``shutdown``…) and commit."""
        with self._batch():
            runs.close_run(self.db, run, reason, stats, _now())
        self.flush()

    def count(
        self, run: int, source: str | None, what: str, amount: int = 1, *, reason: str | None = None
    ) -> None:
        """Add to a run's counts of an outlet.

        ``store`` counts ``stored updated unchanged folded`` and ``found`` counts ``found`` by themselves;
        this is for what else happens: ``fetched``, ``refused``, ``failed``.
        """
        with self._batch():
            runs.add_count(self.db, run, source, what, amount=amount, reason=reason)

    def recognise(self, visit: Visit) -> Recognition:
        """Which story a visit shows; nothing is written yet."""
        with self._open_batch(opens_visit=True):
            self._recognised = recognise(self.db, visit)
        return self._recognised

    def store(self, visit: Visit, run: int | None = None, recognition: Recognition | None = None) -> Outcome:
        """Store a visit: article, addresses, version, fetch; its URLs in the frontier are done.

        *recognition* is what :meth:`recognise` said of this visit; it is asked again where another story
        was written since.
        """
        if recognition is None or recognition is not self._recognised:
            recognition = self.recognise(visit)
        self._recognised = None
        with self._batch():
            return self._write(visit, recognition, run)

    def store_all(self, visits: Iterable[Visit], run: int | None = None) -> Iterator[Outcome]:
        """Store visits as :meth:`store` does, quicker where many are new; what is yielded is committed.

        A batch is written as a whole, and while it closes the next one is read in another thread. Where a
        visit cannot be stored, those before it are.
        """
        stored: list[Outcome] = []
        with ThreadPoolExecutor(1, thread_name_prefix="read-visits") as reading, Checkpoints(self.db) as log:
            for group in groups(visits, self._batch_size, self._batch_seconds):
                prepared = reading.submit(prepare, group)
                if stored:
                    self.flush()
                    log.after_batch()
                    yield from stored
                stored = self._store_group(group, prepared, run)
            self.flush()
            yield from stored

    def _store_group(
        self, group: Sequence[Visit], prepared: Future[list[PreparedVisit]], run: int | None
    ) -> list[Outcome]:
        # In a batch of its own without a savepoint, for which SQLite copies each page that changes.
        fresh = not self.db.conn.in_transaction
        try:
            ready = prepared.result()
            with self._open_batch(opens_visit=False) if fresh else self._batch():
                return self._write_group(ready, run)
        except DatabaseError:
            raise
        except Exception:  # one of them is at fault: it raises again, after those before it
            if fresh:
                self._roll_back()
            return [self.store(visit, run) for visit in group]

    def _write_group(self, group: Sequence[PreparedVisit], run: int | None) -> list[Outcome]:
        new, unlike = NewStories(self.db, run), Unlike(self.db, group)
        outcomes = []
        for one in group:
            if unlike.meets(one.page):
                outcomes.append(Outcome(new.add(one, self._keep(one.visit), _now()), "new"))
            else:
                new.write()
                outcomes.append(self._write(one.visit, recognise_page(self.db, one.page), run))
        new.write()
        return outcomes

    def _write(self, visit: Visit, recognition: Recognition, run: int | None) -> Outcome:
        what, seen = recognition.what, to_utc(visit.fetch.fetched_at) or _now()
        pages = self._keep(visit)
        reason = losses.changes(self.db, recognition)
        article_id = stories.write_story(self.db, recognition, seen, run)
        write_fetch(
            self.db, visit.fetch, run, article_id=article_id, outcome=what, reason=reason, pages=pages
        )
        frontier.settle_keys(self.db, [(key, seen) for key in recognition.addresses], "done")
        if run is not None:
            counted = "stored" if what == "new" else what
            runs.add_count(self.db, run, visit.article.source, counted)
        return Outcome(article_id, what, recognition.original)

    def rewrite(self, fetch_id: int, visit: Visit, run: int) -> bool | None:
        """Let an article say what *visit* says, its kept page of the fetch read again by other rules.

        No version is made. Nothing is written where it says so already (false), or where it shows another
        fetch by now (null).
        """
        with self._batch(opens_visit=True):
            article_id = rereading.article_shown_by(self.db, fetch_id)
            if article_id is None:
                return None
            return stories.rewrite_story(self.db, article_id, read_again(visit, article_id), run)

    def admit(self, fetch_id: int, visit: Visit, run: int) -> Outcome | None:
        """Store the article of a page that was refused at the fetch and is one by other rules.

        Null, and nothing is written, where the page was stored since.
        """
        recognition = self.recognise(visit)
        with self._batch():
            if not rereading.is_refused(self.db, fetch_id):
                return None
            seen = to_utc(visit.fetch.fetched_at) or _now()
            article_id = stories.write_story(self.db, recognition, seen, run)
            rereading.settle_refused(self.db, fetch_id, article_id, recognition.what)
            for url in recognition.addresses:
                frontier.settle_url(self.db, url, "done", None, _now())
            counted = "stored" if recognition.what == "new" else recognition.what
            runs.add_count(self.db, run, visit.article.source, counted)
        return Outcome(article_id, recognition.what, recognition.original)

    def record_fetch(self, fetch: Fetch, run: int | None, *, outcome: str, reason: str | None = None) -> None:
        """Keep a fetch that gave no article.

        *outcome*: ``unchanged`` (a 304, or the same bytes), ``refused``, ``failed`` or ``gone``.
        """
        with self._batch(opens_visit=True):
            article_id = stories.see_again(self.db, fetch, unchanged=outcome == "unchanged")
            write_fetch(self.db, fetch, run, article_id=article_id, outcome=outcome, reason=reason)

    def refuse(self, visit: Visit, run: int, *, reason: str) -> None:
        """Note in one step that a page is no article: its fetch, the end of its URLs and the count."""
        with self._batch(opens_visit=True):
            pages = self._keep(visit)
            article_id = stories.see_again(self.db, visit.fetch, unchanged=False)
            write_fetch(
                *(self.db, visit.fetch, run),
                article_id=article_id,
                outcome="refused",
                reason=reason,
                pages=pages,
            )
            for url in (
                visit.article.url,
                visit.fetch.requested_url,
                visit.candidate and visit.candidate.url,
            ):
                frontier.settle_url(self.db, url or "", "refused", reason, _now())
            runs.add_count(self.db, run, visit.article.source, "refused", reason=reason)

    def keep_unread(self, page: RawPage) -> None:
        """Keep a page that is to be read yet, out of this process at once: a kill costs no second fetch."""
        if self.pages is not None:
            self.pages.keep(page)
            self.pages.hand_over()

    def unread_page(self, url: str) -> KeptPage | None:
        """The last page kept of a URL where it came not long ago and no fetch refers to it."""
        if self.pages is None:
            return None
        last = next(iter(self.pages.under(url)), None)
        if last is None or last.kept_at < _now(-UNREAD_FOR) or kept.is_referred_to(self.db, last.id):
            return None
        try:
            return self.pages.read(last.id)
        except PageError:  # damaged: the outlet has it yet
            return None

    def found(self, candidates: Iterable[Candidate], run: int | None) -> list[Candidate]:
        """Keep the unknown ones as pending and return them, in order.

        Unknown: no article's address, and not in the frontier. What robots.txt forbade is asked about
        again after a day.
        """
        with self._batch(opens_visit=True):
            new = frontier.add_candidates(self.db, candidates, run, _now())
            if run is not None:
                for source, amount in Counter(candidate.source for candidate in new).items():
                    runs.add_count(self.db, run, source, "found", amount=amount)
        return new

    def note_list(self, url: str, source: str, state: ListState) -> None:
        """Remember a list that was read; call it after :meth:`found` with what it named."""
        with self._batch():
            lists.write_list(self.db, url, source, state, _now())

    def note_unchanged_list(self, url: str, source: str, found_in: str, run: int | None) -> None:
        """Note that a list is as it was, its candidates with it.

        What robots.txt forbade is asked about again after a day, as by :meth:`found`; *found_in* is where
        the list was found, after redirects.
        """
        with self._batch(opens_visit=True):
            lists.see_list(self.db, url, _now())
            again = frontier.reopen(self.db, source, found_in, run, _now())
            if again and run is not None:
                runs.add_count(self.db, run, source, "found", amount=again)

    def note_archive(self, key: str, state: ArchiveState, run: int, left_out: Mapping[str, int]) -> None:
        """Remember how far an archive was read, with what was stored of it: both stay, or neither.

        *left_out* is what came to be left out since the last note, by reason; it is counted of the run.
        """
        with self._batch():
            archives.write_state(self.db, key, state, run, _now())
            for reason, amount in left_out.items():
                runs.add_count(self.db, run, None, "left out", amount=amount, reason=reason)

    def settle(self, url: str, state: State, reason: str | None = None) -> None:
        """Take a URL out of what is pending; one that the frontier does not know is let be."""
        with self._batch():
            frontier.settle_url(self.db, url, state, reason, _now())

    def put_off(self, url: str, reason: str) -> None:
        """Let a pending URL rest that could not be had now; after the fifth time it is ``failed``."""
        with self._batch():
            frontier.put_off(self.db, url, reason, _now())

    def let_rest(self, host: str, rest: Rest) -> None:
        """Let a host be that blocked, in the runs to come."""
        with self._batch():
            rests.write_rest(self.db, host, rest, _now())

    def end_rest(self, host: str) -> None:
        """Forget that a host blocked."""
        with self._batch():
            rests.end_rest(self.db, host)

    def _keep(self, visit: Visit) -> list[int]:
        """Keep the pages of a visit, unless they ask not to be kept; their numbers."""
        if self.pages is None or (visit.article.policy.noarchive and not self.pages.policy.noarchive):
            return []
        return [self.pages.keep(page) for page in visit.pages]


def open_writer(path: Path | str, policy: PagePolicy | None, *, batch_seconds: float = 2.0) -> Writer:
    """A writer of the database at *path*, made where it is missing; with a *policy* it keeps pages.

    Raises DatabaseError where the database or the file of pages beside it cannot be used.
    """
    db = open_database(path, create=True)
    try:
        pages = open_pages(path, policy) if policy is not None else None
        return Writer(db, pages=pages, batch_seconds=batch_seconds)
    except BaseException:
        db.close()
        raise


def _now(later: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + later).strftime("%Y-%m-%dT%H:%M:%SZ")

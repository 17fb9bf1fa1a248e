"""Search: a question in a person's words, answered a page at a time in bounded work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Unpack, overload

from sqlite_utils import Database

from crawler.errors import QuestionError
from pipelines.database.asking import plans
from pipelines.database.asking.filters import Filters, conditions
from pipelines.database.asking.hits import MARK_END, MARK_START, Hit, read_hit
from pipelines.database.asking.paging import Place, from_token, question_digest, to_token
from pipelines.database.asking.vocabulary import refuse_broad_prefixes
from pipelines.database.asking.word_forms import forms_of
from pipelines.database.asking.words import Group, Question, expression, has_prefix, read_question
from pipelines.database.connection import database_errors
from pipelines.database.records import MAX_INTEGER

__all__ = ["MARK_END", "MARK_START", "Answer", "Hit", "Order", "Survey", "search", "survey"]

Order = Literal["best", "newest"]


@dataclass(slots=True, frozen=True)
class Answer(Sequence[Hit]):
    """A page of a search: its hits, in order, and what else is to be said."""

    hits: tuple[Hit, ...]
    after: str | None = None
    #: Token for the next page; null where this one is the last.

    bound: str | None = None
    #: In a sentence, what was left out so that the answer came at once; null where nothing was.

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Hit]: ...
    def __getitem__(self, index: Any) -> Any:
        return self.hits[index]

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)


def search(
    db: Database,
    words: str = "",
    *,
    order: Order = "best",
    limit: int = 20,
    after: str | None = None,
    exact: bool = False,
    fold: bool = True,
    **filters: Unpack[Filters],
) -> Answer:
    """A page of the articles with *words*; see :func:`pipelines.database.asking.words.read_question`.

    Other forms of a word are found too, unless *exact*; best first, they come after those with the very
    words. With *fold* a story is one row: its original, where that fits. *after* is the token of the page
    before. Without words the answer is what the filters leave, newest first; a story without a date
    comes last in that order. Raises :class:`QuestionError` on words or a token that do not hold,
    :class:`WartaError` on what is no date.
    """
    question = read_question(words)
    asked = _read(question, _merged(filters, question.filters), exact=exact, fold=fold, limit=limit)
    if not question.words.wanted:
        order = "newest"
    digest = question_digest(words, order, exact, fold)
    place = from_token(after, digest) if after else None
    return _answer(db, _find(db, asked, order, digest, place), asked.limit)


def survey(
    db: Database,
    words: str = "",
    *,
    most: int,
    order: Order = "best",
    limit: int = 20,
    exact: bool = False,
    fold: bool = True,
    **filters: Unpack[Filters],
) -> Survey:
    """The first page of :func:`search`, and which articles are the first *most* of the answer."""
    question = read_question(words)
    asked = _read(question, _merged(filters, question.filters), exact=exact, fold=fold, limit=most)
    if not question.words.wanted:
        order = "newest"
    found = _find(db, asked, order, question_digest(words, order, exact, fold), None)
    ids = tuple(match.article_id for match in found.matches)
    return Survey(_answer(db, found, limit), ids, whole=found.after is None)


@dataclass(slots=True, frozen=True)
class Survey:
    """The beginning of an answer."""

    page: Answer
    ids: tuple[int, ...]
    whole: bool
    #: Whether the ids are those of all that was found.


@dataclass(slots=True, frozen=True)
class _Asked:
    question: Question
    wanted: Any
    exact: bool
    fold: bool
    language: str | None
    limit: int


@dataclass(slots=True, frozen=True)
class _Match:
    article_id: int
    score: float | None
    words: str | None
    #: FTS5 expression that found it.

    place: Place


@dataclass(slots=True, frozen=True)
class _Found:
    matches: list[_Match]
    after: Place | None
    #: Where there may be more.

    bound: str | None


def _read(question: Question, filters: Filters, *, exact: bool, fold: bool, limit: int) -> _Asked:
    return _Asked(
        question, conditions(filters), exact, fold, filters.get("language"), min(limit, MAX_INTEGER)
    )


def _answer(db: Database, found: _Found, limit: int) -> Answer:
    """The first *limit* of what was found, as hits."""
    shown = found.matches[:limit]
    after = shown[-1].place if len(found.matches) > limit else found.after
    with database_errors(db):
        hits = [read_hit(db, match.article_id, match.score, match.words) for match in shown]
    return Answer(tuple(hits), to_token(after) if after else None, found.bound)


def _find(db: Database, asked: _Asked, order: Order, digest: str, place: Place | None) -> _Found:
    with database_errors(db):
        refuse_broad_prefixes(db, asked.question.words)
        run = _newest if order == "newest" else _best
        return run(db, asked, digest, place)


def _merged(given: Filters, named: Filters) -> Filters:
    for name in named:
        if given.get(name):
            raise QuestionError(f"{name} is asked for both among the words and beside them; ask for it once")
    return {**given, **named}


def _newest(db: Database, asked: _Asked, digest: str, place: Place | None) -> _Found:
    words = _expressions(db, asked)[1] if asked.question.words.wanted else None
    search = _search(db, asked, words)
    looked = plans.look(search, plans.newest_candidates(search, place), asked.limit)
    bound = None
    if looked.last is not None and len(looked.found) < asked.limit:
        back = looked.last.published or "those without a date"
        bound = f"{looked.amount:,} articles were looked at, back to {back}"
    after = Place(digest, looked.last.article_id, looked.last.published) if looked.last else None
    matches = [
        _Match(match.article_id, None, words, Place(digest, match.article_id, match.published))
        for match in looked.found
    ]
    return _Found(matches, after, bound)


def _best(db: Database, asked: _Asked, digest: str, place: Place | None) -> _Found:
    """Those with the very words by rank, then those with other forms of them.

    bm25 counts a rare form for more than the common word that was asked for, so the two are not ranked
    together.
    """
    matches: list[_Match] = []
    after = bound = None
    exact, wide = _expressions(db, asked)
    expressions = [exact] if wide == exact else [exact, f"({wide}) NOT ({exact})"]
    for step in range(place.step if place else 0, len(expressions)):
        search = _search(db, asked, expressions[step])
        behind = place if place and place.step == step else None
        narrowest = plans.narrowest_filter(search, plans.MOST_FITTING)
        floor = 0
        if narrowest is None:
            floor = behind.floor if behind else plans.ranking_floor(search)
        candidates = plans.best_candidates(search, behind, floor, narrowest)
        looked = plans.look(search, iter(candidates), asked.limit - len(matches))
        for match in looked.found:
            score = match.score or 0.0
            at = Place(digest, match.article_id, None, score, step, floor)
            matches.append(_Match(match.article_id, -score, expressions[step], at))
        if floor:
            bound = f"only the {plans.MOST_RANKED:,} articles stored last that have the words were ranked"
        elif narrowest and not narrowest.whole:
            bound = f"only the newest {plans.MOST_FITTING:,} articles that fit a filter were ranked"
        if last := looked.last:
            after = Place(digest, last.article_id, None, last.score or 0.0, step, floor)
            break
    return _Found(matches, after, bound)


def _search(db: Database, asked: _Asked, words: str | None) -> plans.Search:
    unwanted = None
    if words is None and asked.question.words.unwanted:
        unwanted = expression(Group("any", asked.question.words.unwanted))
    return plans.Search(db, words, unwanted, asked.wanted, asked.fold, has_prefix(asked.question.words))


def _expressions(db: Database, asked: _Asked) -> tuple[str, str]:
    """FTS5 expressions for the very words, and for all their forms."""
    words = asked.question.words
    exact = expression(words)
    if asked.exact:
        return exact, exact
    known = lru_cache(maxsize=None)(lambda word: tuple(forms_of(db, word, asked.language)))
    return exact, expression(words, known)

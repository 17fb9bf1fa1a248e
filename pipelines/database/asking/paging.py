"""Where a page of answers ends, as a token that the next question brings back."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from hashlib import blake2b

from crawler.errors import QuestionError
from pipelines.database.records import MAX_INTEGER

_LONGEST = 400


@dataclass(slots=True, frozen=True)
class Place:
    """The last article that was looked at; the next page begins behind it.

    Places are found again by value, not by counting: what is stored meanwhile moves no page.
    """

    question: str
    #: Digest of the words and how they are asked: a token fits its own question alone.

    article_id: int
    published: str | None = None
    #: UTC; in the order of time.

    score: float = 0.0
    #: bm25 as FTS5 gives it, smaller is better; in the order of rank.

    step: int = 0
    #: Which of a question's expressions was being ranked.

    floor: int = 0
    #: The least id that is ranked, so that all pages rank the same articles.


def question_digest(*parts: object) -> str:
    """A short digest of what is asked."""
    return blake2b(json.dumps(parts).encode(), digest_size=6).hexdigest()


def to_token(place: Place) -> str:
    """The place as a word of letters, digits, ``-`` and ``_``."""
    text = json.dumps(list(asdict(place).values()), separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def from_token(token: str, question: str) -> Place:
    """The place of a token; :class:`QuestionError` where it is none, or one of another question."""
    place = _read(token)
    if place is None:
        raise QuestionError("that is no token of a search; use the one that the page before it gave")
    if place.question != question:
        raise QuestionError("the token belongs to another search; give the same words and order with it")
    return place


def _read(token: str) -> Place | None:
    if len(token) > _LONGEST:
        return None
    try:
        match json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4))):
            case [
                str(question),
                int(article_id),
                str() | None as published,
                int() | float() as score,
                int(step),
                int(floor),
            ] if max(abs(article_id), abs(floor)) <= MAX_INTEGER and step in {0, 1}:
                return Place(question, article_id, published, float(score), step, floor)
    except (ValueError, RecursionError, OverflowError):
        pass
    return None

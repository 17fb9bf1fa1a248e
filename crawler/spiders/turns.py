"""How many of an outlet's URLs are with the scheduler: a window on the frontier, moved as answers come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crawler.items import Candidate

WINDOW = 200
#: URLs of one outlet that are with the scheduler at most; the others wait in the database.


@dataclass(slots=True)
class _Turn:
    last: int = 0
    #: Number of the URL in the frontier that was taken last.

    taken: int = 0
    open: int = 0
    turned_away: int = 0
    #: Requests in a row that were not made, since the host is left alone.


class Turns:
    """Takes URLs from the frontier in the order they were found, so that memory does not grow with it.

    *look* gives an outlet's due URLs after a number, with their numbers, at most so many. *limit*, where it
    is not 0, is what an outlet may have in one run.
    """

    def __init__(self, look: Callable[[str, int, int], list[tuple[int, Candidate]]], limit: int) -> None:
        self._look = look
        self._limit = limit
        self._turns: dict[str, _Turn] = {}

    def take(self, slug: str) -> list[Candidate]:
        """The outlet's next URLs, as many as there is room for; none once its host is left alone."""
        turn = self._of(slug)
        room = WINDOW - turn.open
        if self._limit:
            room = min(room, self._limit - turn.taken)
        if room <= 0 or turn.turned_away >= WINDOW or turn.open > WINDOW // 2:
            return []
        found = self._look(slug, turn.last, room)
        if found:
            turn.last = found[-1][0]
            turn.open += len(found)
            turn.taken += len(found)
        return [candidate for _, candidate in found]

    def settle(self, slug: str, *, turned_away: bool = False) -> None:
        """One of the outlet's URLs was answered, or not asked for at all."""
        turn = self._of(slug)
        turn.open -= 1
        turn.turned_away = turn.turned_away + 1 if turned_away else 0

    def is_over(self, slug: str) -> bool:
        """Whether the outlet has had what the limit allows."""
        return bool(self._limit) and self._of(slug).taken >= self._limit

    def _of(self, slug: str) -> _Turn:
        return self._turns.setdefault(slug, _Turn())

"""What an outlet's servers were asked for and sent in a run, counted beside what became of its articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Traffic:
    """Sums per outlet; what :meth:`take` has given is not given again.

    Every answer counts, as it came over the line: articles, lists, robots.txt, redirects, retries.
    """

    _amounts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _spans: dict[str, tuple[float, int]] = field(default_factory=dict)
    #: Per outlet the moment of the first request, and the seconds since then that were given already.

    def ask(self, source: str, now: float) -> None:
        """Note a request; *now* in seconds of a clock that does not go back."""
        self._spans.setdefault(source, (now, 0))

    def note(self, source: str, status: int, size: int, now: float) -> None:
        """Note an answer of *size* bytes, packed where it came packed."""
        self.ask(source, now)
        self._amounts[source, "requests"] += 1
        self._amounts[source, "bytes"] += size
        if status == 304:
            self._amounts[source, "not modified"] += 1
        first, given = self._spans[source]
        seconds = round(now - first)
        self._amounts[source, "seconds"] += seconds - given
        self._spans[source] = first, seconds

    def take(self) -> Iterator[tuple[str, str, int]]:
        """What was added since the last time: outlet, what, and how much of it."""
        amounts, self._amounts = self._amounts, Counter()
        yield from ((source, what, amount) for (source, what), amount in sorted(amounts.items()) if amount)

"""Whether a share has changed for good, and since when; no database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log

LEAST_BEFORE = 50
LEAST_AFTER = 6
#: Cases on both sides of a change; fewer say nothing.

EVIDENCE = 18.0
#: Logarithm of the likelihood ratio that a change must have. By chance it is reached once in some hundred
#: thousand looks, all places of a change tried.

_BLOCK = 12


@dataclass(slots=True, frozen=True)
class Drift:
    """A share that was one thing and became another."""

    at: int
    #: Index of the first case after the change.

    before: float
    after: float
    #: Shares of true cases.

    count: int
    #: Cases since the change.


def rose(marks: Sequence[bool], *, least_after: int = LEAST_AFTER) -> Drift | None:
    """The change by which a share rose to twice what it was and by 0.3 at least; null where there is none.

    *least_after*: cases that must lie behind it.
    """
    if sum(marks[-least_after:]) < 0.3 * least_after:
        return None  # most months: the last cases would have to show it
    return _change(marks, lambda before, after: after >= max(2 * before, before + 0.3), least_after)


def fell(marks: Sequence[bool]) -> Drift | None:
    """The change by which a share of at least a fifth fell to half of what it was, or less."""
    if sum(marks[-LEAST_AFTER:]) > 0.5 * LEAST_AFTER:
        return None
    return _change(marks, lambda before, after: before >= 0.2 and after <= before / 2, LEAST_AFTER)


def _change(marks: Sequence[bool], counts: Callable[[float, float], bool], least_after: int) -> Drift | None:
    """The most likely change among those that count, by shares before and after.

    Method: a single change point of a Bernoulli sequence by its likelihood ratio (Hinkley and Hinkley,
    Biometrika 57, 1970), divided by the over-dispersion of what was before, in blocks of twelve
    (quasi-likelihood), since stories of one kind come in rows. The last cases must show the change, too.
    """
    sums = [0, *accumulate(marks)]
    most = 0.0
    found: Drift | None = None
    for at in range(LEAST_BEFORE, len(marks) - least_after + 1):
        count = len(marks) - at
        before, after = sums[at] / at, (sums[-1] - sums[at]) / count
        if counts(before, after):
            ratio = _likelihood(sums[at], at) + _likelihood(sums[-1] - sums[at], count)
            if ratio > most or found is None:
                most, found = ratio, Drift(at, before, after, count)
    if found is None:
        return None
    evidence = (most - _likelihood(sums[-1], len(marks))) / _dispersion(marks[: found.at])
    last = sum(marks[-least_after:]) / least_after
    return found if evidence >= EVIDENCE and counts(found.before, last) else None


def _likelihood(true: int, cases: int) -> float:
    """Logarithm of the greatest likelihood of so many true cases."""
    if true in (0, cases):
        return 0.0
    return true * log(true / cases) + (cases - true) * log(1 - true / cases)


def _dispersion(marks: Sequence[bool]) -> float:
    """How much more blocks differ than independent cases would let them; 1 at least."""
    share = sum(marks) / len(marks)
    blocks = [sum(marks[start : start + _BLOCK]) for start in range(0, len(marks) - _BLOCK + 1, _BLOCK)]
    if share in (0, 1) or len(blocks) < 2:
        return 1.0
    expected = share * _BLOCK
    variance = sum((block - expected) ** 2 for block in blocks) / (len(blocks) - 1)
    return max(1.0, variance / (_BLOCK * share * (1 - share)))

"""What a run did per outlet, summed up from its counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

COLUMNS = ("found", "fetched", "stored", "updated", "unchanged", "folded", "refused", "failed")
#: What is counted, in the order of the way of the data.

TRAFFIC = ("requests", "not modified", "bytes", "seconds")
#: What that cost: answers of the outlet's servers, those of 304 among them, their bytes as they came over the
#: line, and the seconds from the first request to the last answer.


@dataclass(slots=True)
class Tally:
    """One outlet's counts; ``reasons`` say why something was refused or failed, the most frequent first."""

    source: str
    amounts: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The counts in plain JSON types."""
        return {
            "source": self.source,
            **{what.replace(" ", "_"): self.amounts[what] for what in (*COLUMNS, *TRAFFIC)},
            "reasons": {what: dict(reasons.most_common()) for what, reasons in self.reasons.items()},
        }


def sum_up(counts: Iterable[Mapping[str, Any]], sources: Iterable[str] = ()) -> list[Tally]:
    """Tallies from a run's counts (``source, what, reason, amount``), by slug; *sources* always appear."""
    tallies = {source: Tally(source) for source in sources}
    for count in counts:
        source = count["source"] or ""
        tally = tallies.setdefault(source, Tally(source))
        tally.amounts[count["what"]] += count["amount"]
        if count["reason"]:
            reasons = tally.reasons.setdefault(count["what"], Counter())
            reasons[count["reason"]] += count["amount"]
    return [tallies[source] for source in sorted(tallies)]

"""What hosts did in a run: written by the middlewares, shown by progress and summary."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from time import monotonic

host_changed = object()
#: Signal: a host asks for something else than before. Sent with ``host``, its name, ``seconds`` for which it
#: is to be let alone from now on, and ``delay``, the seconds between two requests; either may be null.


@dataclass(slots=True)
class HostState:
    """One host so far."""

    answers: int = 0
    pauses: int = 0
    #: How often it asked for one.

    faults: Counter[str] = field(default_factory=Counter)
    #: What went wrong with requests, retries included, by reason.

    left_alone: str | None = None
    #: Why it is not asked any more in this run.

    paused_until: float = 0.0
    #: By the clock of ``time.monotonic``.

    @property
    def troubled(self) -> bool:
        """Whether there is anything to tell of it."""
        return bool(self.faults or self.pauses or self.left_alone)

    def describe(self) -> str:
        """Its state in a few words; empty where it simply answers."""
        if self.left_alone is not None:
            return self.left_alone
        seconds = self.paused_until - monotonic()
        return f"pauses for {seconds:.0f} s" if seconds > 0 else ""

"""trafilatura's answer, asked for where the reader does not trust its own.

Two readers that agree are seldom both wrong. trafilatura takes about ten times as long as the reading itself
and so is asked only when the story found is doubtful.
"""

from __future__ import annotations

import logging
import re

_WORD = re.compile(r"\w+")
MAX_CHARS = 500_000
#: Characters of a page's source up to which trafilatura is asked: its time grows faster than a page does.


def second_opinion(text: str, url: str) -> str:
    """trafilatura's body of a page, paragraphs parted by blank lines; empty where it finds none."""
    if len(text) > MAX_CHARS:
        return ""
    # Loading it takes as long as reading a hundred pages, and few pages need it.
    import trafilatura  # noqa: PLC0415

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.extract(
            text, url=url or None, include_comments=False, include_tables=True, with_metadata=False, fast=True
        )
    except Exception as error:
        logging.getLogger(__name__).debug("trafilatura failed on %s: %s", url, error)
        return ""
    return "\n\n".join(line for line in (found or "").split("\n") if line.strip())


PROBE = 32
#: Characters of the samples by which two bodies are compared.

SAMPLES = 24


def agreement(one: str, other: str) -> float:
    """How far two bodies are the same text, 0 to 1: the harmonic mean of how much of each is in the other.

    Estimated from evenly spaced samples, because it is asked of every page whose JSON-LD tells the story.
    """
    first, second = " ".join(_WORD.findall(one.casefold())), " ".join(_WORD.findall(other.casefold()))
    if not first or not second:
        return 0.0
    there, back = _covered(first, second), _covered(second, first)
    return 2 * there * back / (there + back) if there + back else 0.0


def _covered(text: str, other: str) -> float:
    """The share of a text's samples that stand in the other."""
    if len(text) <= PROBE:
        return float(text in other)
    step = max(1, (len(text) - PROBE) // SAMPLES)
    places = range(0, len(text) - PROBE + 1, step)
    return sum(text[place : place + PROBE] in other for place in places) / len(places)

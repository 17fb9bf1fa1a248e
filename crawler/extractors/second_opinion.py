"""trafilatura's answer, asked for where the reader does not trust its own.

Two readers that agree are seldom both wrong. trafilatura takes about ten times as long as the reading itself
and so is asked only when the story found is doubtful.
"""

from __future__ import annotations

import logging
import re

_WORD = re.compile(r"\w+")


def second_opinion(text: str, url: str) -> str:
    """trafilatura's body of a page, paragraphs parted by blank lines; empty where it finds none."""
    import trafilatura  # deferred: loading it takes longer than reading a hundred pages

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.extract(
            text, url=url or None, include_comments=False, include_tables=True, with_metadata=False, fast=True
        )
    except Exception as error:  # noqa: BLE001 - another reader's failure on a hostile page is no opinion
        logging.getLogger(__name__).debug("trafilatura failed on %s: %s", url, error)
        return ""
    return "\n\n".join(line for line in (found or "").split("\n") if line.strip())


def agreement(one: str, other: str) -> float:
    """How far two bodies are the same text: 0 to 1, the F1 of their runs of four words."""
    first, second = _runs(one), _runs(other)
    if not first or not second:
        return 0.0
    shared = len(first & second)
    return 2 * shared / (len(first) + len(second))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return {tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))} if words else set()

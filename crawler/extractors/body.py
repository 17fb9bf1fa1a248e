"""The story as text: its blocks joined to paragraphs, each once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extractors.blocks import Block

_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_LONG = 60
#: Characters from which a paragraph that recurs is a seam between parts and not a refrain.


def join_lines(blocks: Sequence[Block]) -> list[str]:
    """Paragraphs from the story's blocks: a sentence that a line break cuts in two is put together.

    Only where the next line goes on in lower case; lists and verse keep their lines.
    """
    paragraphs: list[str] = []
    for block in blocks:
        text = block.text
        if (
            paragraphs and block.after_break and block.tag not in ("li",) and text[:1].islower()
            and not _SENTENCE_END.search(paragraphs[-1])
        ):  # fmt: skip
            paragraphs[-1] = f"{paragraphs[-1]} {text}"
        else:
            paragraphs.append(text)
    return paragraphs


def without_repeats(paragraphs: Sequence[str]) -> list[str]:
    """Paragraphs without those that recur, as at the seams of a split story or in a page's hidden copy.

    Short lines may recur: a chorus, a question.
    """
    seen: set[str] = set()
    kept = []
    for paragraph in paragraphs:
        if len(paragraph) >= _LONG:
            if paragraph in seen:
                continue
            seen.add(paragraph)
        kept.append(paragraph)
    return kept


def join_bodies(parts: Sequence[str]) -> str:
    """The bodies of a split story's parts, in order, as one."""
    return "\n\n".join(without_repeats([p for part in parts for p in part.split("\n\n") if p]))

"""The story as text: its blocks joined to paragraphs, each once, dateline and closing initials cut off."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from crawler.extractors.blocks import Block
from crawler.extractors.dateline import read_dateline
from crawler.items import Article, Boilerplate

_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_MARKS = " \"'“”‘’«».,:;!?…-–—()[]"
MOST_PARAGRAPHS = 500
#: Paragraphs of a story in which pull quotes are looked for.

LEAST_QUOTE = 6
#: Words of a pull quote; what is shorter may well occur twice.

_LONG = 60
#: Characters from which a paragraph that recurs is a seam between parts and not a refrain.


def join_lines(blocks: Sequence[Block]) -> list[str]:
    """Paragraphs from the story's blocks: a sentence that a line break cuts in two is put together.

    Only where the next line goes on in lower case; lists and verse keep their lines. So is a paragraph inside
    which a link to another story stood.
    """
    paragraphs: list[str] = []
    last = 0
    for block in blocks:
        text = block.text
        if paragraphs and block.goes_on and block.index - last <= 2:
            paragraphs[-1] = f"{paragraphs[-1]} {text}"
        elif (
            paragraphs and block.after_break and block.tag not in ("li",) and text[:1].islower()
            and not _SENTENCE_END.search(paragraphs[-1])
        ):  # fmt: skip
            paragraphs[-1] = f"{paragraphs[-1]} {text}"
        else:
            paragraphs.append(text)
        last = block.index
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


def settle_story(article: Article, paragraphs: Sequence[str], *, names: Sequence[str], closing: str) -> None:
    """Fill ``body`` from the story's paragraphs, and ``dateline`` from their beginning where it is unknown.

    ``names`` are the outlet's; ``closing`` is what stands in brackets at the end and is no part of the story.
    Paragraphs that only repeat a part of another, as pull quotes do, become boilerplate.
    """
    lines = list(paragraphs)
    for place in range(min(2, len(lines)) if article.dateline is None else 0):
        near = date.fromisoformat(article.published[:10]) if article.published else None
        found = read_dateline(lines[place], outlet_names=names, near=near)
        if found is not None:
            article.dateline, rest = found
            article.evidence["dateline"] = "first paragraph"
            lines[place] = lines[place][rest:].lstrip()
            break
    if article.dateline is not None and lines and lines[0].startswith(article.dateline.raw):
        lines[0] = lines[0][len(article.dateline.raw) :].lstrip()
    if closing and lines and lines[-1].endswith(closing):
        lines[-1] = lines[-1][: -len(closing)].rstrip()
    whole = without_repeats([line for line in lines if line])
    pulled = pull_quotes(whole)
    article.body = "\n\n".join(line for place, line in enumerate(whole) if place not in pulled)
    article.boilerplate += [Boilerplate("other", whole[place]) for place in sorted(pulled)]


def pull_quotes(paragraphs: Sequence[str]) -> set[int]:
    """The places of paragraphs of some length that stand word for word inside a longer one.

    >>> quote = "harga beras naik dua kali sebulan"
    >>> pull_quotes([quote.capitalize(), f'Menurut pedagang, "{quote}", tidak seperti tahun lalu.'])
    {0}
    """
    if len(paragraphs) > MOST_PARAGRAPHS:
        return set()
    folded = [paragraph.casefold().strip(_MARKS) for paragraph in paragraphs]
    whole = "\n".join(folded)
    alone = Counter(folded)
    return {
        place
        for place, text in enumerate(folded)
        if text.count(" ") >= LEAST_QUOTE - 1 and whole.count(text) > alone[text]
    }

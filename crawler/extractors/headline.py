"""The headline as the reader sees it: the block that the page's own statements agree on.

A page states its headline up to five times (JSON-LD, OpenGraph, ``<title>``…), each time in its own words and
with the site's name attached; what the reader sees is one of the blocks. The block that resembles the
statements most wins; where none does, the best statement without the site's name is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborNode

from crawler.extractors.blocks import Block, Flow, clean
from crawler.extractors.features import HEADINGS
from crawler.extractors.lexicon import fold, load_lexicon
from crawler.extractors.page import Page

_WORD = re.compile(r"\w+")
_RUBRICS = load_lexicon().headline_rubrics
_SEPARATOR = re.compile(r"\s+[|•·»«~]+\s+|\s*\|\s*|\s+[-–—:]+\s+|\s+::\s+|\s*»\s*")
_TAG_WEIGHT = {"h1": 0.30, "h2": 0.16, "h3": 0.10, "h4": 0.08, "h5": 0.08, "h6": 0.05}
SURE = 0.85
#: Likeness to a statement from which text that is no heading is taken for the headline.

LEAST_HEAD = 4
#: Words of a title's first part that may be all of the headline: "Headline - Guide - Site".

_ASIDE = {"side", "footer", "navigation", "popular", "related", "comment"}


@dataclass(slots=True, frozen=True)
class Headline:
    text: str
    block: int | None
    #: Index of the block it stands in; None where only the page's statements name it.

    evidence: str
    score: float
    #: 0 to about 1.5: likeness to the statements and weight of the place.


def folded(text: str) -> list[str]:
    """The words of a text, case folded, for comparing."""
    return _WORD.findall(text.casefold())


def without_site(title: str, names: Sequence[str]) -> str:
    """A title without the site's name or section that is attached to it by a separator.

    Only parts at the ends that resemble one of the names are cut.

    >>> without_site("Harga Cabai Turun - Kabar Nusa", ["Kabar Nusa"])
    'Harga Cabai Turun'
    """
    known = {"".join(folded(name)) for name in names if name} - {""}
    for _ in range(3):
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts:
            return title
        head, tail = title[: cuts[0].start()], title[cuts[-1].end() :]
        if _is_site(tail, known):
            title = title[: cuts[-1].start()]
        elif _is_site(head, known):
            title = title[cuts[0].end() :]
        else:
            return title
    return title


def without_rubric(title: str) -> str:
    """A title without the name of a rubric that a bar parts from it.

    >>> without_rubric("Harga Garam Petani | Opini")
    'Harga Garam Petani'
    """
    head, bar, tail = title.rpartition("|")
    if bar and fold(tail) in _RUBRICS:
        return head.rstrip()
    head, bar, tail = title.partition("|")
    return tail.lstrip() if bar and fold(head) in _RUBRICS else title


def _is_site(part: str, known: set[str]) -> bool:
    glued = "".join(folded(part))
    if not glued:
        return True
    return any(
        glued == name or (len(glued) >= 4 and len(name) >= 4 and (glued in name or name in glued))
        for name in known
    )


def stated_titles(page: Page) -> list[tuple[str, str]]:
    """What the page says its headline is, with the evidence's name, the most telling first."""
    found: list[tuple[str, str]] = []
    for node in page.articles:
        for key in ("headline", "name", "alternativeHeadline"):
            value: Any = node.get(key)
            if isinstance(value, str) and value.strip():
                found.append(("json-ld", clean(value)))
                break
    for name in ("og:title", "twitter:title", "headline", "title", "dc.title"):
        value = page.first_meta(name)
        if value:
            found.append((name, clean(value)))
    if page.title:
        found.append(("title", page.title))
    return found


def headline_element(page: Page, names: Sequence[str]) -> LexborNode | None:
    """The h1 that the page's statements agree with, found without reading the page; None where none does."""
    if page.root is None:
        return None
    wanted = [folded(without_site(text, names)) for _, text in stated_titles(page)]
    for element in page.root.css("h1"):
        words = folded(element.text())
        if len(words) >= 3 and any(_overlap(words, other) >= SURE for other in wanted):
            return element
    return None


def _overlap(words: list[str], other: list[str]) -> float:
    have, want = set(words), set(other)
    return 2 * len(have & want) / (len(have) + len(want)) if want else 0.0


def find_headline(page: Page, flow: Flow, names: Sequence[str]) -> Headline:
    """The headline of a page; its text is empty where there is none."""
    stated = [(evidence, without_site(text, names)) for evidence, text in stated_titles(page)]
    heads = [
        (evidence, cut[0]) for evidence, text in stated if (cut := _SEPARATOR.split(text, maxsplit=1))[1:]
    ]
    stated += [(evidence, head) for evidence, head in heads if len(folded(head)) >= LEAST_HEAD]
    wanted = [folded(text) for _, text in stated]
    whole = "\n".join(text.casefold() for _, text in stated)
    best: tuple[float, Block | None, str] = (0.0, None, "")
    for block in flow.blocks:
        if block.words > 45 or (block.tag not in HEADINGS and block.text[:12].casefold() not in whole):
            continue
        weight = _place(block)
        if weight <= 0:
            continue
        words = folded(block.text)
        if not 1 <= len(words) <= 45:
            continue
        likeness, evidence = _likeness(words, stated, wanted)
        if block.tag not in HEADINGS and likeness < SURE:
            continue
        score = likeness + weight - 0.0004 * block.index
        if likeness >= 0.5 and score > best[0] + 1e-9:
            best = (score, block, f"{block.tag}, {evidence}")
    score, found, why = best
    if found is not None:
        return Headline(without_rubric(without_site(found.text, names)), found.index, why, score)
    lone = _lone_heading(flow.blocks)
    if lone is not None and (lone.tag == "h1" or not any(len(words) >= 3 for words in wanted)):
        return Headline(without_site(lone.text, names), lone.index, f"{lone.tag}, alone", 0.5)
    for evidence, text in stated:
        if text:
            return Headline(text, None, evidence, 0.4)
    if lone is not None:
        return Headline(lone.text, lone.index, lone.tag, 0.3)
    return Headline("", None, "none", 0.0)


def _place(block: Block) -> float:
    """How much the place of a block speaks for a headline; 0 where it can be none."""
    if block.tag in HEADINGS:
        weight = _TAG_WEIGHT[block.tag]
    elif "title" in block.box.groups and block.words >= 3:
        weight = 0.12
    elif (
        block.words >= 4
        and block.tag in ("div", "td", "p", "section", "header", "article", "li")
        and block.words <= 30
    ):
        weight = 0.02
    else:
        return 0.0
    if block.link_share > 0.5:
        weight -= 0.12
    box = block.box
    for _ in range(5):
        groups = box.groups
        if box.tag in ("nav", "aside", "footer") or _ASIDE & set(groups):
            weight -= 0.08
        if box.hidden:
            weight -= 0.1
        if box.parent is None:
            break
        box = box.parent
    return max(weight, 0.001)


def _likeness(words: list[str], stated: list[tuple[str, str]], wanted: list[list[str]]) -> tuple[float, str]:
    best, evidence = 0.0, ""
    have = set(words)
    agreeing = 0
    for (name, _), other in zip(stated, wanted, strict=True):
        if not other:
            continue
        shared = len(have & set(other))
        if not shared:
            continue
        value = 2 * shared / (len(have) + len(set(other)))
        if words == other:
            value = 1.1
        if value >= 0.85:
            agreeing += 1
        if value > best:
            best, evidence = value, name
    return best + 0.03 * max(0, agreeing - 1), evidence


def _lone_heading(blocks: Sequence[Block]) -> Block | None:
    """The page's only h1, else its first h2, where it reads like a headline."""
    for tag in ("h1", "h2"):
        found = [
            b for b in blocks if b.tag == tag and b.words >= 3 and b.link_share < 0.9 and _place(b) > 0.05
        ]
        if found and (tag == "h2" or len(found) == 1):
            return found[0]
    return None

"""Which blocks are the story: a linear model's score for each block, then the best run of blocks.

The score of a block is the sum of the weights of its features (`features.py`), fitted on labelled pages and
kept in ``story_model.json``. Where the story begins and ends is then decided for the page as a whole: it is
the run of blocks with the largest sum, as in Pasternack & Roth, "Extracting Article Text from the Web with
Maximum Subsequence Segmentation" (2009), with blocks in place of their tokens.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp

from crawler.extractors.blocks import Block, Flow
from crawler.extractors.features import (
    HEADINGS,
    AroundKey,
    BoxKey,
    OwnKey,
    around_features,
    block_keys,
    box_features,
    looks_like_prose,
    own_features,
)

BEYOND = 60
#: Blocks after the last running text that may still be story: the entries of a list.

_CHILDREN = frozenset({"p", "li", "blockquote", *HEADINGS})
_NUMBER = re.compile(r"[\d_-]*\d[\d_-]*")


@dataclass(slots=True)
class Story:
    """Where the story stands in the flow."""

    first: int
    #: Index of its first block.

    end: int
    #: Index after its last block; equal to ``first`` where there is no story.

    scores: list[float]
    #: Probability of being story, 0 to 1, by block from ``offset`` on.

    offset: int

    def score(self, index: int) -> float:
        place = index - self.offset
        return self.scores[place] if 0 <= place < len(self.scores) else 0.0


class StoryModel:
    """The fitted weights, with the sums of the keys that pages repeat."""

    MAX_KEYS = 50_000
    #: Keys whose sums are kept, by family; pages of all the world have more, and memory stays bounded.

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = weights
        self.intercept = weights.get("", 0.0)
        self._own: dict[OwnKey, float] = {}
        self._box: dict[BoxKey, float] = {}
        self._around: dict[AroundKey, float] = {}

    def scores(
        self, flow: Flow, first: int, headline: int | None, kinds: Sequence[str | None]
    ) -> list[float]:
        """The probability of being story, 0 to 1, of each block from ``first`` on."""
        own_sums, box_sums, around_sums = self._own, self._box, self._around
        for sums in (own_sums, box_sums, around_sums):
            if len(sums) > self.MAX_KEYS:
                sums.clear()
        found = []
        for own, box, around in block_keys(flow, first, headline, kinds):
            one = own_sums.get(own)
            if one is None:
                one = own_sums[own] = self._sum(own_features(own))
            two = box_sums.get(box)
            if two is None:
                two = box_sums[box] = self._sum(box_features(box))
            three = around_sums.get(around)
            if three is None:
                three = around_sums[around] = self._sum(around_features(around))
            total = self.intercept + one + two + three
            found.append(1.0 / (1.0 + exp(-total)) if total > -30 else 0.0)
        return found

    def _sum(self, names: Sequence[str]) -> float:
        get = self.weights.get
        return sum(get(name, 0.0) for name in names)


@lru_cache(maxsize=1)
def load_model() -> StoryModel:
    """The model that comes with the package, loaded once a process.

    The intercept's name is the empty string.
    """
    source = files("crawler.extractors").joinpath("story_model.json").read_text("utf-8")
    return StoryModel(json.loads(source)["weights"])


def find_story(
    flow: Flow,
    first: int,
    headline: int | None,
    kinds: Sequence[str | None],
    model: StoryModel | None = None,
) -> Story:
    """The run of blocks that is the story, from ``first`` on."""
    blocks = flow.blocks[first:]
    horizon = (
        max((place for place, block in enumerate(blocks) if looks_like_prose(block)), default=0) + BEYOND
    )
    scores = (model or load_model()).scores(flow, first, headline, kinds[:horizon])
    scores += [0.0] * (len(blocks) - len(scores))
    gains = [_gain(b, s, k) for b, s, k in zip(flow.blocks[first:], scores, kinds, strict=True)]
    begin, end = _best_run(gains)
    inside = sum(gain for gain in gains[begin:end] if gain > 0)
    kin, total = _best_kin(flow.blocks[first:], gains)
    if kin and total > 1.2 * inside:
        begin, end = kin[0], kin[-1] + 1
    return Story(first + begin, first + end, scores, first)


Kin = tuple[str, str, str, str, str]


def kin_of(block: Block) -> Kin:
    """What paragraphs of one template have in common: the tags and names of the nearest containers."""
    box = block.box
    parent = box.parent
    if parent is None:
        return (box.tag, box.names, "", "", "")
    if block.tag in _CHILDREN:
        upper = parent.parent
        above = upper.tag if upper is not None else ""
        return (box.tag, unnumbered(box.names), parent.tag, unnumbered(parent.names), above)
    return (box.tag, unnumbered(box.names), parent.tag, unnumbered(parent.names), str(box.depth))


@lru_cache(maxsize=50_000)
def unnumbered(names: str) -> str:
    """Names without the running numbers that make every paragraph one of its own.

    >>> unnumbered("sc-block sc-block_2-0-11")
    'sc-block sc-block#'
    """
    return " ".join(dict.fromkeys(_NUMBER.sub("#", names).split()))


def _best_kin(blocks: Sequence[Block], gains: Sequence[float]) -> tuple[list[int], float]:
    """The places of the gaining blocks of the template that gains most, and their sum.

    A story that is interrupted by many boxes may be no run worth taking, yet its paragraphs are of one kind.
    """
    sums: dict[Kin, float] = {}
    places: dict[Kin, list[int]] = {}
    for place, (block, gain) in enumerate(zip(blocks, gains, strict=True)):
        if gain > 0:
            key = kin_of(block)
            sums[key] = sums.get(key, 0.0) + gain
            places.setdefault(key, []).append(place)
    if not sums:
        return [], 0.0
    best = max(sums, key=lambda key: sums[key])
    return places[best], sums[best]


def _gain(block: Block, score: float, kind: str | None) -> float:
    """What a block adds to a run: words that are probably story, less what is probably none.

    A story is interrupted by boxes of a few lines, rarely by a long list; so a block that is none costs about
    as much as a short sentence gains, whatever its length.
    """
    if score >= 0.5:
        return min(block.words, 60) * (score - 0.4)
    if kind is not None:
        return -1.5 if block.words <= 25 else -4.0
    if block.tag in HEADINGS and block.link_share < 0.5:
        return -1.0
    return -(1.0 + 4.0 * (0.5 - score)) * (1.6 if block.link_share > 0.5 else 1.0)


def _best_run(gains: Sequence[float]) -> tuple[int, int]:
    """Begin and end of the run with the largest sum; (0, 0) where none is positive.

    >>> _best_run([-1, 3, -1, 4, -9, 5])
    (1, 4)
    """
    best, best_begin, best_end = 0.0, 0, 0
    current, begin = 0.0, 0
    for index, gain in enumerate(gains):
        if current <= 0:
            current, begin = 0.0, index
        current += gain
        if current > best:
            best, best_begin, best_end = current, begin, index + 1
    return best_begin, best_end

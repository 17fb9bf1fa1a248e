"""One page read once: its blocks with their roles, and the surroundings every field is taken from.

The middle of the way from bytes to record: `page` and `blocks` come before it, `article` takes the fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.extractors.blocks import Block, Box, Flow
from crawler.extractors.decisions import Decision
from crawler.extractors.features import looks_like_prose
from crawler.extractors.headline import Headline, find_headline, headline_element
from crawler.extractors.lexicon import Hit, Lexicon, load_lexicon
from crawler.extractors.page import Page, parse
from crawler.extractors.roles import decide_roles
from crawler.extractors.story import Story, find_story
from crawler.extractors.walk import read_blocks
from crawler.sources import Source

SHORT_STORY = 60
#: Words below which a story is sought on the whole page, not only from the headline on.

NEAR = 8
#: Blocks above the headline that may hold its kicker, date or byline.


@dataclass(slots=True, frozen=True)
class Rival:
    """One of the values that a field might have had."""

    field: str
    value: str
    evidence: str
    chosen: bool = False


@dataclass(slots=True)
class Reading:
    """A page, its blocks and what each of them is."""

    page: Page
    flow: Flow
    headline: Headline
    story: Story
    decisions: list[Decision]
    #: By block from ``story.offset`` on.

    hits: list[Hit | None]
    names: list[str]
    #: What the outlet calls itself.

    lexicon: Lexicon
    found_by: str = "blocks"
    #: What told where the story stands: its blocks, or an outlet's rule.

    rivals: list[Rival] = field(default_factory=list)
    #: What the fields were chosen among, for explaining.

    @property
    def tail(self) -> list[Block]:
        """The decided blocks, from the first after the headline on."""
        return self.flow.blocks[self.story.offset :]

    def decision(self, index: int) -> Decision:
        return self.decisions[index - self.story.offset]

    def story_blocks(self) -> list[Block]:
        return [b for b, d in zip(self.tail, self.decisions, strict=True) if d.role == "story"]

    def above(self) -> list[Block]:
        """The blocks right above the headline in its own container, the nearest first."""
        if self.headline.block is None:
            return []
        place = self.headline.block
        head = self.flow.blocks[place]
        near: Box = head.box
        for _ in range(3):
            if near.parent is None or near.parent.tag == "body":
                break
            near = near.parent
        return [b for b in reversed(self.flow.blocks[max(0, place - NEAR) : place]) if b.index >= near.first]

    def before_story(self) -> list[Block]:
        """The blocks between headline and story."""
        return self.flow.blocks[self.story.offset : self.story.first]

    def after_story(self) -> list[Block]:
        """The blocks after the story that still belong to the article."""
        begin = self.story.end - self.story.offset
        return [
            b for b, d in zip(self.tail[begin:], self.decisions[begin:], strict=True) if d.role != "outside"
        ]


def read_page(html: bytes, url: str, *, source: Source | None, content_type: str | None) -> Reading | None:
    """Read a page's blocks and decide their roles; None where there is no markup at all."""
    page = parse(html, url, content_type=content_type)
    if page.root is None:
        return None
    names = outlet_names(page, source)
    anchor = headline_element(page, names)
    reading = read_flow(page, read_blocks(page.root, anchor), names)
    if anchor is not None and sum(block.words for block in reading.story_blocks()) < SHORT_STORY:
        return read_flow(page, read_blocks(page.root), names)  # the story may stand above this headline
    return reading


def read_flow(page: Page, flow: Flow, names: list[str]) -> Reading:
    """Decide the roles of a page's blocks; ``names`` are what the outlet goes by."""
    if flow.truncated:
        page.warnings.append(f"more than {len(flow.blocks)} blocks of text: the rest was not read")
    lexicon = load_lexicon()
    headline = find_headline(page, flow, names)
    first = _begin(flow, headline)
    hits = [lexicon.boilerplate_kind(block.text) for block in flow.blocks[first:]]
    kinds = [_speaking(block, hit) for block, hit in zip(flow.blocks[first:], hits, strict=True)]
    story = find_story(flow, first, headline.block, kinds)
    decisions = decide_roles(flow, story, headline.block, hits, subject=headline.text, names=names)
    return Reading(page, flow, headline, story, decisions, hits, names, lexicon)


def _begin(flow: Flow, headline: Headline) -> int:
    """The block from which the story is sought: after the headline, unless most text stands before it."""
    if headline.block is None:
        return 0
    first = headline.block + 1
    prose = [(block.index, block.words) for block in flow.blocks if looks_like_prose(block)]
    after = sum(words for index, words in prose if index >= first)
    return first if after >= 0.3 * sum(words for _, words in prose) else 0


def _speaking(block: Block, hit: Hit | None) -> str | None:
    """The kind that a block's phrases speak for, None where a phrase is lost in a long paragraph."""
    if hit is None or (hit.how == "contains" and hit.share < 0.15 and block.words > 25):
        return None
    return hit.kind


def outlet_names(page: Page, source: Source | None) -> list[str]:
    """What the outlet goes by: its names in the catalogue, in the page's statements and its host."""
    names: list[str] = [source.name, *source.names] if source is not None else []
    names += page.publishers
    for key in (
        "og:site_name",
        "application-name",
        "apple-mobile-web-app-title",
        "publisher",
        "twitter:site",
    ):
        value = page.first_meta(key)
        if value and len(value) <= 60:
            names.append(value.lstrip("@"))
    names += host_names(page.url or page.canonical or page.first_meta("og:url") or "")
    return list(dict.fromkeys(name for name in names if name))


def host_names(url: str) -> list[str]:
    """The names in a URL's host: ``news.kabar.co.id`` gives ``kabar.co.id`` and ``kabar``.

    >>> host_names("https://www.kabarnusa.example/a")
    ['kabarnusa.example', 'kabarnusa']
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return []
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdigit():
        return []
    size = 3 if len(labels) >= 3 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else 2
    kept = labels[-size:]
    names: Sequence[str] = [".".join(kept), kept[0]]
    if len(labels) > size and labels[-size - 1] not in ("www", "m", "amp"):
        names = [*names, ".".join(labels[-size - 1 :])]
    return list(names)

"""What surrounds the story, kept by kind: related links, prompts, credits, tags and all the rest.

Takes decided blocks, gives the record's ``boilerplate`` and ``related``; nothing between headline and the
article's end is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast, get_args
from urllib.parse import urljoin

from crawler.extractors.blocks import Block
from crawler.extractors.decisions import Decision
from crawler.extractors.lexicon import Hit
from crawler.items import Boilerplate, BoilerplateKind, Link

KINDS: frozenset[str] = frozenset(get_args(BoilerplateKind))

MAX_LINKS = 60
#: Links kept of one block.


def resolve(href: str, base: str) -> str:
    """An absolute http(s) URL, or an empty string for anything else.

    >>> resolve("/a?b=1", "https://kabar.example/x")
    'https://kabar.example/a?b=1'
    """
    href = href.strip()
    if href.startswith(("https://", "http://")):
        return href
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
        return ""
    try:
        url = urljoin(base, href)
    except ValueError:
        return ""
    return url if url.startswith(("https://", "http://")) else ""


def links_of(block: Block, base: str) -> list[Link]:
    """The links of a block with absolute URLs."""
    links = [Link(anchor.text, resolve(anchor.href, base)) for anchor in block.links[:MAX_LINKS]]
    return [link for link in links if link.url]


def collect_boilerplate(pairs: Iterable[tuple[Block, Decision]], base: str) -> list[Boilerplate]:
    """The blocks that are boilerplate, in page order, each once."""
    found: list[Boilerplate] = []
    seen: set[tuple[str, str]] = set()
    for block, decision in pairs:
        if decision.role not in KINDS:
            continue
        kind = cast(BoilerplateKind, decision.role)
        if (kind, block.text) not in seen:
            seen.add((kind, block.text))
            found.append(Boilerplate(kind, block.text, links_of(block, base)))
    return found


def collect_related(
    pairs: Sequence[tuple[Block, Decision, Hit | None]], base: str, headline: str
) -> list[Link]:
    """The titles and URLs of the links to other stories on the subject, in page order, each once."""
    found: list[Link] = []
    seen: set[str] = {headline.casefold()}
    for block, decision, hit in pairs:
        if decision.role != "related" or not decision.topical:
            continue
        links = [link for link in _titles(block, base) if len(link.title.split()) >= 2]
        if hit is not None and hit.how == "prefix" and hit.rest:
            links = _after_label(links, hit.rest)
        for link in links:
            key = link.title.casefold()
            if key not in seen:
                seen.add(key)
                found.append(link)
    return found


def _titles(block: Block, base: str) -> list[Link]:
    """A block's links; where nothing tells the page's own address, the titles of those that need it, too."""
    if base:
        return links_of(block, base)
    return [Link(anchor.text, resolve(anchor.href, base)) for anchor in block.links[:MAX_LINKS]]


def _after_label(links: list[Link], rest: str) -> list[Link]:
    """The links of a "Baca juga: …" line, whose label may be part of the link, or whose title is none.

    What goes on in lower case is the label's own sentence: "Baca juga berita lainnya di News Page".
    """
    if len(links) > 1:
        return links
    title = rest
    if links and links[0].title in rest and 2 * len(links[0].title) > len(rest):
        title = links[0].title
    elif rest[:1].islower() and not rest[1:2].isupper():
        return []
    return [Link(title, links[0].url if links else "")]

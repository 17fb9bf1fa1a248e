"""A story's tags: those that the page shows, else those it states, without what is no tag of this story.

Templates state the same keywords on every page, or cut a sentence into words; what a box of tags shows may be
other stories' titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crawler.extractors.blocks import Anchor, clean
from crawler.extractors.lexicon import Lexicon, fold, load_lexicon
from crawler.extractors.page import Page
from crawler.extractors.statements import stated, text_of

MAX_WORDS = 6
#: Words of a tag; what is longer is a title or a sentence.

SHORT = 3
#: Words of a tag whose address does not say that it is one, among tags whose addresses do.

TITLE = 5
#: Words that links have on average which are titles of other stories.

MAX_TAGS = 40

MAX_STATED = 100
#: Stated tags that are looked at.

LEAST_WORD = 4
#: Letters of a tag's word that is looked for in the story.

WINDOW = 3
#: Tags in a row that make a sentence together.

_TAG_PATH = re.compile(
    r"/(?:tags?|topi[ck]s?|tagar|labels?|keywords?|hashtags?)[/?-]|[?&](?:tag|label)=", re.I
)
_WORD = re.compile(r"\w+")
_ELLIPSIS = ("…", "...")


def shown_tags(links: Iterable[Anchor], lexicon: Lexicon) -> list[str]:
    """The texts of the links in a page's boxes of tags that are tags.

    Where most of the links have the address of a tag, the longer ones of the others are none.
    """
    found = [link for link in links if _is_tag(link.text, lexicon)]
    addressed = {link.text for link in found if _TAG_PATH.search(link.href)}
    if 2 * len(addressed) >= len(found):
        return [link.text for link in found if link.text in addressed or link.text.count(" ") < SHORT]
    words = sum(link.text.count(" ") + 1 for link in found)
    return [] if words >= TITLE * len(found) else [link.text for link in found]


def _is_tag(text: str, lexicon: Lexicon) -> bool:
    """Neither a story's title nor a count, a button or what stands over the tags."""
    hit = lexicon.boilerplate_kind(text)
    button = hit is not None and hit.how in ("line", "pattern") and not text.startswith("#")
    words = len(text.split())
    titled = words >= 4 and ("," in text or ":" in text)
    return words <= MAX_WORDS and not button and not titled and not text.endswith(_ELLIPSIS)


def tags_of(page: Page, shown: Sequence[str], text: str = "") -> list[str]:
    """The story's tags, each once: those shown on the page, else the stated ones.

    ``text`` is headline and story: stated tags that it has nothing of are the template's.
    """
    tags: dict[str, str] = {}
    for tag in shown or _stated_tags(page, text):
        name = clean(str(tag)).lstrip("#").strip(" ,:")
        if name and len(name) <= 80:
            tags.setdefault(name.casefold(), name)
    return list(tags.values())[:MAX_TAGS]


def _stated_tags(page: Page, text: str) -> list[str]:
    """The tags of JSON-LD or meta elements."""
    found: list[str] = []
    for value in stated(page, "keywords"):
        for entry in value if isinstance(value, list) else [value]:
            found += (text_of(entry) or "").split(",")
        break
    found = found or page.meta.get("article:tag", []) or page.meta.get("content_tags", [])
    if len(found) == 1 and "," in str(found[0]):
        found = str(found[0]).split(",")
    if not found:
        found = (page.first_meta("news_keywords", "keywords") or "").split(",")
    found = [name for tag in found if (name := clean(str(tag)).lstrip("#").strip(" ,:.;"))]
    return _of_story(found, text) if text else found


def _of_story(tags: Sequence[str], text: str) -> list[str]:
    """Stated tags without those that every page of an outlet has and those that a sentence was cut into."""
    standing = load_lexicon().standing_tags
    flat = " ".join(_WORD.findall(text.casefold()))
    tags = _without_sentences(tags[:MAX_STATED], flat)
    words = frozenset(flat.split())
    told = [tag for tag in tags if fold(tag) not in standing and len(tag.split()) <= MAX_WORDS]
    about = [tag for tag in told if _is_about(tag, words)]
    return told if 2 * len(about) >= len(told) else about


def _is_about(tag: str, words: frozenset[str]) -> bool:
    """Whether the story has a telling word of the tag."""
    own = _WORD.findall(tag.casefold())
    return any(word in words for word in own if len(word) >= LEAST_WORD or len(own) == 1)


def _without_sentences(tags: Sequence[str], flat: str) -> list[str]:
    """The tags without neighbours that stand in a row in the story, as the words of a sentence do."""
    words = [" ".join(_WORD.findall(tag.casefold())) for tag in tags]
    size = min(WINDOW, len(words))
    if size < 2 or (size < WINDOW and sum(tag.count(" ") for tag in words) < WINDOW):
        return list(tags)
    cut: set[int] = set()
    for place in range(len(words) - size + 1):
        if " ".join(words[place : place + size]) in flat:
            cut.update(range(place, place + size))
    return [tag for place, tag in enumerate(tags) if place not in cut]

"""What stands between the headline and the first paragraph: decks, bylines, dates.

Called by `roles`, on the scene in which each block has been decided by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extractors.blocks import Block
from crawler.extractors.byline import read_byline
from crawler.extractors.decisions import Decision, Placed, Scene, by_markup, forced
from crawler.extractors.features import HEADINGS, ends_sentence
from crawler.extractors.moments import read_moments
from crawler.extractors.story import Kin, kin_of

LONGEST_BYLINE = 12
#: Words of a byline that is set as a paragraph.


def open_story(scene: Scene, main: set[Kin], headline: str) -> None:
    """Take a date and a deck off the run's beginning; the story begins with its first paragraph."""
    before = scene.items[: scene.begin]
    decks = {
        item.block.text for item in before if "deck" in item.block.box.groups or item.block.tag in HEADINGS
    }
    taken = False
    for place in scene.story_places():
        item = scene.items[place]
        if not item.is_story:
            continue
        block = item.block
        if _tells_time(block) and not ends_sentence(block.text):
            item.decision = Decision("date", "a date before the first paragraph")
            continue
        if block.text in decks:
            item.decision = Decision("deck", "the deck again")
            continue
        if block.words >= 4 and block.text.casefold() == headline.casefold():
            item.decision = Decision("other", "the headline again")
            continue
        if _is_byline(scene.items, place) or _is_over_date(scene.items, place):
            item.decision = Decision("credit", "a byline before the first paragraph")
            continue
        lone = not decks and kin_of(block) not in main and _is_set_off(block)
        if taken or not (block.tag in HEADINGS or lone) or not 4 <= block.words <= 70:
            break
        item.decision, taken = Decision("deck", "before the first paragraph"), True
        decks.add(block.text)
    scene.begin = next((place for place in scene.story_places() if scene.items[place].is_story), scene.begin)


def _is_set_off(block: Block) -> bool:
    """Whether a paragraph, or the container it stands in alone, is named as a deck."""
    home = block.box.parent
    if "deck" in block.box.groups or home is None:
        return "deck" in block.box.groups
    return block.tag == "p" and home.end - home.first == 1 and "deck" in home.groups


def _is_byline(items: Sequence[Placed], place: int) -> bool:
    """A line such as "Oleh Siti Rahma *)", or who she is in brackets on the next."""
    block = items[place].block
    if block.words > LONGEST_BYLINE or block.tag in HEADINGS:
        return False
    if block.text.startswith("(") and block.text.endswith(")"):
        before = forced(items[place - 1]) or items[place - 1].decision if place else None
        return before is not None and before.role == "credit"
    if ends_sentence(block.text.rstrip(" *)")):
        return False
    found = read_byline(block.text, labelled_only=True)
    return found is not None and bool(found.authors or found.editors)


def _is_over_date(items: Sequence[Placed], place: int) -> bool:
    """Names on a line of their own, right above the date: ``Siti Rahma and Budi Santoso, Daily Example``."""
    block, below = items[place].block, items[place + 1 : place + 2]
    if not below or not _tells_time(below[0].block) or below[0].block.words > LONGEST_BYLINE:
        return False
    short = block.words <= LONGEST_BYLINE and not ends_sentence(block.text) and block.tag not in HEADINGS
    return short and read_byline(block.text) is not None


def _tells_time(block: Block) -> bool:
    """A line that is mostly a date."""
    return block.words <= 16 and bool(read_moments(block.text))


def label_before(scene: Scene, *, has_headline: bool) -> None:
    """Deck, captions and lines between headline and story."""
    deck_seen = not has_headline
    for place, item in enumerate(scene.items[: scene.begin]):
        decision = forced(item)
        named = decision is None and "deck" in item.block.box.groups
        decision = decision or by_markup(item)
        if decision is not None and decision.reason == "link":
            decision = None  # so near the headline it is the author's or the section's
        near = place < 8 and (decision is None or decision.role == "other")
        if not deck_seen and (near or named) and _is_deck(item, place):
            decision, deck_seen = Decision("deck", "under the headline"), True
        item.decision = decision or Decision("other", "before the story")


def _is_deck(item: Placed, place: int) -> bool:
    block = item.block
    if not 5 <= block.words <= 70 or block.link_share >= 0.5 or _tells_time(block):
        return False
    return "deck" in block.box.groups or block.tag in HEADINGS or (block.words >= 8 and place < 3)

"""Captions that no markup names: a short line under an image, told apart from the story's paragraphs."""

from __future__ import annotations

from collections import Counter

from crawler.extractors.blocks import Box
from crawler.extractors.decisions import Decision, Scene
from crawler.extractors.features import HEADINGS
from crawler.extractors.story import kin_of


def label_captions(scene: Scene) -> None:
    """A short line right after an image is its caption.

    It stands outside the template of the paragraphs, or under the image in a paragraph that is theirs alone.
    """
    items = scene.items
    if not items:
        return
    offset = items[0].block.index
    kins = Counter(kin_of(item.block) for item in items if item.is_story and item.block.words >= 12)
    if kins.total() < 3:
        return
    for picture in scene.flow.pictures:
        place = picture.before - offset
        if place < 0:
            continue  # above the headline
        # The photographer's line may stand between an image and its caption.
        for item in items[place : place + 2]:
            block = item.block
            if item.decision.role not in ("story", "other", "deck") or block.words > 25:
                break
            own = block.box is picture.box and block.after_break and block.box.end - block.box.first == 1
            if block.tag in HEADINGS or (kins[kin_of(block)] > 1 and not own):
                break
            if _within(block.box, picture.box) or _within(block.box, picture.box.parent):
                item.decision = Decision("caption", "under an image")


def _within(box: Box | None, area: Box | None) -> bool:
    while box is not None and area is not None:
        if box is area:
            return True
        box = box.parent
    return False

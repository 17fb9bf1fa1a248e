"""A page's text as a person copies it, as blocks: every line is one, the first is the headline."""

from __future__ import annotations

from crawler.extractors.blocks import Block, Box, Flow, clean
from crawler.extractors.page import Page

MAX_CHARS = 2 * 2**20
#: Characters of a text that are read.


def page_of_text(text: str, url: str) -> Page:
    """A page that states nothing about itself."""
    warnings = []
    if "\x00" in text:
        text = text.replace("\x00", "")
        warnings.append("NUL characters removed")
    if len(text) > MAX_CHARS:
        warnings.append(f"text cut at {MAX_CHARS} of {len(text)} characters")
    return Page(url=url, root=None, text=text[:MAX_CHARS], encoding="utf-8", warnings=warnings)


def flow_of_text(text: str) -> Flow:
    """Lines as blocks in one container, as if they were its paragraphs."""
    body = Box("body", None, {})
    boxes = [body]
    blocks: list[Block] = []
    after_break = False
    for line in text.splitlines():
        content = clean(line)
        if not content:
            after_break = False
            continue
        tag = "p" if blocks else "h1"
        box = Box(tag, body, {}, first=len(blocks))
        box.end += 1
        boxes.append(box)
        blocks.append(
            Block(len(blocks), content, box, tag, after_break=after_break, words=content.count(" ") + 1)
        )
        after_break = True
    body.end = len(blocks)
    return Flow(blocks, boxes, [])

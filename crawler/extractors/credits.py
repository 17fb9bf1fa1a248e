"""Who wrote and edited a story: the lines around headline and story first, the page's statements second.

A name that only metadata gives is believed where the page shows it too; metadata often names the editor, the
uploader or the outlet.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.extractors.blocks import Block, Box
from crawler.extractors.byline import Byline, closing_name, read_byline
from crawler.extractors.lexicon import fold
from crawler.extractors.markup import markup_groups
from crawler.extractors.moments import AGO, read_moment
from crawler.extractors.outlet_names import is_given_outlet, outlet_keys
from crawler.extractors.persons import person_names
from crawler.extractors.reading import Reading, Rival
from crawler.extractors.statements import section_of, stated, text_of
from crawler.extractors.tags import tags_of

AUTHOR_META = (
    "author", "article:author", "dc.creator", "byl", "sailthru.author", "parsely-author", "content_author",
    "twitter:data1", "cxenseparse:author", "creator", "article.author", "dable:author",
)  # fmt: skip
#: Names under which meta elements state the author, as found in the field, the most trusted first.

MAX_TAIL = 40
#: Blocks after the story in which a byline is looked for.

NEAR_END = 6
#: Of them those among which the author's own box may stand.

MOST_FAR = 2
#: Labelled lines after the story that are believed; more are other stories' bylines.

LONGEST_NOTE = 60
#: Words of a note on who the author is.

MOST_STATED = 40
#: Statements of authors that are read.

_AUTHOR_PATH = re.compile(
    r"/(?:authors?|penulis|reporters?|editors?|profiles?|profil|oleh|people|staff|contributors?|kontributor)/"
)
#: Addresses of pages about a writer.

_NO_BYLINE = frozenset(
    {"deck", "caption", "related", "tags", "share", "video", "copyright", "dateline", "ad_marker"}
)


@dataclass(slots=True)
class Credits:
    """The persons behind a story."""

    byline: str | None = None
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    evidence: str = ""
    #: Where the authors were found; empty where none were.

    closing: str = ""
    #: What stands in brackets at the end of the last paragraph and is no part of it.


def read_credits(reading: Reading) -> Credits:
    """The authors and editors a page shows, or states and shows."""
    credits = Credits()
    found = [line for line in _read_lines(reading) if line.byline.authors or line.byline.editors]
    for line in found:
        _add(credits.editors, line.byline.editors)
    stated_names = _stated_names(reading, credits.editors)
    credits.authors = _labelled(found, stated_names)
    credits.evidence = "visible, labelled" if credits.authors else ""
    if not credits.authors:
        page = reading.page
        subjects = {section_of(page) or "", *page.breadcrumbs, *tags_of(page, [])}
        _unlabelled(credits, found, stated_names, {name.casefold() for name in subjects})
    _take_biographies(reading, credits.authors)
    _read_closing(reading, credits)
    reading.rivals += [Rival("authors", ", ".join(line.byline.authors), line.byline.raw) for line in found]
    reading.rivals.append(Rival("authors", ", ".join(stated_names), "stated and shown"))
    reading.rivals.append(Rival("authors", ", ".join(credits.authors), credits.evidence, chosen=True))
    credits.byline = " | ".join(dict.fromkeys(line.byline.raw for line in found)) or None
    return credits


def _take_biographies(reading: Reading, authors: Sequence[str]) -> None:
    """Notes at the story's end that begin with its author's name: ``Siti Rahma is a reporter …``."""
    names = tuple(name.casefold() for name in authors if " " in name)
    for block in reversed(reading.story_blocks()[3:]):
        if not names or block.words > LONGEST_NOTE or not block.text.casefold().startswith(names):
            return
        decision = reading.decision(block.index)
        decision.role, decision.reason = "credit", "begins with the author's name"


def _labelled(found: Sequence[_Line], stated_names: Sequence[str]) -> list[str]:
    """The authors of labelled lines; those after the story count only while they are few."""
    lines = [line for line in found if line.byline.labelled and line.byline.authors and not line.apart]
    names: list[str] = []
    near = [line for line in lines if not line.far]
    # "By Jane Doe" without a colon under another story's link is that story's byline.
    far = [line for line in lines if line.far and (":" in line.byline.raw or not near)]
    for line in [*near, *far[:MOST_FAR]]:
        _add(names, line.byline.authors)
    # "Reporter Jane" on a line and "By Reporter Jane" on the next: the longer one is the name.
    names = [name for name in names if not any(other.endswith(f" {name}") for other in names)]
    known = {name.casefold(): name for name in stated_names}
    confirmed = list(dict.fromkeys(form for name in names if (form := _stated_form(name, known))))
    if near and confirmed and len(confirmed) == len(names) < len(stated_names):
        _add(confirmed, [name for name in _under_label(found, near[-1]) if name.casefold() in known])
    # "Jane Doe" and "Jane Doe Staff": what the page states tells the name from what is printed beside it.
    return confirmed if confirmed and all(_alike(name, confirmed) for name in names) else names


def _under_label(found: Sequence[_Line], labelled: _Line) -> list[str]:
    """The names of the lines right below a labelled one: the label stands before the first name only."""
    names: list[str] = []
    last = labelled.index
    for line in found:
        if line.sure and not line.byline.labelled and last < line.index <= last + 2:
            names += line.byline.authors
            last = line.index
    return names


def _stated_form(name: str, known: Mapping[str, str]) -> str | None:
    """A name as the page states it, also where it is glued to what is printed behind it."""
    folded = name.casefold()
    return known.get(folded) or next(
        (stated for key, stated in known.items() if " " in key and folded.startswith(key)), None
    )


def _unlabelled(
    credits: Credits, found: Sequence[_Line], stated_names: Sequence[str], sections: Collection[str]
) -> None:
    """The authors of lines whose place makes them bylines, or of statements that the page shows.

    ``sections`` are names of sections and subjects, folded: they stand beside dates as persons do.
    """
    sure = [name for line in found if line.sure and not line.byline.labelled for name in line.byline.authors]
    sure = [name for name in sure if name.casefold() not in sections]
    fuller = [name for name in sure if any(_alike(name, [other]) for other in stated_names)]
    if stated_names:
        _add(credits.authors, fuller if len(fuller) >= len(stated_names) else stated_names)
        credits.evidence = "stated and shown"
    elif sure:
        _add(credits.authors, sure)
        credits.evidence = "visible"
    else:
        for line in found:
            if line.apart and line.byline.labelled:
                _add(credits.authors, line.byline.authors)
                credits.evidence = "visible, label on a line of its own"


def _alike(name: str, others: Iterable[str]) -> bool:
    """Whether a name is one of the others, in part or with more to it."""
    folded = name.casefold()
    return any(folded in other.casefold() or other.casefold() in folded for other in others)


@dataclass(slots=True)
class _Line:
    byline: Byline
    sure: bool
    #: Its place or markup alone makes it a byline.

    far: bool
    #: It stands after the story.

    apart: bool
    #: After the story, with the label on a line of its own.

    index: int
    #: Of its block.


def _read_lines(reading: Reading) -> Iterable[_Line]:
    blocks = list(_lines(reading))
    texts = [block.text.strip(" :|") for block, _, _ in blocks]
    labels = reading.lexicon.byline_labels
    named = ""
    for place, (block, sure, far) in enumerate(blocks):
        text = block.text
        alone = fold(texts[place]) in labels
        if alone:
            listed = _listed_names([block for block, _, _ in blocks[place + 1 : place + 7]], labels)
            text = f"{texts[place]}: {listed}" if listed else _with_name(texts, place, labels)
        elif named and named == f"{texts[place - 1]}: {texts[place]}":
            continue  # the label before it has taken this name
        named = text if alone else ""
        byline = read_byline(
            text, outlet_names=reading.names, lexicon=reading.lexicon, labelled_only=not sure
        )
        if byline is not None:
            yield _Line(byline, sure, far, far and alone, block.index + alone)


def _listed_names(blocks: Sequence[Block], labels: Mapping[str, str]) -> str:
    """The names in a list under a label, where it has several: they are one line."""
    names: list[str] = []
    for block in blocks:
        same = not names or block.box.parent is blocks[0].box.parent
        if block.tag != "li" or not same or block.words > 5 or fold(block.text.strip(" :|")) in labels:
            break
        if any(map(str.isdigit, block.text)) or ":" in block.text:
            break
        names.append(block.text)
    return ", ".join(names) if len(names) > 1 else ""


def _with_name(texts: Sequence[str], place: int, labels: Mapping[str, str]) -> str:
    """A label that stands as a line of its own, with the name before or after it."""
    before = texts[place - 1] if place else ""
    after = texts[place + 1] if place + 1 < len(texts) else ""
    earlier = texts[place - 2] if place > 1 else ""
    name_first = (
        bool(before) and fold(before) not in labels and fold(earlier) not in labels and before.istitle()
    )
    if name_first and (not after or len(before.split()) <= 5):
        follows = texts[place + 2] if place + 2 < len(texts) else ""
        if not after or fold(follows) in labels or not after.istitle():
            return f"{texts[place]}: {before}"
    if place > 1 and fold(earlier) in labels and before.istitle() and (not after or not after.istitle()):
        return f"{texts[place]}: {before}"
    return f"{texts[place]}: {after}" if after and len(after.split()) <= 6 else ""


def _add(names: list[str], more: Iterable[str]) -> None:
    known = {name.casefold() for name in names}
    for name in more:
        if name.casefold() not in known:
            known.add(name.casefold())
            names.append(name)


def _lines(reading: Reading) -> Iterable[tuple[Block, bool, bool]]:
    """The lines that may be bylines, whether their place makes them one, whether they follow the story."""
    before = [b for b in reading.before_story() if b.words <= 30 and _may_be_byline(reading, b)]
    dates = [b.words <= 14 and bool(read_moment(b.text) or AGO.search(b.text)) for b in before]
    for place, block in enumerate(before):
        dated = any(dates[max(0, place - 1) : place + 2])
        linked = any(_AUTHOR_PATH.search(anchor.href) for anchor in block.links)
        yield block, "byline" in _names_of(block) or (block.words <= 14 and (dated or linked)), False
    for block in reading.above()[:5]:
        if block.words <= 20 and block.link_share < 1:
            yield block, "byline" in _names_of(block), False
    begin, end = reading.story.first - reading.story.offset, reading.story.end - reading.story.offset
    for block, decision in zip(reading.tail[begin:end], reading.decisions[begin:end], strict=True):
        if decision.role == "credit" or (decision.role == "other" and block.words <= 12):
            yield block, False, False
    previous: Block | None = None
    for place, block in enumerate(reading.after_story()[:MAX_TAIL]):
        teaser = previous is not None and previous.link_share > 0.8 and previous.words >= 4
        if (
            block.words <= 30
            and not (teaser and ":" not in block.text)
            and reading.decision(block.index).role not in _NO_BYLINE
        ):
            yield block, place < NEAR_END and _is_author_box(block), True
        previous = block


def _may_be_byline(reading: Reading, block: Block) -> bool:
    """Whether a line above the story is not taken for something else.

    What only its containers are called does not count against a name that leads to its bearer's page.
    """
    decision = reading.decision(block.index)
    if decision.role not in _NO_BYLINE:
        return True
    named = decision.reason.startswith(("markup", "figure"))
    return named and block.words <= 14 and any(_AUTHOR_PATH.search(anchor.href) for anchor in block.links)


def _is_author_box(block: Block) -> bool:
    """A name that leads to its bearer's page, in a container that calls itself the author's."""
    linked = any(_AUTHOR_PATH.search(anchor.href) for anchor in block.links)
    return linked and block.words <= 6 and block.link_share > 0.8 and "byline" in _names_of(block)


def _names_of(block: Block) -> set[str]:
    names = set(markup_groups(block.inner)) if block.inner else set()
    box: Box | None = block.box
    for _ in range(2):
        if box is not None:
            names.update(box.groups)
            box = box.parent
    return names


def _read_closing(reading: Reading, credits: Credits) -> None:
    """A name or initials in brackets at the end of the story, or a name in capitals that ends it."""
    blocks = reading.story_blocks()
    if not blocks:
        return
    last = blocks[-1].text
    closing = closing_name(last, outlet_names=reading.names, lexicon=reading.lexicon)
    if closing is not None:
        credits.closing = closing.text
    elif len(blocks) > 2 and 2 <= len(last.split()) <= 4 and last.isupper():
        names = person_names(last, outlet_names=reading.names, lexicon=reading.lexicon)
        if names:
            credits.closing = last
            if not credits.authors:
                credits.authors, credits.evidence = names, "visible, at the story's end"
    after = [block for block in reading.after_story()[:6] if block.words <= 6]
    for block in after if closing is None else ():
        agency = (
            fold(block.text.strip(" ()[]")) in reading.lexicon.agencies
            and block.index <= reading.story.end + 1
        )
        if agency and not credits.authors:
            credits.authors, credits.evidence = [block.text.strip(" ()[]")], "visible, at the story's end"
        closing = closing or closing_name(block.text, outlet_names=reading.names, lexicon=reading.lexicon)
    named = closing is not None and closing.kind == "author" and closing.name
    if named and (not credits.authors or credits.evidence == "visible"):
        _add(credits.authors, [named])
        credits.evidence = credits.evidence or "visible, at the story's end"


def _stated_names(reading: Reading, editors: Sequence[str]) -> list[str]:
    """Authors that JSON-LD or meta elements name and the page shows, the most trusted statement's."""
    page = reading.page
    sources = [*stated(page, "author"), *(v for name in AUTHOR_META for v in page.meta.get(name, ()))]
    sources = sources[:MOST_STATED]
    if not sources:
        return []
    near = [*reading.before_story(), *reading.above(), *reading.after_story()[:MAX_TAIL]]
    shown = " | ".join(block.text for block in near if block.words <= 40).casefold()
    edited = {name.casefold() for name in editors}
    outlets = outlet_keys(tuple(reading.names))
    for value in sources:
        if is_given_outlet(text_of(value) or "", outlets):
            continue
        names = person_names(value, outlet_names=reading.names, lexicon=reading.lexicon)
        names = [name for name in names if name.casefold() in shown and name.casefold() not in edited]
        if names:
            return names
    return []

"""Who wrote and edited a story: the lines around headline and story first, the page's statements second.

A name that only metadata gives is believed where the page shows it too; metadata often names the editor, the
uploader or the outlet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.extractors.closing import closing_name
from crawler.extractors.credit_lines import MAX_TAIL, Line, read_lines
from crawler.extractors.lexicon import fold
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

MOST_FAR = 2
#: Labelled lines after the story that are believed; more are other stories' bylines.

LONGEST_NOTE = 60
#: Words of a note on who the author is.

MOST_STATED = 40
#: Statements of authors that are read.


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
    found = [line for line in read_lines(reading) if line.byline.authors or line.byline.editors]
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


def _labelled(found: Sequence[Line], stated_names: Sequence[str]) -> list[str]:
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


def _under_label(found: Sequence[Line], labelled: Line) -> list[str]:
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
    credits: Credits, found: Sequence[Line], stated_names: Sequence[str], sections: Collection[str]
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


def _add(names: list[str], more: Iterable[str]) -> None:
    known = {name.casefold() for name in names}
    for name in more:
        if name.casefold() not in known:
            known.add(name.casefold())
            names.append(name)


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

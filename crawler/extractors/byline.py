"""The byline: who wrote, edited or photographed, from lines such as ``Penulis: A | Editor: B`` or ``By A and B``.

Labels and the words that are no persons come from the lexicon; judging single names is done in `persons`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from crawler.extractors.lexicon import Lexicon, Role, alternation, fold, load_lexicon
from crawler.extractors.moments import read_moments
from crawler.extractors.outlet_names import is_given_outlet, outlet_keys
from crawler.extractors.persons import person, person_names, split_names

__all__ = ["Byline", "ClosingName", "closing_name", "person_names", "read_byline"]

#: Characters; no byline is longer.
_LONGEST = 260

_WORDS = load_lexicon()
_LABEL = re.compile(
    r"(?:(?<![^\W\d_])|(?<=[a-zà-ÿ)])(?=(?-i:[A-Z])))"
    rf"(?P<label>{alternation(_WORDS.byline_labels)})"
    r"(?P<mark>\s?[:：]\s*|\s?[.](?=\s)\s*|\s?[-–—](?!\w-)\s*|(?![^\W\d_])\s*|(?=(?-i:[A-Z])))",
    re.IGNORECASE,
)
_UNTIL = re.compile(rf"(?<!\w)(?:{alternation(_WORDS.byline_ends - {'|'})})(?!\w)", re.IGNORECASE)
_SEPARATOR = re.compile(r"[|•·/\n\u00b7]|\s[-–—]\s?$|^[-–—]\s")
_NOISE = re.compile(
    r"\b\d+\s?(?:min(?:ute)?s?(?:\s?read)?|views?|comments?|shares?|menit)\b|\bA[-+]\B|\+\s?\d+ more\b",
    re.IGNORECASE,
)
_TRAILING_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,60})[)\]]\s*[.*]?\s*$")
_INITIALS = re.compile(
    r"[A-Za-z*]{1,5}(?:\s?[/\-.,;]\s?[A-Za-z0-9*]{1,7}){0,4}|[A-Z]{1,4}-?\d{1,2}|\*{1,5}|\d{1,3}"
)


@dataclass(frozen=True, slots=True)
class Byline:
    """The names of one line by role, as printed, without labels."""

    raw: str
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    #: Photographers, sources, translators.

    labelled: bool = False
    #: True where a label ("Penulis:") named a role.


@dataclass(frozen=True, slots=True)
class ClosingName:
    """What stands in brackets at a story's end."""

    kind: Literal["author", "credit"]
    #: A full name, or initials and source marks.

    name: str | None
    text: str
    #: With its brackets.

    start: int
    #: Where it begins in the text, in characters.


@dataclass(slots=True)
class _Part:
    """A stretch of a byline and the role its label gives it; None where there is no label."""

    role: Role | None
    label: str
    text: str


def read_byline(
    text: str,
    *,
    outlet_names: Sequence[str] = (),
    lexicon: Lexicon | None = None,
    labelled_only: bool = False,
) -> Byline | None:
    """The persons a line names; None where it names none.

    `outlet_names` are names or domains of the outlet, which is no author. With `labelled_only` the line is not
    known to be a byline, so that only a label at the beginning of it or of one of its parts makes it one.
    """
    raw = " ".join(text.split())
    if not raw or len(raw) > _LONGEST:
        return None
    words = lexicon or _WORDS
    outlets = outlet_keys(tuple(outlet_names))
    line, dated = _without_dates(" ".join(re.sub(r"\s*\n\s*", " | ", text.strip()).split()))
    parts = _parts(line, labelled_only=labelled_only, words=words)
    byline = Byline(raw, labelled=any(part.role for part in parts))
    if labelled_only and not byline.labelled:
        return None
    for part in parts:
        names = _names(part, outlets, words, dated=dated, line_labelled=byline.labelled)
        for target in _targets(byline, part.role):
            target += [name for name in names if name not in target]
    return byline if byline.authors or byline.editors or byline.others else None


def _targets(byline: Byline, role: Role | None) -> list[list[str]]:
    if role == "both":
        return [byline.authors, byline.editors]
    return [{"editor": byline.editors, "other": byline.others}.get(role or "author", byline.authors)]


def _without_dates(line: str) -> tuple[str, bool]:
    """The line with its dates and counters taken out, and whether it had a date."""
    found = read_moments(line, language=_WORDS.languages[0])
    for entry in reversed(found):
        start, end = entry.moment.span
        line = f"{line[:start].rstrip()} | {line[end:]}"
    return _NOISE.sub(" | ", line), bool(found)


def _parts(line: str, *, labelled_only: bool, words: Lexicon) -> list[_Part]:
    """The line cut at its labels."""
    marks = [match for match in _LABEL.finditer(line) if _is_label(match, line, labelled_only, words)]
    kept: list[re.Match[str]] = []
    for match in marks:
        glued = kept and not line[kept[-1].end() : match.start()].strip(" :|/,")
        if glued and not match["mark"].strip(" "):
            continue  # "By Reporter Name": the second word belongs to the name
        kept.append(match)
    if not kept:
        return [_Part(None, "", line)]
    behind = _labels_stand_behind(kept, line)
    parts = []
    if behind:
        start = 0
        for match in kept:
            parts.append(_Part(words.byline_labels[fold(match["label"])], "", line[start : match.start()]))
            start = match.end()
        return parts
    if head := line[: kept[0].start()].strip(" |/-–—"):
        parts.append(_Part(None, "", head))
    for match, following in zip(kept, [*kept[1:], None], strict=True):
        end = following.start() if following else len(line)
        label = fold(match["label"])
        parts.append(_Part(words.byline_labels[label], label, line[match.end() : end]))
    return parts


def _is_label(match: re.Match[str], line: str, labelled_only: bool, words: Lexicon) -> bool:
    """Whether a label's word stands where a label stands: with a colon, or opening the line or a part of it."""
    label = fold(match["label"])
    colon = ":" in match["mark"] or "：" in match["mark"]
    role = words.byline_labels[label]
    verb = label.endswith((" by", " oleh")) or label in ("by", "oleh")
    before = line[: match.start()]
    opens = (
        not before.strip()
        or bool(_SEPARATOR.search(before.rstrip()[-1:]))
        or before.rstrip().endswith((",", ")"))
    )
    if colon:
        return True
    if match["mark"].strip() == "." and (opens or not labelled_only):
        return role in ("author", "editor") and len(label) > 4
    if match["mark"].strip() in ("-", "–", "—") and not opens:
        return role == "author" and len(label) > 4
    if " " in label or verb:
        return (
            opens
            or (not labelled_only and line[match.start()].isupper())
            or (verb and before.endswith(" ") and not labelled_only)
        )
    if role == "other" or len(label) < 5:
        return False
    return not labelled_only or not line[match.end() :].strip(" |,-–—")


def _labels_stand_behind(marks: list[re.Match[str]], line: str) -> bool:
    """Whether names come before their labels: ``Siti Rahma Penulis Budi Editor``."""
    bare = all(not match["mark"].strip(" ") or match["mark"].strip() in ("-", "–", "—") for match in marks)
    nouns = all(
        not fold(match["label"]).endswith(("by", "oleh")) and " " not in match["label"] for match in marks
    )
    return bare and nouns and bool(line[: marks[0].start()].strip(" |/-–—"))


def _names(
    part: _Part, outlets: frozenset[str], words: Lexicon, *, dated: bool, line_labelled: bool
) -> list[str]:
    """The names of one part; without a label only what surely is a person."""
    text = part.text
    if part.role and (match := _UNTIL.search(text)):
        text = text[: match.start()] if text[: match.start()].strip(" |") else text
    pieces = [
        list(split_names(group)) for group in re.split(r"[|•·\n]|\s[-–—]\s|\s[-–—]$", text) if group.strip()
    ]
    if not pieces:
        return []
    if part.role:
        found = _labelled_names(pieces, outlets, words)
        if " " in part.label and len(found) > 1 and not part.label.endswith(("by", "oleh")):
            # "Laporan Wartawan Harian Warta, Siti Rahma": the first names whose reporter it is
            found = [
                n
                for n in found
                if words.outlet_words.isdisjoint(fold(n).split()) and fold(n) not in words.places
            ] or found
        return found
    if line_labelled:
        return []
    for group in pieces:
        names = [person(piece, outlets, words, labelled=False, single=True) for piece in group]
        if names and names[0] and _believable(names[0], group, pieces, outlets, words, dated=dated):
            return [name for name in names if name and (" " in name or name == names[0])]
    return []


def _labelled_names(pieces: list[list[str]], outlets: frozenset[str], words: Lexicon) -> list[str]:
    found: list[str] = []
    for group in pieces[:2]:
        for n, piece in enumerate(group):
            first = not found and n == 0
            name = person(piece, outlets, words, labelled=first, single=True)
            if name and (first or " " in name or fold(name) in words.agencies or len(group) > 1):
                found.append(name)
        if found:
            break
    return found


def _believable(
    name: str,
    group: list[str],
    pieces: list[list[str]],
    outlets: frozenset[str],
    words: Lexicon,
    *,
    dated: bool,
) -> bool:
    """Whether a name without a label is a byline's: alone in its line, or beside a date or the outlet."""
    if words.boilerplate_kind(name) and " " not in name:
        return False
    if fold(name) in words.months or fold(name) in words.weekdays:
        return False
    if " " in name:
        return True
    alone = len(pieces) == 1 and len(group) == 1
    beside = any(is_given_outlet(piece, outlets) for other in pieces for piece in other)
    return alone or dated or beside


def closing_name(
    text: str, *, outlet_names: Sequence[str] = (), lexicon: Lexicon | None = None
) -> ClosingName | None:
    """The brackets at a story's end: a full name is an author's, initials ``(abc/def)`` are a credit.

    None where there are none or where they belong to the sentence: ``(UU Nomor 5 Tahun 2014)``.
    """
    match = _TRAILING_BRACKET.search(text[-80:])
    if not match:
        return None
    words = lexicon or _WORDS
    start = len(text) - len(text[-80:]) + match.start()
    inner = match[1].strip()
    whole = text[start:].strip()
    if _INITIALS.fullmatch(inner):
        return ClosingName("credit", None, whole, start) if _stands_alone(text, start, inner) else None
    outlets = outlet_keys(tuple(outlet_names))
    parts = [part.strip() for part in re.split(r"[/,;&]", inner) if part.strip(" *")]
    names = [name for part in parts if (name := person(part, outlets, words, labelled=False, single=False))]
    if len(names) == 1 and fold(names[0]) not in words.agencies:
        after_sentence = (
            text[:start].rstrip().endswith((".", "!", "?", '"', "”", "'", "*")) or not text[:start].strip()
        )
        return ClosingName("author", names[0], whole, start) if after_sentence else None
    if all(
        fold(part) in words.agencies or is_given_outlet(part, outlets) or _INITIALS.fullmatch(part)
        for part in parts
    ):
        return ClosingName("credit", None, whole, start)
    return None


def _stands_alone(text: str, start: int, inner: str) -> bool:
    """Whether initials follow a finished sentence, or look like nothing else."""
    before = text[:start].rstrip()
    if not before or before[-1] in ".!?\"”'*)":
        return True
    return "/" in inner or inner.islower()

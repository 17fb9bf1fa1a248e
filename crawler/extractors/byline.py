"""The byline: who wrote or edited, from lines such as ``Penulis: A | Editor: B`` or ``By A and B``.

Labels and the words that are no persons come from the lexicon; judging single names is done in `persons`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from crawler.extractors.lexicon import Lexicon, Role, alternation, fold, load_lexicon
from crawler.extractors.moments import AGO, read_moments
from crawler.extractors.outlet_names import is_given_outlet, outlet_keys
from crawler.extractors.persons import part_names, person, person_names, split_names

__all__ = ["Byline", "person_names", "read_byline"]

#: Characters; no byline is longer.
_LONGEST = 260

_WORDS = load_lexicon()
_NOUNS = frozenset(
    label for label, role in _WORDS.byline_labels.items() if role != "other" and len(label) > 4
)
_LABEL = re.compile(
    r"(?:(?<![^\W\d_])|(?-i:(?<=[a-zà-ÿ)])(?=[A-Z])))"
    rf"(?P<label>{alternation(_WORDS.byline_labels)})"
    r"(?P<mark>\s?[:：]\s*|\s?[.](?=\s)\s*|\s?[-–—](?!\w-)\s*|(?![^\W\d_])\s*|(?=(?-i:[A-Z])))",
    re.IGNORECASE,
)
#: ``Penulis, Siti Rahma``: the comma is a colon where the line begins so.
_LABEL_COMMA = re.compile(rf"^(?P<label>{alternation(_NOUNS)}),\s", re.IGNORECASE)
_BEHIND = {
    label: replace(_WORDS, desk_words=_WORDS.desk_words - names)
    for label, names in _WORDS.names_after.items()
}
#: The words to judge names with behind a label of which desk words are names.

_VERBS = frozenset(label for label in _WORDS.byline_labels if label.split()[-1] in _WORDS.byline_prepositions)
_UNTIL = re.compile(rf"(?<!\w)(?:{alternation(_WORDS.byline_ends - {'|'})})(?!\w)", re.IGNORECASE)
_SEPARATOR = re.compile(r"[|•·/\n\u00b7]|\s[-–—]\s?$|^[-–—]\s")
_DATE_LABEL = re.compile(
    rf"(?:^|\s){alternation(_WORDS.modified_labels | _WORDS.published_labels)}[\s:,-]{{0,4}}$", re.IGNORECASE
)
#: What stands before a date and says which it is: ``Diperbarui``.

_NOISE = re.compile(
    rf"\b\d+\s?(?:{alternation(_WORDS.byline_counters)})\b|\bA[-+]\B|\+\s?\d+ \w+\b",
    re.IGNORECASE,
)
_NOTE_MARK = re.compile(r"\s*\*+\)?$")
#: Leads to a note on the author: ``Oleh Siti Rahma *)``.

_BARE_NAME = re.compile(r"\s*[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]*){1,3}\s*")
_GROUPS = re.compile(r"[|•·\n]|\s[-–—]\s|\s[-–—]$")


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


@dataclass(slots=True)
class _Part:
    """A stretch of a byline and the role its label gives it; None where there is no label."""

    role: Role | None
    label: str
    text: str
    said: bool = False
    colon: bool = False
    #: True where the label cannot be a part of the name: it has a colon, or is "by".


def read_byline(
    text: str,
    *,
    outlet_names: Sequence[str] = (),
    lexicon: Lexicon | None = None,
    labelled_only: bool = False,
) -> Byline | None:
    """The persons a line names; None where it names none.

    `outlet_names` are names or domains of the outlet, which is no author. With `labelled_only` the line is
    not known to be a byline, so that only a label at the beginning of it or of one of its parts makes it one.
    """
    raw = " ".join(text.split())
    if not raw or len(raw) > _LONGEST:
        return None
    if raw[0] in "([" and raw[-1] in ")]":
        text = raw[1:-1]
    text = _LABEL_COMMA.sub(r"\g<label>: ", text)
    if labelled_only and not _LABEL.search(raw):
        return None
    words = lexicon or _WORDS
    outlets = outlet_keys(tuple(outlet_names))
    line, dated = _without_dates(
        " ".join(re.sub(r"\s*\n\s*", " | ", _NOTE_MARK.sub("", text.strip())).split())
    )
    parts = _parts(line, outlets, labelled_only=labelled_only, words=words)
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
        line = f"{_DATE_LABEL.sub('', line[:start]).rstrip()} | {line[end:]}"
    line, counted = AGO.subn(" | ", line)
    return _NOISE.sub(" | ", line), bool(found or counted)


def _parts(line: str, outlets: frozenset[str], *, labelled_only: bool, words: Lexicon) -> list[_Part]:
    """The line cut at its labels."""
    labels = [match for match in _LABEL.finditer(line) if _is_label(match, line, words)]
    kept: list[re.Match[str]] = []
    for match in labels:
        glued = kept and not line[kept[-1].end() : match.start()].strip(" :|/,")
        if not glued or match["mark"].strip(" "):
            kept.append(match)  # else "By Reporter Name": the second word belongs to the name
    if kept and _stand_behind(kept, line, outlets, words):
        starts = [0, *(match.end() for match in kept)]
        texts = [line[start : match.end()] for start, match in zip(starts, kept, strict=False)]
        roles = [words.byline_labels[fold(match["label"])] for match in kept]
        return [_Part(role, "", text) for role, text in zip(roles, texts, strict=True)]
    in_turn = len(kept) > 1 and all(fold(match["label"]) in words.positions for match in kept)
    if labelled_only and not (in_turn and not line[: kept[0].start()].strip()):
        bare = len(kept) == 1 and not kept[0].start()
        bare = bare and _is_bare_name(line[kept[0].end() :], fold(kept[0]["label"]), words)
        kept = [match for match in kept if (_said(match) or bare) and _opens_part(match, line)]
    if kept and _said(kept[0]):  # "By A, Daily Reporter": a position, no label
        kept = [match for match in kept if _said(match) or _opens_part(match, line)]
    if not kept:
        return [_Part(None, "", line)]
    parts = [_Part(None, "", head)] if (head := line[: kept[0].start()].strip(" |/-–—")) else []
    for match, following in zip(kept, [*kept[1:], None], strict=True):
        end = following.start() if following else len(line)
        label = fold(match["label"])
        parts.append(
            _Part(
                words.byline_labels[label], label, line[match.end() : end], _said(match), ":" in match["mark"]
            )
        )
    return parts


def _is_bare_name(text: str, label: str, words: Lexicon) -> bool:
    """Whether all that stands behind a position without a colon is a name: ``Reporter Siti Rahma``."""
    named = label in words.positions and bool(_BARE_NAME.fullmatch(text))
    return named and words.outlet_words.isdisjoint(fold(text).split())


def _is_label(match: re.Match[str], line: str, words: Lexicon) -> bool:
    """Whether a label's word can be a label where it stands: by its colon, its length, its capital."""
    label = fold(match["label"])
    mark = match["mark"].strip()
    glued = not match["mark"] and match.end() < len(line)
    if (glued and match["label"].isupper()) or (label in _VERBS and match["mark"] in ("-", "–", "—")):
        return False  # BYOD, Side-By-Side
    if ":" in mark or "：" in mark:
        return True
    writer = words.byline_labels[label] != "other"
    noun = writer and len(label) > 4 and (match["label"][0].isupper() or not line[: match.start()].strip())
    if mark == ".":
        return noun and _opens_part(match, line)
    if mark and not _opens_part(match, line):
        return noun
    if " " in label or label in _VERBS:
        return _opens_part(match, line) or match["label"][0].isupper() or line[: match.start()].endswith(" ")
    return noun


def _said(match: re.Match[str]) -> bool:
    """Whether a label cannot be a part of a name: it has a colon, several words, or is "by"."""
    label = fold(match["label"])
    return bool(match["mark"].strip()) or " " in label or label in _VERBS


def _opens_part(match: re.Match[str], line: str) -> bool:
    """Whether a label begins the line or a part of it, or has the colon that needs no beginning."""
    before = line[: match.start()].rstrip()
    colon = ":" in match["mark"] and fold(match["label"]) not in _VERBS
    return not before or colon or before[-1] in "|•·/,)–—" or before.endswith(" -")


def _stand_behind(marks: list[re.Match[str]], line: str, outlets: frozenset[str], words: Lexicon) -> bool:
    """Whether names come before their labels: ``Siti Rahma Penulis Budi Editor``, ``Siti Jurnalis Warta``."""
    bare = all(match["mark"].strip() in ("", "-", "–", "—") for match in marks)
    nouns = all(fold(match["label"]) in words.positions for match in marks)
    rest = line[marks[-1].end() :].strip(" |-–—,·•")
    ends = not rest or is_given_outlet(rest, outlets)
    return bare and nouns and ends and bool(line[: marks[0].start()].strip(" |/-–—"))


def _names(
    part: _Part, outlets: frozenset[str], words: Lexicon, *, dated: bool, line_labelled: bool
) -> list[str]:
    """The names of one part; without a label only what surely is a person."""
    text = part_names(part.text)
    if part.role and (match := _UNTIL.search(text)):
        text = text[: match.start()] if text[: match.start()].strip(" |") else text
    groups = (list(split_names(group)) for group in _GROUPS.split(text))
    pieces = [group for group in groups if group]
    if not pieces:
        return []
    if part.role:
        return _labelled_names(part, pieces, outlets, _BEHIND.get(part.label, words))
    if line_labelled:
        return []
    for group in pieces:
        names = [person(piece, outlets, words, labelled=False) for piece in group]
        if not names or not names[0]:
            continue
        if fold(names[0]) in words.agencies:
            return [names[0]]
        if _is_cut(names[0], part.text):
            continue
        if _believable(names[0], pieces, outlets, dated=dated):
            return [name for name in names if name and (" " in name or name == names[0])]
    return []


def _labelled_names(
    part: _Part, pieces: list[list[str]], outlets: frozenset[str], words: Lexicon
) -> list[str]:
    """The names behind a label: the first is taken at the label's word, more of them only if they look it."""
    for group in pieces[:2]:
        names = [
            person(piece, outlets, words, labelled=part.said and not n and (part.colon or piece[0].isupper()))
            for n, piece in enumerate(group)
        ]
        if part.label in _VERBS and not part.colon and group[0][0].islower():
            return []  # "By submitting your address, you …"
        found = [name for n, name in enumerate(names) if name and name not in (names[0] or "")[:-1]]
        if len(found) > 1 and part.label not in _VERBS:
            # "Laporan Wartawan Harian Warta, Siti Rahma": the first names whose reporter, or from where
            whose = [
                fold(name) in words.places
                or not words.outlet_words.isdisjoint(fold(name).split())
                or fold(name).split()[0] in words.positions
                for name in found
            ]
            found = [name for name, other in zip(found, whose, strict=True) if not other] or found
            if not part.colon and " " not in found[0] and any(" " in name for name in found):
                found = [name for name in found if " " in name]  # "Kontributor Sukamulya, Siti Rahma"
        elif len(found) > 1:
            found = found[:1] + [
                name for name in found[1:] if words.outlet_words.isdisjoint(fold(name).split())
            ]
        if found:
            return found
    return []


def _is_cut(name: str, text: str) -> bool:
    """Whether a single word is only one half of a name such as "BrandRoom"."""
    place = text.find(name)
    if " " in name or place < 0:
        return False
    return (
        text[place + len(name) : place + len(name) + 1].isupper() or text[max(0, place - 1) : place].islower()
    )


def _believable(name: str, pieces: list[list[str]], outlets: frozenset[str], *, dated: bool) -> bool:
    """Whether a name without a label is a byline's; one word needs a date or the outlet beside it."""
    if " " in name or dated:
        return True
    return any(is_given_outlet(piece, outlets) for group in pieces for piece in group)

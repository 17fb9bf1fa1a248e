"""A person's search words: read into a tree, and written as an FTS5 expression that is never a syntax error.

The way of a question: text → :func:`read_question` → :func:`expression` → SQL of ``plans``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from crawler.errors import QuestionError
from pipelines.database.asking.filters import Filters

LONGEST = 2_000
#: Characters a question may have.

MOST_WORDS = 64
DEEPEST = 16
#: Brackets within brackets.

COLUMNS = ("headline", "deck", "body")

#: What may stand before a colon to narrow the whole question, and the filter it sets.
FILTERS = {
    "author": "author",
    "place": "place",
    "outlet": "source",
    "source": "source",
    "section": "section",
    "language": "language",
    "since": "since",
    "until": "until",
}

_TOKEN = re.compile(
    r"""
    (?P<bracket>[()])
    | (?P<minus>-?)
      (?:(?P<field>[A-Za-z]+):(?=["(]|[^\s"()]))?
      (?:"(?P<phrase>[^"]*)(?P<closed>"?)(?P<star>\*?) | (?P<word>[^\s"()]+) | (?=\())
    """,
    re.VERBOSE,
)
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))


@dataclass(slots=True, frozen=True)
class Term:
    """One word, phrase or beginning of a word, in one column or in all."""

    words: tuple[str, ...]
    prefix: bool = False
    quoted: bool = False
    column: str | None = None

    @property
    def has_forms(self) -> bool:
        """Whether other forms of it are meant too: of a word that stands alone, without quotes or star."""
        return len(self.words) == 1 and not self.prefix and not self.quoted


@dataclass(slots=True, frozen=True)
class Group:
    """What must all be there, or of what one must be, less what must not."""

    kind: str
    #: ``all`` or ``any``.

    wanted: tuple[Node, ...] = ()
    unwanted: tuple[Node, ...] = ()
    column: str | None = None


Node = Term | Group


@dataclass(slots=True, frozen=True)
class Question:
    """What is asked: words, and filters named among them."""

    words: Group
    filters: Filters


Forms = Callable[[str], Sequence[str]]
#: All forms of a word that are to be found for it, itself included.


def read_question(text: str) -> Question:
    """Read plain words (all of them), ``"phrases"``, ``prefix*``, ``a OR b``, ``-word``, ``NOT word``,
    ``(groups)``, ``headline:word`` and filters such as ``place:Semarang``.

    OR joins its two neighbours alone: ``banjir jakarta OR bogor`` asks for banjir and one of the two.
    Signs that the index does not keep fall away. Raises :class:`QuestionError` where a question does not
    hold.

    >>> expression(read_question('banjir jakarta OR "kota bogor" -rob').words)
    '("banjir" AND ("jakarta" OR "kota bogor")) NOT "rob"'
    """
    if len(text) > LONGEST:
        raise QuestionError(
            f"the question has {len(text)} characters, more than {LONGEST}; ask with fewer words"
        )
    reader = _Reader(text)
    words = reader.read()
    if text.strip() and not (words.wanted or words.unwanted or reader.filters):
        raise QuestionError(f"there is no word in {_told(text)}: letters and digits are what can be found")
    return Question(words, reader.filters)


def unknown_fields(text: str) -> list[str]:
    """What stands before a colon as a field would, and is none: its words are searched like any others.

    >>> unknown_fields("judul:banjir headline:rob 18:30 https://a.example")
    ['judul']
    """
    named = [
        token["field"].lower()
        for token in _TOKEN.finditer(text.translate(_QUOTES))
        if token["field"] and not (token["word"] or "").startswith("//")
    ]
    return [name for name in dict.fromkeys(named) if name not in {*COLUMNS, *FILTERS}]


def expression(node: Node, forms: Forms | None = None) -> str:
    """The FTS5 expression of a tree that wants something; each single word with its *forms*.

    Every word becomes a quoted FTS5 string, so that no sign in it is an operator.
    """
    if isinstance(node, Term):
        return _term(node, forms)
    written = [expression(part, forms) for part in node.wanted]
    text = written[0] if len(written) == 1 else f"({f' {_JOINS[node.kind]} '.join(written)})"
    if node.unwanted:
        # What is not wanted is meant as it was written.
        without = " OR ".join(expression(part) for part in node.unwanted)
        text = f"{text} NOT {without}" if len(node.unwanted) == 1 else f"{text} NOT ({without})"
        text = f"({text})" if node.kind == "all" and len(written) == 1 else text
    return f"{node.column} : ({text})" if node.column else text


def prefixes(node: Node) -> Iterator[str]:
    """The beginnings of words that are asked for, or asked to be left out, as the index folds them."""
    if isinstance(node, Group):
        for part in (*node.wanted, *node.unwanted):
            yield from prefixes(part)
    elif node.prefix:
        plain = unicodedata.normalize("NFKD", node.words[-1].lower())
        yield "".join(char for char in plain if not unicodedata.combining(char))


def has_prefix(node: Node) -> bool:
    """Whether a beginning of a word is among what is asked for."""
    return next(prefixes(node), None) is not None


_JOINS = {"all": "AND", "any": "OR"}


def _term(term: Term, forms: Forms | None) -> str:
    quoted = f'"{" ".join(term.words)}"' + ("*" if term.prefix else "")
    if forms is not None and term.has_forms:
        family = forms(term.words[0])
        if len(family) > 1:
            either = " OR ".join(f'"{form}"' for form in family)
            quoted = f"({either})"
    return f"{term.column} : {quoted}" if term.column else quoted


@dataclass(slots=True)
class _Reader:
    """One pass over the tokens of a question."""

    text: str
    filters: Filters = field(default_factory=Filters)
    _count: int = 0

    def read(self) -> Group:
        tokens = list(_TOKEN.finditer(self.text.translate(_QUOTES)))
        group, rest = self._group(tokens, 0, 0, None)
        if rest < len(tokens):
            raise QuestionError(f"a bracket is closed in {_told(self.text)} that was not opened")
        return group

    def _group(
        self, tokens: Sequence[re.Match[str]], at: int, depth: int, column: str | None
    ) -> tuple[Group, int]:
        """The group that begins at a token, and where it ends: at a closing bracket or at the end."""
        if depth > DEEPEST:
            raise QuestionError(f"brackets stand in brackets more than {DEEPEST} deep")
        wanted: list[list[Node]] = []
        unwanted: list[Node] = []
        join = ""
        while at < len(tokens) and tokens[at]["bracket"] != ")":
            token = tokens[at]
            word = None if token["minus"] or token["field"] else token["word"]
            if word in {"OR", "AND", "NOT"}:
                join = self._join(join, word, follows=bool(wanted or unwanted))
                at += 1
                continue
            negated = join == "NOT" or token["minus"] == "-"
            node, at = self._node(tokens, at, depth, alone=depth == 0 and not join and not token["minus"])
            if node is None:
                continue
            if negated and join == "OR":
                raise QuestionError("OR stands before what is not wanted; write OR between words that are")
            if negated:
                unwanted.append(node)
            elif join == "OR":
                if not wanted:
                    raise QuestionError("OR stands after what is not wanted; write OR between words that are")
                wanted[-1].append(node)
            else:
                wanted.append([node])
            join = ""
        if join:
            raise QuestionError(f"nothing follows {join} in {_told(self.text)}")
        if depth and not wanted and unwanted:
            raise QuestionError("a group in brackets says only what is not wanted")
        parts = tuple(some[0] if len(some) == 1 else Group("any", tuple(some)) for some in wanted)
        return Group("all", parts, tuple(unwanted), column), at

    def _join(self, before: str, word: str, *, follows: bool) -> str:
        if before and not (before == "AND" and word == "NOT"):
            raise QuestionError(f"{before} and {word} stand side by side in {_told(self.text)}")
        if word != "NOT" and not follows:
            raise QuestionError(f"nothing stands before {word} in {_told(self.text)}")
        return word

    def _node(
        self, tokens: Sequence[re.Match[str]], at: int, depth: int, *, alone: bool
    ) -> tuple[Node | None, int]:
        """A word, phrase or group, and the token after it; null for a filter and for signs alone."""
        token = tokens[at]
        name = (token["field"] or "").lower()
        column = name if name in COLUMNS else None
        opened = at if token["bracket"] else at + 1 if token["phrase"] is None and not token["word"] else None
        if name in FILTERS:
            if opened is not None:
                raise QuestionError(f"{name}: stands before one name, not before brackets")
            self._filter(name, token["phrase"] if token["word"] is None else token["word"], alone=alone)
            return None, at + 1
        if opened is not None and opened < len(tokens):
            group, end = self._group(tokens, opened + 1, depth + 1, column)
            if end >= len(tokens):
                raise QuestionError(f"a bracket is opened in {_told(self.text)} that is not closed")
            return (group if group.wanted else None), end + 1
        return self._term(token, column), at + 1

    def _term(self, token: re.Match[str], column: str | None) -> Term | None:
        if token["phrase"] is not None and not token["closed"]:
            raise QuestionError(f"a quotation mark is opened in {_told(self.text)} that is not closed")
        text = token["phrase"] if token["word"] is None else token["word"]
        if token["field"] and column is None:  # a colon within text: 18:30, "Jakarta:Rabu"
            text = f"{token['field']} {text}"
        if text and text.endswith(":") and text[:-1].lower() in {*COLUMNS, *FILTERS}:
            raise QuestionError(
                f"nothing follows {text} in {_told(self.text)}; write no space behind the colon"
            )
        words = tuple("".join(char if _is_indexed(char) else " " for char in text or "").split())
        if not words:
            return None
        self._count += len(words)
        if self._count > MOST_WORDS:
            raise QuestionError(f"the question has more than {MOST_WORDS} words")
        prefix = bool(token["star"]) or (text or "").endswith("*")
        if prefix and len(words[-1]) < 2:
            raise QuestionError(f"{words[-1]}* would find too much: write two letters at least before a star")
        return Term(words, prefix, token["phrase"] is not None, column)

    def _filter(self, name: str, value: str, *, alone: bool) -> None:
        if not alone:
            raise QuestionError(f"{name}: narrows the whole question; it goes with no OR, NOT or brackets")
        key = FILTERS[name]
        if key in self.filters:
            raise QuestionError(f"{name}: is asked for twice; one name can be asked for")
        if not value.strip():
            raise QuestionError(f"nothing follows {name}: in {_told(self.text)}")
        self.filters[key] = value.strip()  # type: ignore[literal-required]


def _is_indexed(char: str) -> bool:
    """What the tokeniser ``unicode61`` takes for part of a word, combining accents included."""
    category = unicodedata.category(char)
    return category[0] in "LNM" or category == "Co"


def _told(text: str) -> str:
    """The question as an error repeats it."""
    shown = " ".join(text.split())
    return f"“{shown if len(shown) <= 80 else f'{shown[:80]}…'}”"

"""The pages of a split story, told by their addresses: ``?page=2``, ``/2``, ``/page/2``."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

PARAMETERS = frozenset({"page", "p", "hal", "halaman", "part"})
#: Query parameters that number a story's parts.

_NUMBER = re.compile(r"[1-9][0-9]?")
_WHOLE = re.compile(r"(?:^|&)(?:(?:page|showpage)=all|single=1)(?:&|$)", re.IGNORECASE)


def part_number(url: str) -> int:
    """The number of the part that an address names; 1 where it names none.

    >>> part_number("https://kabar.example/berita/banjir?page=3")
    3
    """
    for pair in _query(url).split("&"):
        name, _, value = pair.partition("=")
        if name.lower() in PARAMETERS and _NUMBER.fullmatch(value):
            return int(value)
    return 1


def asks_for_whole(url: str) -> bool:
    """Whether an address asks for all parts on one page.

    >>> asks_for_whole("https://kabar.example/berita/banjir?page=all")
    True
    """
    return bool(_WHOLE.search(_query(url)))


def is_part(url: str, first_url: str, number: int) -> bool:
    """Whether an address is part *number* of the story at *first_url*.

    Parts are told by their number alone: ``rel=next`` leads on many sites to another story.
    """
    try:
        found, first = urlsplit(url), urlsplit(first_url)
    except ValueError:
        return False
    if found.netloc != first.netloc:
        return False
    path, first_path = found.path.rstrip("/"), first.path.rstrip("/")
    added = set(found.query.split("&")) - set(first.query.split("&"))
    if path == first_path:
        return any(_numbers(pair, number) for pair in added)
    return not (added - {""}) and path in (f"{first_path}/{number}", f"{first_path}/page/{number}")


def _query(url: str) -> str:
    """The query of an address; empty for what is none."""
    try:
        return urlsplit(url).query
    except ValueError:
        return ""


def _numbers(pair: str, number: int) -> bool:
    name, _, value = pair.partition("=")
    return name.lower() in PARAMETERS and value == str(number)

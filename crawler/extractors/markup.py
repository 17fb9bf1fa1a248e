"""What containers call themselves: the groups of ``lexicon/markup.toml`` in class, id, role and itemprop."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

_GROUPS: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent / "lexicon" / "markup.toml").read_text("utf-8")
)["groups"]


def _group_pattern(words: list[str]) -> str:
    return "|".join(
        re.escape(word[:-1]) + r"(?![a-z])" if word.endswith("$") else re.escape(word)
        for word in sorted(words, key=len, reverse=True)
    )


_NAMES = {group: re.compile(rf"(?<![a-z])(?:{_group_pattern(words)})") for group, words in _GROUPS.items()}


@lru_cache(maxsize=20_000)
def markup_groups(names: str) -> tuple[str, ...]:
    """The groups whose words occur in an element's class, id, role and itemprop.

    >>> markup_groups("detail__body-tag mgt-16")
    ('story', 'tags')
    """
    return tuple(sorted(group for group, pattern in _NAMES.items() if pattern.search(names)))

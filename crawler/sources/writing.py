"""Source files written by the program: the keys of a declaration as TOML."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawler.errors import SourceError
from crawler.sources.declaration import Source, read_source


def write_source(directory: Path, slug: str, declared: Mapping[str, Any], *, replace: bool = False) -> Source:
    """Write ``SLUG.toml`` into a directory, which is made where it is missing, and read it back.

    Raises SourceError where the declaration does not hold, and where the file is there and *replace* is not
    set; nothing is written then.
    """
    path = directory / f"{slug}.toml"
    if path.exists() and not replace:
        raise SourceError(f"{path}: is there already; --force replaces it.")
    text = to_toml(declared)
    with tempfile.TemporaryDirectory() as trial:
        draft = Path(trial) / path.name
        draft.write_text(text, "utf-8")
        source = read_source(draft)
    directory.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return source


def to_toml(declared: Mapping[str, Any]) -> str:
    """Texts and lists of texts as TOML, one key a line.

    >>> print(to_toml({"name": "Kabar", "feeds": ["https://k.example/feed/"]}), end="")
    name = "Kabar"
    feeds = ["https://k.example/feed/"]
    """
    lines = []
    for key, value in declared.items():
        if isinstance(value, list) and len(value) > 1:
            entries = "".join(f"  {_quoted(entry)},\n" for entry in value)
            lines.append(f"{key} = [\n{entries}]\n")
        else:
            lines.append(f"{key} = {_quoted(value)}\n")
    return "".join(lines)


def _quoted(value: Any) -> str:
    # JSON's texts and lists are TOML's too, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

"""JSON in readable Unicode that no terminal obeys; what commands and exports write."""

from __future__ import annotations

import json
import re
from typing import Any

# C0 without tab and newline, DEL, C1, line separators, bidirectional overrides, lone surrogates.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def to_json(value: Any, *, indent: int | None = None) -> str:
    """The value as JSON in readable Unicode; only what a terminal might obey is escaped.

    >>> to_json({"a": "Rüşd\\x9b"})
    '{"a": "Rüşd\\\\u009b"}'
    """
    return UNSAFE.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=indent))


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"

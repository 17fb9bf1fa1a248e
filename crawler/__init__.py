"""Warta: news pages in, clean records out. docs/python.md shows its use from Python.

What this package offers is imported when it is first asked for: a command that only searches must not wait
for the reader of pages.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.extractors import extract as extract
    from crawler.extractors import extract_text as extract_text
    from crawler.items import Article as Article

__version__ = "0.1.0"

_OFFERED = {"extract": "crawler.extractors", "extract_text": "crawler.extractors", "Article": "crawler.items"}

__all__ = ["Article", "__version__", "extract", "extract_text"]


def __getattr__(name: str) -> Any:
    if name not in _OFFERED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_OFFERED[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_OFFERED})

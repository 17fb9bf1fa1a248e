"""The labelled pages that benchmarks measure with: read where they lie, never copied into the project.

A directory of them holds ``score.py``, whose functions load and score pages, and ``<set>/gold.jsonl`` with
``<set>/pages``. Where it is given by nothing else, WARTA_EVAL names it.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from courlan import extract_domain

DEFAULT = Path(__file__).parents[2] / ".." / "shared" / "eval"
FOLDS = 3
#: Parts that the outlets are dealt into; one of them is held out at a time.


@dataclass(slots=True, frozen=True)
class LabelledPage:
    """A page, what a person says of it, and the part its outlet was dealt into."""

    set: str
    url: str
    html: bytes
    gold: dict[str, Any]
    fold: int
    #: 0 to FOLDS - 1, the same for all pages of an outlet.


def add_data_option(parser: argparse.ArgumentParser) -> None:
    """Give a script the option ``--data DIR``."""
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        default=Path(os.environ.get("WARTA_EVAL") or DEFAULT),
        help="where the labelled pages lie (default: $WARTA_EVAL, else ../shared/eval)",
    )


def at_hand(directory: Path) -> bool:
    """Whether labelled pages lie there; says so on the terminal where none do."""
    found = (directory / "score.py").is_file() and any(directory.glob("*/gold.jsonl"))
    if not found:
        print(f"No labelled pages in {directory}: set WARTA_EVAL or --data to a directory that holds them.")
    return found


@lru_cache(maxsize=1)
def scoring(directory: Path) -> ModuleType:
    """The module ``score.py`` that comes with the labelled pages."""
    spec = importlib.util.spec_from_file_location("score", directory / "score.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"no score.py in {directory}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_pages(directory: Path) -> list[LabelledPage]:
    """All labelled pages, set by set."""
    return [
        LabelledPage(name, gold.get("url", ""), html, gold, _fold(_outlet(gold)))
        for name, gold, html in scoring(directory).load(directory, None)
    ]


def _outlet(gold: dict[str, Any]) -> str:
    """Whose page it is: the labelled outlet, its editions (``kabar-english``) as one; else the domain."""
    named = str(gold.get("outlet") or "").partition("-")[0]
    return named or extract_domain(gold.get("url", "")) or gold["id"]


def _fold(outlet: str) -> int:
    return int(hashlib.sha256(outlet.encode()).hexdigest(), 16) % FOLDS


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, its columns aligned."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [header, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| "
        + " | ".join(
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        + " |"
        for line in lines
    )

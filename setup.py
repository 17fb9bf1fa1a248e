"""Compiles the reader with mypyc where WARTA_NATIVE names a level for the C compiler; else it runs as Python.

``make native`` does it in place, ``make pure`` undoes it. All else stands in pyproject.toml.
"""

import os

from setuptools import Extension, setup

MODULES = (
    "article", "blocks", "body", "boilerplate", "byline", "closing", "confidence", "credit_lines",
    "credits", "dateline", "dates", "decisions", "features", "headline", "language", "lexicon/__init__",
    "lexicon/phrases", "markup", "moments", "openings", "outlet_names", "page", "persons", "reading",
    "related", "roles", "stamps", "statements", "story", "times", "tree", "walk",
)  # fmt: skip


def compiled() -> list[Extension]:
    """The modules of crawler.extractors that every page goes through, as C extensions."""
    from mypyc.build import mypycify  # noqa: PLC0415 - only a compiling machine has it

    paths = [f"crawler/extractors/{name}.py" for name in MODULES]
    extensions: list[Extension] = mypycify(
        ["--ignore-missing-imports", *paths],
        opt_level=os.environ["WARTA_NATIVE"],
        debug_level="0",
        group_name="crawler.extractors.native",
    )
    return extensions


setup(ext_modules=compiled() if os.environ.get("WARTA_NATIVE") else [])

"""Puts ``tests/`` on the path, so that tests in any folder find the shared servers of ``crawling``."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import settings

# What an example takes says more of the machine's other work than of the code.
settings.register_profile("warta", deadline=None)
settings.load_profile("warta")

PACKAGE = Path(__file__).parents[1] / "crawler"


def pytest_sessionstart() -> None:
    """Stop where compiled modules would run in place of newer code; let Ctrl-C reach what the tests start.

    A shell starts what runs in the background with Ctrl-C ignored, and children inherit that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    compiled = [path.stat().st_mtime for path in PACKAGE.rglob("*.so")]
    if compiled and max(path.stat().st_mtime for path in PACKAGE.rglob("*.py")) > min(compiled):
        pytest.exit(
            "The compiled modules are older than the code: `make native` or `make pure`.", returncode=2
        )

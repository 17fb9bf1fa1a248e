"""A room over the small news web's articles, and a visitor who asks it within this process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reading import Visit, visitor

sys.path.insert(0, str(Path(__file__).parents[2] / "pipelines"))
from newsstand import fill_newsstand

from crawler.reading_room.app import open_room


@pytest.fixture(scope="session")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the small news web's articles; to be read alone."""
    return fill_newsstand(tmp_path_factory.mktemp("stand") / "news.db")


@pytest.fixture(scope="session")
def room(stand: Path) -> Iterator[Any]:
    opened = open_room(stand)
    yield opened
    opened.reading_room.close()


@pytest.fixture(scope="session")
def visit(room: Any) -> Visit:
    """Gets a page of the room by its path."""
    return visitor(room)

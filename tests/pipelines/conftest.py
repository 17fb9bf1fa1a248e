from collections.abc import Iterator
from pathlib import Path

import pytest
from newsstand import fill_newsstand

from pipelines.database import Writer, open_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.fixture
def writer(path: Path) -> Iterator[Writer]:
    with Writer(open_database(path, create=True)) as writer:
        yield writer
    writer.db.close()


@pytest.fixture(scope="session")
def newsstand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the small news web's articles; to be read alone."""
    return fill_newsstand(tmp_path_factory.mktemp("newsstand") / "news.db")

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.database import Writer, open_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.fixture
def writer(path: Path) -> Iterator[Writer]:
    with Writer(open_database(path, create=True)) as writer:
        yield writer
    writer.db.close()

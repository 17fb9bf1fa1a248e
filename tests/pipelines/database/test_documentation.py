"""docs/database.md names every table and column, and nothing that is not there."""

import re
from pathlib import Path

from pipelines.database import Writer

PAGE = Path(__file__).parents[3] / "docs" / "database.md"
TABLE = re.compile(r"^## `(\w+)`", re.MULTILINE)
COLUMN = re.compile(r"^\| `(\w+)` \|[^|\n]*\|([^|\n]*)\|$", re.MULTILINE)


def documented() -> dict[str, set[str]]:
    _, *parts = TABLE.split(PAGE.read_text(encoding="utf-8"))
    texts = dict(zip(parts[::2], parts[1::2], strict=True))
    return {table: {name for name, _ in COLUMN.findall(text)} for table, text in texts.items()}


def existing(writer: Writer) -> dict[str, set[str]]:
    inner = re.compile(r"articles_fts_|_sqlite_")
    tables = [name for name in writer.db.table_names() if not inner.match(name)]
    return {name: {column.name for column in writer.db[name].columns} for name in tables}


def test_every_table_and_column_is_documented_and_no_other(writer: Writer) -> None:
    assert documented() == existing(writer)


def test_every_column_has_an_example() -> None:
    for name, example in COLUMN.findall(PAGE.read_text(encoding="utf-8")):
        assert example.strip(), name

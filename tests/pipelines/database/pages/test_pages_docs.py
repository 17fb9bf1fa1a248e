"""docs/pages.md names every column of the file of pages, and nothing that is not there."""

import re
from pathlib import Path

from crawler.spiders.reading import TELLING_HEADERS
from pipelines.database.pages import PagePolicy, open_pages

DOCS = (Path(__file__).parents[4] / "docs" / "pages.md").read_text("utf-8")
COLUMN = re.compile(r"^\| `(\w+)` \|[^|\n]*\|([^|\n]*)\|$", re.MULTILINE)


def test_every_column_is_documented_with_an_example_and_no_other(path: Path) -> None:
    documented = dict(COLUMN.findall(DOCS.partition("## `pages`")[2]))
    store = open_pages(path, PagePolicy())
    assert documented.keys() == {column.name for column in store.db["pages"].columns}
    assert all(example.strip() for example in documented.values())
    store.close()


def test_the_headers_that_are_kept_are_documented() -> None:
    row = next(line for line in DOCS.splitlines() if line.startswith("| `headers`"))
    assert set(re.findall(r"`([a-z-]+)`", row)) - {"headers"} == TELLING_HEADERS

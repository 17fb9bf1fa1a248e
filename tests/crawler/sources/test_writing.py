"""Source files that the program writes."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import SourceError
from crawler.sources.writing import to_toml, write_source

DECLARED = {
    "name": 'Kabar "Pesisir" \\ Laut',
    "domains": ["pesisir.example"],
    "feeds": ["https://pesisir.example/a", "https://pesisir.example/b"],
}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    source = write_source(tmp_path / "baru", "pesisir", DECLARED)
    assert (source.name, source.feeds) == (DECLARED["name"], tuple(DECLARED["feeds"]))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.lists(st.text('a"\\\n\x7f\u2028')))
def test_any_text_survives(text: str, texts: list[str]) -> None:
    assert tomllib.loads(to_toml({"name": text, "names": texts})) == {"name": text, "names": texts}


def test_a_file_that_is_there_is_replaced_only_when_asked(tmp_path: Path) -> None:
    write_source(tmp_path, "pesisir", DECLARED)
    with pytest.raises(SourceError, match="--force"):
        write_source(tmp_path, "pesisir", DECLARED | {"name": "Lain"})
    assert write_source(tmp_path, "pesisir", DECLARED | {"name": "Lain"}, replace=True).name == "Lain"


def test_what_does_not_hold_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="timezone"):
        write_source(tmp_path, "pesisir", DECLARED | {"timezone": "WIB"})
    assert list(tmp_path.iterdir()) == []

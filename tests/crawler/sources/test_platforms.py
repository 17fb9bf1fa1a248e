"""Platforms: what outlets share is declared once, and each may hold its own in place of it."""

import re
from pathlib import Path

import pytest

from crawler.errors import SourceError
from crawler.sources import Source, load_catalogue, read_source
from crawler.sources.platforms import PLATFORM_KEYS, read_platform
from crawler.sources.rules import Rule

DOCS = Path(__file__).parents[3] / "docs" / "sources.md"

GROUP = r"""
feeds = ["https://{domain}/feed/"]
article_url = ['^https?://(?:www\.)?{domain}/\d{4}/[^/?#]+']
single_page_query = "page=all"
[[rules]]
body = ".isi"
"""


def declare(directory: Path, own: str = "", platform: str = GROUP) -> Path:
    (directory / "platforms").mkdir(exist_ok=True)
    (directory / "platforms" / "grup.toml").write_text(platform, "utf-8")
    path = directory / "pesisir.toml"
    path.write_text(f'name = "Pesisir"\ndomains = ["pesisir.example"]\nplatform = "grup"\n{own}', "utf-8")
    return path


def outlet(directory: Path, own: str = "", platform: str = GROUP) -> Source:
    return read_source(declare(directory, own, platform))


def test_an_outlet_takes_over_its_platforms_keys_with_its_own_domain(tmp_path: Path) -> None:
    source = outlet(tmp_path)
    assert source.feeds == ("https://pesisir.example/feed/",)
    assert (source.single_page_query, source.platform) == ("page=all", "grup")
    assert source.rules == (Rule({"body": ".isi"}),)


def test_the_domain_is_no_pattern_in_a_pattern(tmp_path: Path) -> None:
    pattern = outlet(tmp_path).article_url
    assert pattern is not None
    assert pattern.search("https://www.pesisir.example/2026/panen")
    assert not pattern.search("https://pesisirXexample/2026/panen")


def test_the_outlets_own_keys_hold_in_place_of_the_platforms(tmp_path: Path) -> None:
    source = outlet(tmp_path, 'feeds = []\nsingle_page_query = "all=1"\n[[rules]]\nbody = "#b"')
    assert (source.feeds, source.single_page_query) == ((), "all=1")
    assert source.rules == (Rule({"body": "#b"}),)


def test_an_unknown_platform_is_told_with_the_known_ones(tmp_path: Path) -> None:
    path = declare(tmp_path)
    path.write_text(path.read_text().replace('"grup"', '"group"'))
    with pytest.raises(SourceError, match=re.escape(f"{path}: platform: ") + ".*known are .*grup"):
        read_source(path)


@pytest.mark.parametrize(
    ("platform", "key"),
    [
        ('name = "Grup"', "name"),
        ('feeds = "https://{domain}/feed/"', "feeds"),
        ('feeds = ["https://{domian}/feed/"]', "feeds"),
        ("article_url = ['/read/']", "article_url"),
        ('[[rules]]\nbody = "["', "rules[1].body"),
    ],
)
def test_a_fault_names_the_platforms_file_and_key(tmp_path: Path, platform: str, key: str) -> None:
    path = declare(tmp_path, platform=platform)
    with pytest.raises(SourceError, match=re.escape(f"{tmp_path / 'platforms' / 'grup.toml'}: {key}: ")):
        read_source(path)


def test_a_directorys_platforms_are_no_outlets(tmp_path: Path) -> None:
    declare(tmp_path)
    assert [source.slug for source in load_catalogue(tmp_path)] == ["pesisir"]


def test_every_key_of_a_platform_is_documented() -> None:
    section = DOCS.read_text("utf-8").partition("## Platforms")[2].partition("\n## ")[0]
    assert [key for key in PLATFORM_KEYS if f"`{key}`" not in section] == []


def test_the_documented_platform_is_one(tmp_path: Path) -> None:
    example = re.search(
        r"```toml\n# platforms/pesisir-grup\.toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL
    )
    assert example is not None
    source = outlet(tmp_path, platform=example[1])
    assert source.article_url is not None
    assert source.article_url.search("https://pesisir.example/2026/01/31/panen")
    assert read_platform(tmp_path / "platforms" / "grup.toml")["feeds"] == ["https://{domain}/feed/"]

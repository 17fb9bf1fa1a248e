"""The catalogue: outlets by slug and by URL."""

import os
import pickle
from pathlib import Path

import pytest

from crawler.errors import SourceError
from crawler.sources import Catalogue, Source, load_catalogue

CATALOGUE = Catalogue(
    [
        Source("pesisir", "Kabar Pesisir", ("pesisir.example", "kabarpesisir.example")),
        Source("pesisir-en", "Coast News", ("en.pesisir.example",)),
        Source("lokal-11", "Lokal", ("127.0.0.11:8765",)),
        Source("lokal-12", "Lokal dua", ("127.0.0.12:8765",)),
    ]
)


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://pesisir.example/berita/1", "pesisir"),
        ("https://ekonomi.pesisir.example/berita/1", "pesisir"),
        ("HTTPS://KabarPesisir.example", "pesisir"),
        ("https://pesisir.example.:443/x", "pesisir"),
        ("https://en.pesisir.example/news/1", "pesisir-en"),
        ("https://www.en.pesisir.example/news/1", "pesisir-en"),
        ("http://127.0.0.11:8765/feed/", "lokal-11"),
        ("http://127.0.0.12:8765/feed/", "lokal-12"),
    ],
)
def test_a_url_belongs_to_the_longest_domain_its_host_ends_with(url: str, slug: str) -> None:
    source = CATALOGUE.match(url)
    assert source is not None
    assert source.slug == slug


@pytest.mark.parametrize(
    "url",
    [
        "https://bukanpesisir.example/",
        "https://pesisir.example.penipu.example/",
        "http://127.0.0.11:9000/",
        "http://127.0.0.11/",
        "https://example/",
        "https://[::1/",
        "https://pesisir.example:port/",
        "pesisir.example",
        "",
    ],
)
def test_other_urls_belong_to_nobody(url: str) -> None:
    assert CATALOGUE.match(url) is None


def test_a_domain_with_the_schemes_own_port_matches_without_it() -> None:
    catalogue = Catalogue([Source("a", "A", ("a.example:443",))])
    assert catalogue.match("https://a.example/x") is not None
    assert catalogue.match("http://a.example/x") is None


def test_sources_are_listed_by_slug() -> None:
    assert [source.slug for source in CATALOGUE] == ["lokal-11", "lokal-12", "pesisir", "pesisir-en"]
    assert len(CATALOGUE) == 4
    assert CATALOGUE.get("pesisir").name == "Kabar Pesisir"


def test_an_unknown_slug_is_told_with_what_is_near() -> None:
    with pytest.raises(SourceError, match=r'no source "pesisr"\. Did you mean pesisir'):
        CATALOGUE.get("pesisr")
    with pytest.raises(SourceError, match="See `warta sources`"):
        CATALOGUE.get("zzz")


def test_two_sources_may_share_neither_slug_nor_domain() -> None:
    with pytest.raises(SourceError, match="Two sources are called a"):
        Catalogue([Source("a", "A", ("a.example",)), Source("a", "B", ("b.example",))])
    with pytest.raises(SourceError, match=r"a and b both claim c\.example"):
        Catalogue([Source("a", "A", ("c.example",)), Source("b", "B", ("c.example",))])


def test_a_source_travels_between_processes() -> None:
    source = load_catalogue().get("detik")
    assert pickle.loads(pickle.dumps(source)) == source
    assert hash(source) == hash(load_catalogue().get("detik"))


def test_directories_given_are_the_only_ones_read(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('name = "A"\ndomains = ["a.example"]')
    (tmp_path / "README.md").write_text("not a source")
    assert [source.slug for source in load_catalogue(tmp_path)] == ["a"]


def test_the_environment_adds_sources_and_replaces_bundled_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in {
        "one/detik.toml": 'name = "Own detik"\ndomains = ["detik.com"]',
        "two/a.toml": 'name = "A"\ndomains = ["a.example"]',
    }.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(content)
    monkeypatch.setenv("WARTA_SOURCES", f"{tmp_path / 'one'}{os.pathsep}{tmp_path / 'two'}")
    catalogue = load_catalogue()
    assert catalogue.get("detik").name == "Own detik"
    assert catalogue.get("a").name == "A"
    assert catalogue.get("kompas").name == "Kompas.com"


def test_a_missing_directory_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no directory of source files"):
        load_catalogue(tmp_path / "none")

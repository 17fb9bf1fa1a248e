"""Reading one outlet's TOML file: what it may say, and how a fault is told."""

import re
from datetime import date
from pathlib import Path

import pytest

from crawler.errors import SourceError
from crawler.sources import Rule, Source, read_source
from crawler.sources.declaration import KEYS
from crawler.sources.rules import SELECTOR_KEYS, rules_on
from crawler.sources.values import expand_index

REQUIRED = 'name = "Kabar Pesisir"\ndomains = ["kabarpesisir.example"]\n'
DOCS = Path(__file__).parents[3] / "docs" / "sources.md"


def declare(directory: Path, more: str, name: str = "kabarpesisir.toml") -> Path:
    path = directory / name
    path.write_text(REQUIRED + more, "utf-8")
    return path


def test_name_and_domains_are_enough(tmp_path: Path) -> None:
    source = read_source(declare(tmp_path, ""))
    assert source == Source(
        slug="kabarpesisir",
        name="Kabar Pesisir",
        domains=("kabarpesisir.example",),
        names=("Kabar Pesisir",),
    )
    assert (source.language, source.timezone, source.enabled) == ("id", "Asia/Jakarta", True)


def test_the_outlets_name_leads_its_other_names(tmp_path: Path) -> None:
    source = read_source(declare(tmp_path, 'names = ["Pesisir", "Kabar Pesisir"]'))
    assert source.names == ("Kabar Pesisir", "Pesisir")


def test_several_article_patterns_become_one(tmp_path: Path) -> None:
    source = read_source(
        declare(tmp_path, r"""article_url = ['^https?://a\.example/\d+$', '^https?://b\.example/\d+$']""")
    )
    assert source.article_url is not None
    assert source.article_url.search("https://b.example/7")
    assert not source.article_url.search("https://b.example/7/komentar")


def test_a_list_of_selectors_is_their_union(tmp_path: Path) -> None:
    source = read_source(declare(tmp_path, '[[rules]]\nbody = ["#isi", ".artikel p"]\ndate = "time"'))
    assert source.rules == (Rule({"body": "#isi, .artikel p", "date": "time"}),)


def test_a_rule_may_say_until_when_it_held(tmp_path: Path) -> None:
    source = read_source(
        declare(tmp_path, '[[rules]]\nbody = "#isi"\n[[rules]]\nuntil = 2023-06-01\nbody = ".lama"')
    )
    assert [rule.until for rule in source.rules] == [None, date(2023, 6, 1)]


def test_the_rule_of_a_pages_time_comes_first_and_those_before_it_are_left_out() -> None:
    rules = [Rule({"body": day}, date.fromisoformat(day)) for day in ("2023-06-01", "2019-01-01")]
    now = Rule({"body": "now"})
    assert [rule.selectors["body"] for rule in rules_on([now, *rules], date(2020, 5, 5))] == [
        "2023-06-01",
        "now",
    ]
    assert rules_on([now, *rules], date(2024, 1, 1)) == [now]
    assert rules_on([now, *rules], None) == [rules[1], rules[0], now]


def test_notes_are_one_line_of_prose(tmp_path: Path) -> None:
    assert read_source(declare(tmp_path, 'notes = """\nA line\nand more.\n"""')).notes == "A line and more."


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('nama = "x"', "nama"),
        ('language = "Indonesia"', "language"),
        ('timezone = "WIB"', "timezone"),
        ('timezone = "../etc/passwd"', "timezone"),
        ('enabled = "no"', "enabled"),
        ("enabled = false", "reason"),
        ('homepage = "kabarpesisir.example"', "homepage"),
        ('feeds = "https://kabarpesisir.example/feed/"', "feeds"),
        ('feeds = ["ftp://kabarpesisir.example/feed/"]', "feeds"),
        ('feeds = ["https://kabarpesisir.example/{kanal}/feed/"]', "feeds"),
        ('sitemaps = ["https://kabarpesisir.example:port/"]', "sitemaps"),
        ("sitemaps = [7]", "sitemaps"),
        ('index_pages = ["https://kabarpesisir.example/{kanal}?page={page}"]', "index_pages"),
        ('index_pages = ["https://kabarpesisir.example/?page={page"]', "index_pages"),
        ('index_pages = ["https://kabarpesisir.example/{offset}"]', "index_pages"),
        ("article_url = ['^https?://kabarpesisir\\.example/(']", "article_url"),
        ("article_url = ['/read/']", "article_url"),
        ("article_url = []", "article_url"),
        ("exclude_url = ['[']", "exclude_url"),
        ('single_page_query = "?page=all"', "single_page_query"),
        ('single_page_suffix = "all"', "single_page_suffix"),
        ("crawl_delay = -1", "crawl_delay"),
        ("crawl_delay = true", "crawl_delay"),
        ('rules = "h1"', "rules"),
        ('[rules]\nheadline = "h1"', "rules"),
        ("[[rules]]\nuntil = 2023-06-01", "rules[1]"),
        ('[[rules]]\ntitle = "h1"', "rules[1].title"),
        ('[[rules]]\nheadline = "h1["', "rules[1].headline"),
        ('[[rules]]\nbody = "p"\n[[rules]]\nbody = "b::text"', "rules[2].body"),
        ('[[rules]]\nbody = "p"\nuntil = "2023-06-01"', "rules[1].until"),
        ('[[rules]]\nbody = "p"\n[[rules]]\nbody = "b"', "rules[2].until"),
        ('feed_timezone = "GMT+7"', "feed_timezone"),
        ('notes = " "', "notes"),
    ],
)
def test_a_fault_names_file_and_key(tmp_path: Path, more: str, key: str) -> None:
    path = declare(tmp_path, more)
    with pytest.raises(SourceError, match=re.escape(f"{path}: {key}: ")):
        read_source(path)


@pytest.mark.parametrize("domain", ["https://a.example", "A.example", "a.example/", "a b", "a.example:0"])
def test_a_domain_is_a_lowercase_host(tmp_path: Path, domain: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(f'name = "A"\ndomains = ["{domain}"]', "utf-8")
    with pytest.raises(SourceError, match="domains: "):
        read_source(path)


@pytest.mark.parametrize("missing", ["name", "domains"])
def test_name_and_domains_are_required(tmp_path: Path, missing: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text("\n".join(line for line in REQUIRED.splitlines() if not line.startswith(missing)))
    with pytest.raises(SourceError, match=f"{missing}: is required"):
        read_source(path)


def test_the_file_name_is_the_slug_and_must_be_one(tmp_path: Path) -> None:
    assert read_source(declare(tmp_path, "", "kabar-2.toml")).slug == "kabar-2"
    with pytest.raises(SourceError, match="file name: "):
        read_source(declare(tmp_path, "", "Kabar Pesisir.toml"))


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", b'name = "a"\nname = "b"'])
def test_what_is_no_toml_is_told_with_the_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=re.escape(f"{path}: is not TOML")):
        read_source(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_source(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("template", "url"),
    [
        ("https://x.example/indeks?page={page}&date={date:%m/%d/%Y}", "?page=3&date=02/01/2026"),
        ("https://x.example/indeks?date={date:%Y-%-m-%-d}", "?date=2026-2-1"),
        ("https://x.example/indeks?from={offset:50}", "?from=100"),
    ],
)
def test_index_templates_take_day_page_and_offset(template: str, url: str) -> None:
    assert expand_index(template, date(2026, 2, 1), 3) == "https://x.example/indeks" + url


@pytest.mark.parametrize("key", [*KEYS, *(f"rules.{key}" for key in sorted(SELECTOR_KEYS))])
def test_every_key_is_documented_with_an_example(key: str) -> None:
    text = DOCS.read_text("utf-8")
    name = key.rpartition(".")[2]
    assert f"`{name}`" in text
    assert re.search(rf"^{name} = |^\[\[{name}\]\]", text, re.MULTILINE), f"no example of {key}"


def test_no_key_is_documented_that_is_not_read() -> None:
    documented = re.findall(r"^### `([\w.]+)`", DOCS.read_text("utf-8"), re.MULTILINE)
    assert sorted(documented) == sorted(KEYS)


def test_the_documented_example_is_a_source(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(# kabarpesisir\.toml\n.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert example is not None
    path = tmp_path / "kabarpesisir.toml"
    path.write_text(example[1], "utf-8")
    assert read_source(path).domains == ("kabarpesisir.example",)

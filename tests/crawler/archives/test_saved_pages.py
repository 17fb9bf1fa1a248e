"""Saved pages become visits: where they are from, and whose."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawler.archives.documents import Document, read_document
from crawler.archives.saved import read_saved, stated_url
from crawler.sources import Catalogue, Source

OUTLET = Source("wanamarta", "Harian Wanamarta", ("wanamarta.example",))
CATALOGUE = Catalogue([OUTLET, Source("senandika", "Kabar Senandika", ("senandika.example",))])


def saved(directory: Path, head: str) -> Document:
    story = (
        "<h1>Pasar Wanamarta Ramai</h1>" + "<p>Pedagang di pasar itu sibuk sejak subuh, kata warga.</p>" * 5
    )
    path = directory / "page.html"
    path.write_text(f"<!doctype html><html><head>{head}</head><body><article>{story}</article></body></html>")
    return read_document(str(path))


CANONICAL = '<link rel="canonical" href="https://www.wanamarta.example/pasar?utm_source=x">'
OG = '<meta property="og:url" content="https://wanamarta.example/og">'


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (CANONICAL + OG, "https://www.wanamarta.example/pasar"),
        (OG, "https://wanamarta.example/og"),
        ('<link rel="canonical" href="https://wanamarta.example/">' + OG, "https://wanamarta.example/og"),
        ('<link rel="canonical" href="/pasar">', ""),
        ('<link rel="canonical" href="javascript:alert(1)">', ""),
        ("", ""),
    ],
)
def test_a_page_states_its_address(tmp_path: Path, head: str, url: str) -> None:
    assert stated_url(saved(tmp_path, head)) == url


def test_the_outlet_is_found_by_the_address(tmp_path: Path) -> None:
    visit = read_saved(saved(tmp_path, CANONICAL), CATALOGUE)
    assert visit.article.source == "wanamarta"
    assert visit.article.url == "https://www.wanamarta.example/pasar"
    assert visit.article.headline == "Pasar Wanamarta Ramai"


def test_an_address_and_an_outlet_that_are_given_come_first(tmp_path: Path) -> None:
    url = "https://senandika.example/asli"
    assert read_saved(saved(tmp_path, OG), CATALOGUE, url=url).article.source == "senandika"
    assert read_saved(saved(tmp_path, OG), CATALOGUE, source=OUTLET, url=url).article.source == "wanamarta"


def test_a_page_without_an_address_has_that_of_its_file(tmp_path: Path) -> None:
    visit = read_saved(saved(tmp_path, ""), CATALOGUE)
    assert visit.article.url == visit.article.canonical_url == (tmp_path / "page.html").as_uri()
    assert visit.article.source is None


def test_the_fetch_tells_where_the_bytes_came_from(tmp_path: Path) -> None:
    document = saved(tmp_path, CANONICAL)
    fetch = read_saved(document, CATALOGUE).fetch
    assert fetch.requested_url == document.uri
    assert fetch.status == 0
    assert fetch.size == len(document.data)


def test_a_file_has_one_address_by_whatever_way_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    saved(tmp_path, "")
    document = read_document(str(tmp_path / "sub" / ".." / "page.html"))
    assert document.uri == (tmp_path / "page.html").as_uri()


@pytest.mark.parametrize(("year", "published"), [(2099, None), (2019, "2019-03-01T08:00:00+07:00")])
def test_a_date_in_the_future_is_not_believed(tmp_path: Path, year: int, published: str | None) -> None:
    head = f'<meta property="article:published_time" content="{year}-03-01T08:00:00+07:00">'
    assert read_saved(saved(tmp_path, head), CATALOGUE).article.published == published


def test_the_time_of_a_file_is_no_bound_on_its_dates(tmp_path: Path) -> None:
    head = '<meta property="article:published_time" content="2019-03-01T08:00:00+07:00">'
    saved(tmp_path, head)
    os.utime(tmp_path / "page.html", (0, 0))
    document = read_document(str(tmp_path / "page.html"))
    assert read_saved(document, CATALOGUE).article.published == "2019-03-01T08:00:00+07:00"

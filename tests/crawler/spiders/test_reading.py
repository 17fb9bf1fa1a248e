"""From a response to a visit, and to the next part of a split story."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from crawler.spiders.reading import describe_fetch, is_page, media_type, next_part

URL = "https://senandika.example/berita/7-jembatan"


def page(html: str, url: str = URL) -> HtmlResponse:
    return HtmlResponse(url, body=html.encode(), encoding="utf-8", request=Request(url))


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("?page=2", f"{URL}?page=2"),
        ("/berita/7-jembatan/2", f"{URL}/2"),
        ("/berita/7-jembatan/page/2/", f"{URL}/page/2/"),
        ("?hal=2", f"{URL}?hal=2"),
        ("?page=3", None),
        ("/berita/8-panen", None),
        ("/berita/8-panen?page=2", None),
        ("https://lain.example/berita/7-jembatan?page=2", None),
        ("?share=2", None),
        ("", None),
    ],
)
def test_the_next_part_is_told_by_its_number(href: str, found: str | None) -> None:
    assert next_part(page(f'<p>Alinea</p><a href="{href}">2</a>'), URL, 2) == found


def test_the_next_story_is_not_the_next_part() -> None:
    html = '<link rel="next" href="/berita/8-panen"><a rel="next" href="/berita/8-panen">Berikutnya</a>'
    assert next_part(page(html), URL, 2) is None


def test_the_third_part_is_found_from_the_second() -> None:
    second = page(f'<a href="{URL}">1</a><a href="?page=3">Selanjutnya</a>', f"{URL}?page=2")
    assert next_part(second, URL, 3) == f"{URL}?page=3"


def test_only_html_with_something_in_it_is_a_page() -> None:
    assert is_page(page("<p>Alinea</p>"))
    assert not is_page(page("  \n"))
    assert not is_page(Response(URL, body=b"%PDF-1.7", headers={"Content-Type": "application/pdf"}))


def test_a_media_type_comes_without_its_parameters() -> None:
    response = Response(URL, headers={"Content-Type": "Text/Plain; charset=utf-8"})
    assert media_type(response) == "text/plain"
    assert media_type(Response(URL)) == ""


def test_a_fetch_remembers_the_first_address_and_the_validators() -> None:
    request = Request(URL, meta={"redirect_urls": ["https://senandika.example/pendek"]})
    headers = {"ETag": '"abc"', "Last-Modified": "Sun, 01 Mar 2026 12:00:00 GMT", "Content-Type": "text/html"}
    fetch = describe_fetch(HtmlResponse(URL, body=b"<p>", headers=headers, request=request))
    assert (fetch.url, fetch.requested_url) == (URL, "https://senandika.example/pendek")
    assert (fetch.etag, fetch.last_modified) == ('"abc"', "Sun, 01 Mar 2026 12:00:00 GMT")
    assert (fetch.status, fetch.size) == (200, 3)
    assert fetch.content_hash is not None
    assert fetch.fetched_at.endswith("+00:00")

"""What a site's answers say of it."""

import json
from datetime import UTC, datetime

import pytest

from crawler.spiders.site import (
    add_feed,
    add_sitemap,
    offers_wordpress,
    read_home,
    sitemaps_of_robots,
    slug_of,
)

URL = "https://www.kabarpesisir.example/"
WORDS = "<p>Warga yang tinggal di pesisir itu sudah menunggu kapal dari pulau seberang sejak pagi tadi.</p>"


def home(head: str = "", body: str = WORDS, attributes: str = "") -> bytes:
    return f"<html{attributes}><head>{head}</head><body>{body}</body></html>".encode()


def feed(*links: str, offset: str = "+0800") -> bytes:
    date = f"{datetime(2026, 2, 1, 9, tzinfo=UTC):%a, %d %b %Y %H:%M:%S} {offset}"
    items = "".join(f"<item><link>{link}</link><pubDate>{date}</pubDate></item>" for link in links)
    return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta property="og:site_name" content="Kabar Pesisir">', "Kabar Pesisir"),
        ("<title>Kabarpesisir.example - Dekat dengan Laut</title>", "Kabarpesisir.example"),
        ("<title>Kabar Pesisir: Dekat dengan Laut</title>", "Kabar Pesisir"),
        ("<title>Berita Terkini | Suara Laut</title>", "Suara Laut"),
        (f"<title>{'Berita ' * 20}</title>", "kabarpesisir.example"),
    ],
)
def test_the_name_is_stated_or_stands_in_the_title(head: str, name: str) -> None:
    assert read_home(home(head), URL).name == name


def test_the_language_is_that_of_what_is_shown_though_the_template_declares_english() -> None:
    assert read_home(home(attributes=' lang="en-US"'), URL).language == "id"
    assert read_home(home(attributes=' lang="ms"'), URL).language == "ms"


@pytest.mark.parametrize(
    ("url", "zone"),
    [
        ("https://kabar.my/", ("Asia/Kuala_Lumpur", "host")),
        ("https://kabar.co.id/", ("Asia/Jakarta", "host")),
        ("https://kabar.example/", ("Asia/Jakarta", "language")),
    ],
)
def test_the_zone_is_guessed_by_host_then_language(url: str, zone: tuple[str, str]) -> None:
    site = read_home(home(), url)
    assert (site.timezone, site.timezone_from) == zone


def test_a_feeds_offset_tells_the_zone_better() -> None:
    site = read_home(home(), URL)
    assert add_feed(site, feed(URL + "kapal-tiba"), URL + "feed/")
    assert (site.timezone, site.timezone_from) == ("Asia/Makassar", "feed")


def test_wordpress_is_told_by_its_generator_or_its_interface() -> None:
    assert read_home(home('<meta name="generator" content="WordPress 6.8">'), URL).platform == "wordpress"
    assert read_home(home(), URL).platform is None
    assert offers_wordpress(json.dumps({"namespaces": ["oembed/1.0", "wp/v2"]}).encode())
    assert not any(offers_wordpress(data) for data in (b"<html>", b"[]", b"{}", b'{"namespaces": 7}'))


def test_feeds_that_the_page_announces_are_found_without_those_of_comments() -> None:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'
        for title, href in [
            ("Kabar", "/feed/"),
            ("Komentar", "/comments/feed/"),
            ("Peta", "mailto:x@y.example"),
        ]
    )
    assert read_home(home(links), URL).announced == [URL + "feed/"]


def test_one_feed_at_two_addresses_and_feeds_of_others_are_left_out() -> None:
    site = read_home(home(), URL)
    story = "https://kabarpesisir.example/kapal-tiba"
    assert add_feed(site, feed(story), URL + "feed/")
    assert not add_feed(site, feed(story), URL + "rss")
    assert not add_feed(site, feed("https://lain.example/kapal"), URL + "lain")
    assert not add_feed(site, b"<html>404</html>", URL + "atom")
    assert [(found.url, found.articles, found.newest) for found in site.feeds] == [
        (URL + "feed/", 1, "2026-02-01T09:00:00+08:00")
    ]


def test_sitemaps_are_read_and_named_by_robots_txt() -> None:
    robots = (
        "User-agent: *\nSITEMAP: https://kabarpesisir.example/a.xml\nSitemap: /b.xml\nSitemap: ftp://c/\n"
    )
    assert sitemaps_of_robots(robots, URL) == ["https://kabarpesisir.example/a.xml", URL + "b.xml"]
    site = read_home(home(), URL)
    data = b"<urlset><url><loc>https://kabarpesisir.example/kapal</loc></url></urlset>"
    assert add_sitemap(site, data, URL + "a.xml")
    assert not add_sitemap(site, data, URL + "a.xml")
    assert not add_sitemap(site, b"<html></html>", URL + "b.xml")


def test_a_site_without_lists_is_declared_by_its_home_page() -> None:
    site = read_home(home('<meta name="generator" content="WordPress">'), URL)
    declared = site.declaration()
    assert (declared["feeds"], declared["listing_pages"]) == ([], [URL])


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        (URL, "kabarpesisir"),
        ("https://en.kabar.co.id/", "en-kabar"),
        ("http://127.0.0.11:8765/", "127-0-0-11-8765"),
    ],
)
def test_the_slug_is_made_of_the_host(url: str, slug: str) -> None:
    assert slug_of(url) == slug

"""Looking at a site: what is asked for, each once, and what comes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from crawling import FAST, in_own_process

from crawler.errors import PageError
from crawler.run import survey_site
from crawler.spiders.site import Site as Found
from fixtures.site.server import Site


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def look(url: str) -> Found:
    found: Found = in_own_process(_survey, url)
    return found


def _survey(url: str) -> Found:
    return survey_site(url, settings=FAST)


def test_what_robots_txt_and_the_usual_places_name_is_found(site: Site) -> None:
    url = site.urls["harian-wanamarta"]
    found = look(url + "/")
    assert (found.name, found.platform, found.feeds) == ("Wanamarta.com", None, [])
    assert {one.url: one.articles for one in found.sitemaps} == {
        f"{url}/sitemap.xml": 2,
        f"{url}/sitemap-news.xml": 8,
    }


def test_nothing_is_asked_for_twice_but_robots_txt(site: Site) -> None:
    netloc = site.urls["gardasiar"].removeprefix("http://")
    found = look(f"http://{netloc}/")
    assert [one.url for one in found.feeds] == [f"http://{netloc}/feed.atom"]
    # robots.txt is read as a rule, then as a list of sitemaps
    asked = Counter(request.path for request in site.log if request.host == netloc)
    assert asked.pop("/robots.txt") == 2
    assert set(asked.values()) == {1}


def test_a_site_whose_home_page_is_gone_is_told(site: Site) -> None:
    with pytest.raises(PageError, match="could not be read: http 404"):
        look(site.urls["gardasiar"] + "/tiada")

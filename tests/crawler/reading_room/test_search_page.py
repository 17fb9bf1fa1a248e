"""The front page: what is searched for, what narrows it, and what is said where it cannot be answered."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest
from reading import Visit

from pipelines.database.records import to_utc

ATOM = "{http://www.w3.org/2005/Atom}"


def headlines(html: str) -> list[str]:
    return re.findall(r'<h3><a href="/article/\d+" dir="auto">(.*?)</a></h3>', html)


def test_words_are_found_and_marked(visit: Visit) -> None:
    html = visit("/?q=banjir").text
    assert headlines(html)
    assert re.search(r"<mark>banjir</mark>", html, re.IGNORECASE)


def test_without_words_the_newest_stand_first(visit: Visit) -> None:
    shown = re.findall(r'<time datetime="([^"]+)">', visit("/").text)
    times = [to_utc(time) or "" for time in shown]
    assert times == sorted(times, reverse=True)
    assert len(times) > 1


@pytest.mark.parametrize("filtered", ["source=gardasiar", "section=Ekonomi", "place=Cirebon", "language=en"])
def test_a_filter_leaves_fewer(visit: Visit, filtered: str) -> None:
    assert 0 < len(headlines(visit(f"/?{filtered}").text)) < len(headlines(visit("/").text))


def test_a_facet_says_how_many_its_filter_leaves(visit: Visit) -> None:
    html = visit("/?q=harga").text
    facets = re.findall(r'<a href="/\?q=harga&amp;(source=[\w-]+)">.*?number">(\d+)<', html)
    assert facets
    for address, amount in facets:
        assert len(headlines(visit(f"/?q=harga&{address}").text)) == int(amount)


def test_recent_periods_end_now(visit: Visit) -> None:
    assert headlines(visit("/?when=today").text) == []
    assert headlines(visit("/?when=range&since=2026-01-01&until=2026-12-31").text)


def test_pages_follow_each_other_to_the_end(visit: Visit) -> None:
    seen: list[str] = []
    path = "/?copies=1"
    for _ in range(10):
        html = visit(path).text
        seen += re.findall(r'href="/article/(\d+)" dir', html)
        link = re.search(r'rel="next" href="([^"]+)"', html)
        if link is None:
            break
        path = link[1].replace("&amp;", "&")
    rows = visit("/news/articles.json?_size=500&_shape=array").json()
    assert sorted(map(int, seen)) == sorted(row["id"] for row in rows)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=%22banjir", "quot"),
        ("q=(a", "bracket"),
        ("q=nosuchfield:", ""),
        ("when=tomorrow", "when is one of"),
        ("sort=worst", "sort is best or newest"),
        ("since=yesterday", "is no date"),
        ("after=zzzz", "no token"),
        ("q=banjir&after=" + "A" * 5_000, "no token"),
    ],
)
def test_what_does_not_hold_is_told_in_its_form(visit: Visit, query: str, said: str) -> None:
    answer = visit(f"/?{query}")
    if said:
        assert answer.status_code == 400
        assert said in answer.text
    assert answer.status_code in {200, 400}
    assert '<input id="q"' in answer.text


@pytest.mark.parametrize(
    "words",
    [
        "'; DROP TABLE articles; --",
        '" OR 1=1 --',
        "<script>alert(1)</script>",
        "NEAR(a b",
        "a AND AND b",
        "^" * 500,
        "😀" * 3_000,
        "\x00\x01\u202e",
        "*",
        "%",
        "-",
        "headline:",
        "{{ 7*7 }}",
    ],
)
def test_any_words_are_answered_or_told_why_not(visit: Visit, words: str) -> None:
    answer = visit("/", params={"q": words})
    assert answer.status_code in {200, 400}
    assert "<script>" not in answer.text
    assert "49" not in re.sub(r"<[^>]*>", "", answer.text) or words != "{{ 7*7 }}"


def test_absurd_parameters_are_no_fault(visit: Visit) -> None:
    for query in ("&".join(f"p{n}=1" for n in range(5_000)), "q=a&q=b&q=", "%ff=%fe&q=%80", "=&&&=="):
        assert visit(f"/?{query}").status_code in {200, 400}


def test_a_search_has_a_feed(visit: Visit) -> None:
    answer = visit("/search.atom?q=banjir")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    found = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert sorted(found) == sorted(headlines(visit("/?q=banjir").text))
    for entry in feed.iter(f"{ATOM}entry"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.findtext(f"{ATOM}updated") or "")
        assert entry.find(f"{ATOM}author/{ATOM}name") is not None


def test_a_search_is_exported_whole(visit: Visit) -> None:
    lines = visit("/search.jsonl?copies=1").text.splitlines()
    rows = list(csv.DictReader(io.StringIO(visit("/search.csv?copies=1").text)))
    stored = visit("/news/articles.json?_size=500&_shape=array").json()
    assert sorted(json.loads(line)["id"] for line in lines) == sorted(row["id"] for row in stored)
    assert [int(row["id"]) for row in rows] == [json.loads(line)["id"] for line in lines]


def test_an_export_that_does_not_hold_says_so(visit: Visit) -> None:
    assert visit("/search.csv?q=%22").status_code == 400

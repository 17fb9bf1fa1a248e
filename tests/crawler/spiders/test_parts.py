"""A story that is split over pages is fetched part by part and joined."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from crawling import FAST, Answer, Server, in_own_process

from crawler.extractors import extract
from crawler.items import Article, Visit
from crawler.run import Unread, fetch_and_read
from crawler.spiders import reading

HTML = {"Content-Type": "text/html; charset=utf-8"}
STORY = [
    "Warga Desa Tirtamaya memulai gotong royong memperbaiki saluran air yang rusak sejak musim hujan lalu. ",
    "Kepala desa mengatakan pekerjaan itu ditargetkan selesai sebelum masa tanam padi kedua tahun ini. ",
    "Biaya perbaikan ditanggung bersama dari kas desa dan sumbangan para perantau di kota besar. ",
]


def part(number: int, *, last: bool) -> Answer:
    links = "".join(f'<a href="?page={other}">{other}</a> ' for other in (1, 2, 3) if other != number)
    more = "" if last else "<p>Bersambung</p>"
    body = f"<h1>Warga Tirtamaya Perbaiki Saluran Air</h1><article><p>{STORY[number - 1] * 3}</p></article>"
    return Answer(f"<html><body>{body}{more}<nav>{links}</nav></body></html>".encode(), headers=HTML)


def reads_on(html: bytes, url: str, **evidence: Any) -> Article:
    """Reads a page; one with the word "Bersambung" is told to be unfinished."""
    article = extract(html, url, **evidence)
    article.complete = b"Bersambung" not in html
    return article


def read(url: str, **settings: Any) -> Visit | Unread:
    def work() -> Visit | Unread:
        with patch.object(reading, "extract", reads_on):
            return fetch_and_read([url], settings={**FAST, **settings})[0]

    answer: Visit | Unread = in_own_process(work)
    return answer


def test_the_parts_of_a_story_are_joined() -> None:
    site = {"/b": part(1, last=False), "/b?page=2": part(2, last=False), "/b?page=3": part(3, last=True)}
    with Server(site) as server:
        visit = read(f"{server.url}/b")
    assert isinstance(visit, Visit)
    assert (visit.article.pages, visit.article.complete) == (3, True)
    assert [sentence[:10] in visit.article.body for sentence in STORY] == [True, True, True]
    assert visit.article.url == f"{server.url}/b"


def test_a_whole_story_is_one_request() -> None:
    with Server({"/b": part(1, last=True), "/b?page=2": part(2, last=True)}) as server:
        visit = read(f"{server.url}/b")
        assert server.paths() == ["/robots.txt", "/b"]
    assert isinstance(visit, Visit)
    assert visit.article.pages == 1


def test_a_missing_part_leaves_the_story_incomplete() -> None:
    with Server({"/b": part(1, last=False), "/b?page=2": Answer(status=500)}) as server:
        visit = read(f"{server.url}/b", RETRY_TIMES=0)
    assert isinstance(visit, Visit)
    assert (visit.article.pages, visit.article.complete) == (1, False)


def test_no_more_parts_are_fetched_than_is_set() -> None:
    site = {"/b": part(1, last=False), "/b?page=2": part(2, last=False), "/b?page=3": part(3, last=True)}
    with Server(site) as server:
        visit = read(f"{server.url}/b", WARTA_PARTS=2)
    assert isinstance(visit, Visit)
    assert (visit.article.pages, visit.article.complete) == (2, False)

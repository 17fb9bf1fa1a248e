"""An article's pages: its story, its changes, its copies, its kept page; whatever the record holds."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from newsroom import full_story, story
from newsroom import visit as met
from reading import Visit, open_room, visitor

from crawler.items import Boilerplate, Dateline, Image, Link, RawPage
from pipelines.database import open_writer
from pipelines.database.pages import PagePolicy

OVERRIDE, EMOJI = "\u202egnp.exe", "😀" * 250_000
SCRIPT = "<script>alert(1)</script>"
PAGE = f"""<!doctype html><html><body onload="alert(2)"><h1>{"Panen Garam Lebih Awal"}</h1>
<p>{"Petani garam mulai memanen lebih awal karena kemarau datang tiga pekan lebih cepat. " * 5}</p>
<p><img src=x onerror=alert(3)>{"Ketua koperasi mengatakan gudang baru akan selesai bulan depan. " * 5}</p>
<p>Baca juga: <a href="javascript:alert(4)">Harga</a></p></body></html>""".encode()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles 1 to 5: whole, of markup, of emoji, turned around, and one that changed."""
    path = tmp_path_factory.mktemp("hostile") / "news.db"
    bad = "javascript:alert(1)"
    writer = open_writer(path, PagePolicy())
    with writer:
        first = full_story(1)
        visit = met(first)
        visit.pages = [RawPage(first.url, "2026-07-04T05:00:00+00:00", PAGE, "text/html")]
        writer.store(visit)
        writer.store(
            met(
                story(
                    2,
                    headline=SCRIPT,
                    deck=SCRIPT,
                    body=f"{SCRIPT}\n\n{SCRIPT} kedua",
                    authors=[SCRIPT],
                    section=SCRIPT,
                    language='"><script>',
                    tags=[SCRIPT],
                    dateline=Dateline(SCRIPT, SCRIPT),
                    related=[Link(SCRIPT, bad), Link("data", "data:text/html,x")],
                    boilerplate=[Boilerplate("related", SCRIPT, [Link(SCRIPT, bad)])],
                    images=[Image(bad, SCRIPT)],
                    evidence={"headline": SCRIPT},
                    warnings=[SCRIPT],
                    published_raw=SCRIPT,
                )
            )
        )
        writer.store(met(story(3, headline=EMOJI, body=f"{EMOJI}\n\nGaram emoji.")))
        writer.store(met(story(4, headline=OVERRIDE, authors=[OVERRIDE], body=f"{OVERRIDE} garam terbalik")))
        writer.store(met(story(5, headline="Gudang Baru", body="Gudang dibuka Senin. Petani senang.")))
        writer.store(
            met(
                story(5, headline="Gudang Baru", body="Gudang dibuka Selasa. Petani senang."),
                at="2026-07-05T05:00:00+00:00",
            )
        )
    writer.db.close()
    # What our writer would not let through, an older or another one might.
    with sqlite3.connect(path) as db:
        db.execute("UPDATE articles SET url = ? WHERE id = 2", (bad,))
    return path


@pytest.fixture(scope="module")
def look(hostile: Path) -> Iterator[Visit]:
    """Gets a page of a room over them."""
    opened = open_room(hostile)
    yield visitor(opened)
    opened.reading_room.close()


def test_an_article_shows_its_record(look: Visit) -> None:
    html = look("/article/1?lang=en").text
    for shown in (
        "Panen Garam Lebih Awal 1</h1>",
        "Kemarau datang lebih cepat",
        "Sari Danu",
        "Edited by <bdi>Togar Wibawa</bdi>",
        "TELUK LAMAU, Lamau.example -",
        "4 July 2026, 09:30 WIB",
        "Petani garam di Teluk Lamau",
        "Tulis komentar",
        "Harga Garam Naik",
        "two dates differ",
        "Sabtu, 4 Juli 2026 | 09:30 WIB",
        "75 of 100",
        "The story is not whole",
    ):
        assert shown in html


def test_the_original_is_linked_where_it_is_on_the_web(look: Visit) -> None:
    assert 'href="https://www.lamau.example/berita/1/panen-garam"' in look("/article/1").text
    html = look("/article/2").text
    assert not re.search(r"""href=["']?\s*(javascript|data):""", html, re.IGNORECASE)
    assert "javascript:alert(1)" in html


@pytest.mark.parametrize(
    "page", ["/article/2", "/article/2/versions", "/article/2/page", "/", "/search.atom"]
)
def test_markup_in_a_record_is_text(look: Visit, page: str) -> None:
    html = look(page).text
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_megabyte_of_emoji_is_cut(look: Visit) -> None:
    answer = look("/")
    assert answer.status_code == 200
    assert len(answer.content) < 100_000
    article = look("/article/3").text
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", article, re.DOTALL)
    assert heading
    assert len(heading[1]) <= 1_001


@pytest.mark.parametrize("page", ["/", "/?q=terbalik", "/article/4", "/search.atom"])
def test_nothing_turns_the_direction_of_a_page(look: Visit, page: str) -> None:
    assert "\u202e" not in look(page).text


def test_a_change_is_shown_word_by_word(look: Visit) -> None:
    html = look("/article/5/versions?lang=en").text
    assert re.search(r"<del>.*?Senin\..*?</del>", html)
    assert re.search(r"<ins>.*?Selasa\..*?</ins>", html)
    assert "Petani senang." in re.sub(r"<(del|ins)>.*?</\1>", "", html)


def test_copies_are_told_with_who_was_first(visit: Visit) -> None:
    rows = visit("/news/clusters.json?_shape=array").json()
    assert rows
    copy = next(
        row
        for row in visit("/news/cluster_members.json?_shape=array").json()
        if row["cluster_id"] == rows[0]["id"] and row["article_id"] != rows[0]["original_id"]
    )
    html = visit(f"/article/{copy['article_id']}?lang=en").text
    assert "This is a copy." in html
    assert f'<a href="/article/{rows[0]["original_id"]}"' in html
    assert "the original" in html


def test_a_kept_page_is_rebuilt_from_its_blocks(look: Visit) -> None:
    answer = look("/article/1/page?lang=en")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src 'none'" in answer.headers["content-security-policy"]
    assert '<li class="block role-headline">' in answer.text
    assert '<li class="block role-story">' in answer.text
    assert "Baca juga" in answer.text
    assert not re.search(r"onerror|onload|<img|javascript:", answer.text)


def test_where_no_page_is_kept_it_is_said(look: Visit) -> None:
    answer = look("/article/2/page?lang=en")
    assert answer.status_code == 200
    assert "No page of this article is kept in news-pages.db" in answer.text


@pytest.mark.parametrize(
    "page", ["/article/0", "/article/99999", "/article/9223372036854775808", "/article/1/page?part=2"]
)
def test_what_is_not_there_is_told(look: Visit, page: str) -> None:
    assert look(page).status_code == 404


@pytest.mark.parametrize(
    "page", ["/article/1/page?part=x", "/article/1/page?part=0", "/article/1/page?part=-1"]
)
def test_a_part_that_is_no_number_is_told(look: Visit, page: str) -> None:
    assert look(page).status_code == 400


def test_no_request_writes_to_the_file(hostile: Path, look: Visit) -> None:
    def digest() -> dict[str, str]:
        return {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest()
            for file in hostile.parent.iterdir()
            if file.suffix == ".db"
        }

    before = digest()
    for path in (
        *("/", "/?q=garam", "/?q=%22", "/article/1", "/article/5/versions", "/article/1/page"),
        *("/search.csv", "/search.jsonl", "/search.atom", "/news", "/news/articles", "/news/articles/1"),
        *("/news.json?sql=delete+from+articles", "/news/articles.json?_search=garam"),
    ):
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
            look(path, method)
    assert digest() == before

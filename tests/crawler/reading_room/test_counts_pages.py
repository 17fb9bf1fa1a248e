"""The pages that count: outlets, runs, stories on their way, places, authors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import html
from reading import Visit, open_room, visitor
from wire import (
    HOSTILE_AUTHOR,
    HOSTILE_OUTLET,
    HOSTILE_PLACE,
    TRAVEL,
    fill,
    outlet_that_lost_its_authors,
    outlet_whose_stories_lost_their_authors,
)

from pipelines.database import open_database

PAGES = (
    "/outlets",
    "/outlets?days=365",
    "/outlets/lamau",
    f"/outlets/{quote(HOSTILE_OUTLET, safe='')}",
    "/runs",
    "/runs/1",
    "/stories",
    "/stories?by=articles",
    "/stories/1",
    "/places",
    "/places?q=lamau",
    "/places/1",
    "/authors",
    "/authors?q=sari",
    "/authors/1",
    "/authors/2",
)


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("wire") / "news.db")


@pytest.fixture(scope="module")
def visit(wire: Path) -> Iterator[Visit]:
    room = open_room(wire)
    yield visitor(room)
    room.reading_room.close()


def page(visit: Visit, path: str, status: int = 200) -> html.HtmlElement:
    answer = visit(path, headers={"accept-language": "en"})
    assert answer.status_code == status, answer.text
    return html.document_fromstring(answer.text)


def rows(table: html.HtmlElement) -> list[list[str]]:
    """The cells of a table's body, each as its text."""
    return [
        [" ".join(" ".join(cell.itertext()).split()) for cell in row.xpath("./th | ./td")]
        for row in table.xpath("./tbody/tr")
    ]


def plotted(shown: html.HtmlElement, kind: str) -> list[list[str]]:
    figures = shown.xpath(f"//figure[@data-plot='{kind}']")
    return rows(figures[0].xpath(".//table")[0])


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_in_both_languages(visit: Visit, path: str, language: str) -> None:
    answer = visit(f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_names_from_pages_are_text_and_no_markup(visit: Visit, path: str) -> None:
    text = visit(path).text
    for hostile in (HOSTILE_OUTLET, HOSTILE_AUTHOR, "<i>Lamau</i>"):
        assert hostile not in text
    for hostile in (HOSTILE_AUTHOR, HOSTILE_PLACE):
        for found in re.finditer(re.escape(escape(hostile, quote=False)), text):
            assert text[: found.start()].endswith(("<bdi>", "<title>", 'lang="en"><bdi>'))
    assert "49" not in [
        cell for table in page(visit, path).xpath("//table") for row in rows(table) for cell in row
    ]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_keeps_to_the_content_policy(visit: Visit, path: str) -> None:
    shown = page(visit, path)
    assert "script-src 'self'" in visit(path).headers["content-security-policy"]
    assert shown.xpath("//@style | //style | //script[not(@src)] | //@*[starts-with(name(), 'on')]") == []
    sources = shown.xpath("//script/@src | //link/@href | //img/@src")
    assert [source for source in sources if not source.startswith("/-/room/")] == []
    assert {visit(source).status_code for source in sources} == {200}


@pytest.mark.parametrize("path", PAGES)
def test_every_plot_has_a_title_and_its_table_open_for_those_without_scripts(visit: Visit, path: str) -> None:
    for figure in page(visit, path).xpath("//figure[contains(@class, 'plot')]"):
        assert figure.xpath("string(./figcaption)").strip()
        (details,) = figure.xpath("./details")
        assert "open" in details.attrib
        (table,) = details.xpath(".//table")
        assert table.xpath("./thead//th[@scope='col']")
        assert rows(table)


def test_outlets_stand_with_their_articles_of_each_day(visit: Visit) -> None:
    shown = page(visit, "/outlets?days=7")
    listed = rows(shown.xpath("//table[@data-sparks]")[0])
    assert [row[:2] for row in listed[:3]] == [
        ["tirta tirta.example", "6"],
        [f"{HOSTILE_OUTLET} lain.example", "1"],
        ["lamau lamau.example", "1"],
    ]
    by_day = dict(plotted(shown, "time"))
    assert (by_day["4 July 2026"], by_day["5 July 2026"]) == ("6", "1")
    steps = {row[0]: row[1:] for row in rows(shown.xpath("//table[@id='by-step']")[0])}
    assert steps["tirta"] == ["0", "1", "1", "1", "1", "1", "1"]


def test_one_outlet_shows_which_fields_its_records_have(visit: Visit) -> None:
    shown = page(visit, "/outlets/tirta")
    shares = {row[0]: row[1] for row in plotted(shown, "bars")}
    assert (shares["date"], shares["author"], shares["section"], shares["deck"]) == (
        "100 %",
        "100 %",
        "67 %",
        "0 %",
    )


def test_an_outlet_that_the_file_has_not_is_not_there(visit: Visit) -> None:
    page(visit, "/outlets/nobody", status=404)


def test_an_outlet_shows_what_its_month_tells(visit: Visit, wire: Path) -> None:
    assert "Nothing changed against its own last month" in page(visit, "/outlets/lamau").text_content()


def test_what_was_told_of_an_outlet_stands_beside_it(tmp_path: Path) -> None:
    path = fill(tmp_path / "news.db")
    db = open_database(path)
    with db.conn:
        db.conn.execute(
            "INSERT INTO alerts VALUES ('tirta', 'authors', '2026-07-03T00:00:00Z', '2026-07-04T00:00:00Z')"
        )
    db.close()
    room = open_room(path)
    shown = page(visitor(room), "/outlets")
    room.reading_room.close()
    assert rows(shown.xpath("//table[@data-sparks]")[0])[0][-1] == "Authors, since 3 July 2026"


def test_a_run_tells_what_it_brought_and_why_it_refused(visit: Visit) -> None:
    shown = page(visit, "/runs/1")
    stored = {row[0]: row[1] for row in plotted(shown, "bars")}
    assert stored["tirta"] == "6"
    assert ["Refused", "robots.txt", "3"] in [row for table in shown.xpath("//table") for row in rows(table)]
    page(visit, "/runs/77", status=404)


def test_stories_are_ranked_by_how_many_outlets_tell_them(visit: Visit) -> None:
    ((story, outlets, articles, _, lasted),) = rows(page(visit, "/stories").xpath("//main//table")[0])
    assert story == "Kapal <i>Lamau</i> Berlayar Lagi sagara"
    assert (outlets, articles, lasted) == ("5", "5", "19 hours")


def test_a_story_shows_when_each_outlet_had_how_much_of_it(visit: Visit) -> None:
    shown = page(visit, "/stories/1")
    stops = plotted(shown, "travel")
    assert [stop[1] for stop in stops] == [outlet for outlet, *_ in TRAVEL]
    assert [stop[0] for stop in stops] == ["0 seconds", "60 minutes", "3 hours", "8 hours", "19 hours"]
    assert [stop[2] for stop in stops[:2]] == ["original", "same words"]
    assert stops[1][3] == "100 %"
    page(visit, "/stories/2", status=404)


def test_spellings_of_a_place_share_a_page_that_says_who_writes_from_there(visit: Visit) -> None:
    (address,) = page(visit, "/places?q=lamau").xpath("//section//a/@href")
    shown = page(visit, address)
    assert "LAMAU" in shown.xpath("string(//main//p[2])")
    assert ["tirta", "6"] in plotted(shown, "bars")


def test_an_author_has_outlets_and_places(visit: Visit) -> None:
    outlets, places = page(visit, "/authors/2").xpath("//figure[@data-plot='bars']//table")
    assert rows(outlets) == [[HOSTILE_OUTLET, "1"]]
    assert rows(places) == [[HOSTILE_PLACE, "1"]]


def test_periods_follow_each_other(visit: Visit) -> None:
    def addresses(path: str) -> list[str]:
        return [str(href) for href in page(visit, path).xpath("//nav[@class='span'][1]/ul[2]//a/@href")]

    (earlier,) = addresses("/outlets?days=7")
    assert earlier == "/outlets?days=7&until=2026-06-30"
    assert addresses(earlier)[1] == "/outlets?days=7"


@pytest.mark.parametrize(
    "path",
    [
        "/outlets?days=3",
        "/outlets?days=x",
        "/places?until=besok",
        "/stories?by=size",
        "/stories?page=0",
        "/runs?before=-1",
    ],
)
def test_what_does_not_hold_in_an_address_is_told(visit: Visit, path: str) -> None:
    assert page(visit, path, status=400).xpath("//p[@role='alert']")


@pytest.mark.parametrize("path", ["/outlets?until=0001-01-01&days=365", "/stories?until=9999-12-31&days=365"])
def test_the_ends_of_the_calendar_have_pages(visit: Visit, path: str) -> None:
    page(visit, path)


@pytest.mark.parametrize("path", ["/outlets", "/runs", "/stories", "/places", "/authors"])
def test_an_empty_file_is_told_as_such(tmp_path: Path, path: str) -> None:
    open_database(tmp_path / "empty.db", create=True).close()
    room = open_room(tmp_path / "empty.db")
    assert page(visitor(room), path).xpath("//p[@class='notice']")
    room.reading_room.close()


def test_the_notices_name_each_library_that_is_shipped() -> None:
    vendor = Path(__file__).parents[3] / "crawler/reading_room/static/vendor"
    notices = (vendor / "NOTICES.txt").read_text("utf-8")
    for script in vendor.glob("*.js"):
        said = re.search(r"v(\d+\.\d+\.\d+)", script.read_text("utf-8")[:200])
        assert said
        assert re.search(rf"^{script.name}\s.*\s{said[1]}\s", notices, re.MULTILINE)


def told_of_lamau(path: Path) -> dict[str, str]:
    room = open_room(path)
    try:
        visit = visitor(room)
        return {language: visit(f"/outlets/lamau?lang={language}").text for language in ("en", "id")}
    finally:
        room.reading_room.close()


def test_what_changed_at_an_outlet_is_said_in_the_readers_language(tmp_path: Path) -> None:
    told = told_of_lamau(outlet_that_lost_its_authors(tmp_path / "news.db", datetime.now(UTC)))
    assert "stories with an author: 100 % before, 0 % since" in told["en"]
    assert "berita dengan penulis: 100 % sebelumnya, 0 % sejak itu" in told["id"]
    assert "https://www.lamau.example/berita/72" in told["id"]


def test_what_stories_lost_themselves_is_said_as_a_loss(tmp_path: Path) -> None:
    told = told_of_lamau(outlet_whose_stories_lost_their_authors(tmp_path / "news.db", datetime.now(UTC)))
    assert "have none when asked for again: 0 % before, 100 % since" in told["en"]
    assert "hilang saat diminta lagi: 0 % sebelumnya, 100 % sejak itu" in told["id"]
    assert "stories with an author" not in told["en"]

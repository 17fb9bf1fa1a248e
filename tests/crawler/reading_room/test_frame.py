"""What every page has: its languages, its headers, and what is said where there is no page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from reading import Visit, open_room, visitor

from crawler.reading_room.languages import catalogues, choose
from crawler.reading_room.routes import ROUTES

PACKAGE = Path(__file__).parents[3] / "crawler" / "reading_room"


def test_all_languages_say_the_same() -> None:
    english, indonesian = catalogues()["en"].messages, catalogues()["id"].messages
    assert list(english) == list(indonesian)


def test_the_same_values_stand_in_the_words_of_all_languages() -> None:
    english, indonesian = catalogues()["en"].messages, catalogues()["id"].messages
    names = re.compile(r"\{(\w+)\}")
    assert {k: sorted(names.findall(str(v))) for k, v in english.items()} == {
        k: sorted(names.findall(str(v))) for k, v in indonesian.items()
    }


def test_every_key_that_a_template_names_is_in_the_catalogues() -> None:
    known = catalogues()["en"].messages
    templates = [path.read_text("utf-8") for path in (PACKAGE / "templates").rglob("*.html")]
    named = set(re.findall(r"""\bt\("([\w.]+)\"[,)]""", "".join(templates)))
    assert named - set(known) == set()


@pytest.mark.parametrize(
    ("asked", "kept", "accepted", "chosen"),
    [
        ("id", "en", "en", "id"),
        (None, "id", "en", "id"),
        (None, None, "fr-FR, id-ID;q=0.8, en;q=0.5", "id"),
        ("xx", "../id", "*", "en"),
    ],
)
def test_the_address_names_the_language_then_the_cookie_then_the_browser(
    asked: str | None, kept: str | None, accepted: str, chosen: str
) -> None:
    assert choose(asked, kept, accepted).code == chosen


def test_a_page_is_in_the_language_it_names(visit: Visit) -> None:
    assert '<html lang="id">' in visit("/?lang=id").text
    assert '<html lang="en">' in visit("/", headers={"accept-language": "en"}).text


def test_the_language_that_was_asked_for_is_kept(visit: Visit) -> None:
    kept = visit("/?lang=id").headers["set-cookie"]
    assert '<html lang="id">' in visit("/", headers={"cookie": kept.partition(";")[0]}).text


def test_a_time_is_told_in_its_own_zone() -> None:
    english, indonesian = catalogues()["en"], catalogues()["id"]
    assert english.moment("2026-07-04T09:30:00+07:00") == "4 July 2026, 09:30 UTC+07:00"
    assert indonesian.moment("2026-07-04T09:30:00+07:00", "id") == "4 Juli 2026, 09.30 WIB"
    assert english.moment("2026-07-04T05:00:00Z") == "4 July 2026, 05:00 UTC"
    assert english.moment("2026-07-04") == "4 July 2026"
    assert english.moment("kemarin") == "kemarin"


def test_every_answer_forbids_what_is_not_ours(visit: Visit) -> None:
    for path in ("/", "/?q=%22", "/none", "/news/articles", "/news.json", "/-/room/room.css", "/-/databases"):
        headers = visit(path).headers
        assert "default-src 'none'; script-src 'self';" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer", path


def test_pages_name_nothing_elsewhere_and_hold_no_script(visit: Visit) -> None:
    for path in ("/", "/none"):
        html = visit(path).text
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", html)
        assert not re.search(r"<script|<style|\son\w+=|\sstyle=", html)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_only_reading_is_answered(visit: Visit, method: str) -> None:
    answer = visit("/", method)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_a_page_elsewhere_cannot_come_in_under_a_name_of_its_own(visit: Visit, stand: Path) -> None:
    assert visit("/", headers={"host": "evil.example"}).status_code == 421
    for host in ("localhost:8765", "127.0.0.1:1", "[::1]:8765"):
        assert visit("/", headers={"host": host}).status_code == 200
    opened = open_room(stand, loopback=False)
    assert visitor(opened)("/", headers={"host": "news.example"}).status_code == 200
    opened.reading_room.close()


def test_a_page_that_is_not_there_says_so(visit: Visit) -> None:
    answer = visit("/<script>?lang=en", follow_redirects=True)
    assert answer.status_code == 404
    assert "There is no page" in answer.text
    assert "<script>" not in answer.text


def test_sql_of_visitors_is_answered_only_where_the_room_was_opened_for_it(visit: Visit, stand: Path) -> None:
    assert visit("/news.json?sql=select+1").status_code == 403
    opened = open_room(stand, sql=True)
    ask = visitor(opened)
    assert ask("/news.json?sql=select+count(*)+as+n+from+runs").json()["rows"] == [[0]]
    assert ask("/news.json?sql=select+randomblob(1000000000)").status_code == 400
    assert ask("/news.json?sql=delete+from+articles").status_code == 400
    opened.reading_room.close()


def test_a_file_with_a_page_s_name_goes_by_another(tmp_path: Path, stand: Path) -> None:
    for route in ROUTES:
        name = (route.nav or "").strip("/")
        if not name:
            continue
        copy = tmp_path / f"{name}.db"
        copy.write_bytes(stand.read_bytes())
        opened = open_room(copy)
        assert visitor(opened)(f"/{name}-file/articles").status_code == 200
        opened.reading_room.close()

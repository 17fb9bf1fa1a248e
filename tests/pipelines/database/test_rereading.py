"""Which kept pages are read again, and what writing them leaves alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from newsroom import full_story, story, visit
from pressroom import raw

from crawler.items import Article, Visit
from pipelines.database import Writer, open_writer
from pipelines.database.asking.queries import get_article, search, versions
from pipelines.database.pages import PagePolicy
from pipelines.database.rereading import kept_fetches, kept_visit


@pytest.fixture
def keeping(path: Path) -> Iterator[Writer]:
    writer = open_writer(path, PagePolicy())
    yield writer
    writer.close()


def shown(article: Article, day: int = 4, *, kept: bool = True) -> Visit:
    one = visit(article, at=f"2026-07-{day:02}T05:00:00+00:00")
    one.pages = [raw(url=article.url, body=f"{article.headline} {article.body}".encode())] if kept else []
    return one


def fetches(writer: Writer, since: str | None = None, until: str | None = None) -> list[int]:
    return list(kept_fetches(writer.db, since, until, None))


def test_an_article_is_read_again_from_its_last_page(keeping: Writer) -> None:
    keeping.store(shown(story()))
    keeping.store(shown(story(body="Isi yang lain sama sekali."), 5))
    keeping.store(shown(story(2)))
    assert fetches(keeping) == [2, 3]
    kept = kept_visit(keeping.db, 2)
    assert kept is not None
    assert (kept.article_id, kept.source, kept.fetch.fetched_at) == (1, "lamau", "2026-07-05T05:00:00Z")


def test_an_article_is_passed_over_where_its_last_page_is_not_kept(keeping: Writer) -> None:
    keeping.store(shown(story()))
    keeping.store(shown(story(body="Isi yang lain sama sekali."), 5, kept=False))
    assert fetches(keeping) == []


def test_the_period_bounds_the_time_of_the_last_page(keeping: Writer) -> None:
    for day in (4, 5, 6):
        keeping.store(shown(story(day), day))
    assert fetches(keeping, "2026-07-05T05:00:00Z", "2026-07-05T05:00:00Z") == [2]
    assert fetches(keeping, since="2026-07-05") == [2, 3]


def test_a_refused_page_is_read_again_until_its_url_gives_an_article(keeping: Writer) -> None:
    run = keeping.start_run("crawl", [])
    keeping.refuse(shown(story()), run, reason="no story")
    assert fetches(keeping) == [1]
    keeping.store(shown(story(), 5))
    assert fetches(keeping) == [2]


def test_a_rewritten_article_says_what_its_page_says_now_and_has_no_version_of_it(keeping: Writer) -> None:
    run = keeping.start_run("reextract", [])
    keeping.store(shown(story(authors=["Admin"])))
    before = get_article(keeping.db, 1)
    assert before is not None
    assert keeping.rewrite(1, shown(full_story()), run) is True
    assert keeping.rewrite(1, shown(full_story()), run) is False
    after = get_article(keeping.db, 1)
    assert after is not None
    assert after["authors"] == ["Sari Danu", "Made Puspa"]
    assert after["deck"] == "Kemarau datang lebih cepat"
    assert [after[name] for name in ("first_seen", "last_seen", "versions")] == [
        before[name] for name in ("first_seen", "last_seen", "versions")
    ]
    assert versions(keeping.db, 1) == []
    keeping.flush()
    assert [hit.id for hit in search(keeping.db, "kemarau datang")] == [1]


def test_copies_follow_a_rewritten_text(keeping: Writer) -> None:
    run = keeping.start_run("reextract", [])
    late = {"published": "2026-07-05T09:30:00+07:00"}
    keeping.store(shown(story()))
    keeping.store(shown(story(outlet="sagara", body=f"{story().body}\n\nIklan.", **late)))
    assert keeping.rewrite(2, shown(story(outlet="sagara", **late)), run)
    copy = get_article(keeping.db, 2)
    assert copy is not None
    assert copy["copy_of"] == 1


def test_an_article_that_was_visited_meanwhile_is_left_alone(keeping: Writer) -> None:
    run = keeping.start_run("reextract", [])
    keeping.store(shown(story()))
    keeping.store(shown(story(body="Isi yang lain sama sekali."), 5))
    assert keeping.rewrite(1, shown(story(body="Isi dari halaman lama.")), run) is None
    record = get_article(keeping.db, 1)
    assert record is not None
    assert record["body"] == "Isi yang lain sama sekali."


def test_a_refused_page_that_was_stored_meanwhile_is_not_stored_again(keeping: Writer) -> None:
    run = keeping.start_run("reextract", [])
    keeping.refuse(shown(story()), run, reason="no story")
    keeping.store(shown(story(), 5))
    assert keeping.admit(1, shown(story()), run) is None
    assert keeping.db["articles"].count == 1


def test_a_refused_page_that_is_an_article_takes_its_fetch_along(keeping: Writer) -> None:
    run = keeping.start_run("crawl", [])
    one = shown(story())
    keeping.found([one.candidate], run)
    keeping.refuse(one, run, reason="no story")
    outcome = keeping.admit(1, one, run)
    assert outcome is not None
    assert outcome.what == "new"
    assert keeping.db.execute("SELECT article_id, outcome, reason FROM fetches").fetchall() == [
        (1, "new", None)
    ]
    assert keeping.db.execute("SELECT state, reason FROM frontier").fetchall() == [("done", None)]
    assert fetches(keeping) == [1]

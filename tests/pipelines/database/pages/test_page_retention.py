"""Pages go when there are too many or they are too old, and nothing refers to one that went."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from newsroom import story, visit
from pressroom import raw

from crawler.errors import PageError, SettingError
from crawler.items import Policy, RawPage, Visit
from pipelines.database import Writer, open_writer
from pipelines.database.pages import PagePolicy, pages_path, read_policy
from pipelines.database.pages.retention import used_bytes

Open = Callable[[PagePolicy | None], Writer]


@pytest.fixture
def opened(path: Path) -> Iterator[Open]:
    """Opens writers that the test need not close."""
    writers: list[Writer] = []

    def open_one(policy: PagePolicy | None) -> Writer:
        writers.append(open_writer(path, policy))
        return writers[-1]

    yield open_one
    for writer in writers:
        writer.close()


def shown(number: int, page: RawPage | None = None, *parts: RawPage) -> Visit:
    page = page or raw(number)
    one = visit(story(number, url=page.url, canonical_url=page.url))
    one.pages = [page, *parts]
    return one


def age(writer: Writer, days: int, *page_ids: int) -> None:
    """Let pages have been met so many days ago."""
    for page_id in page_ids:
        writer.pages.db.execute(
            "UPDATE pages SET kept_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', ?) WHERE id = ?",
            (f"-{days} days", page_id),
        )
    writer.pages.commit()


def referred(writer: Writer) -> set[int]:
    rows = writer.db.execute(
        "SELECT page_id FROM fetches WHERE page_id IS NOT NULL UNION SELECT page_id FROM fetch_parts"
    )
    return {row[0] for row in rows}


def found(writer: Writer, *numbers: int) -> list[int]:
    """Those of the numbers whose page is found by its URL."""
    return [number for number in numbers if writer.pages.under(raw(number).url)]


def test_a_fetch_refers_to_its_page(opened: Open) -> None:
    writer = opened(PagePolicy())
    writer.store(shown(1))
    writer.flush()
    (page_id,) = referred(writer)
    assert writer.pages.read(page_id).body == raw(1).body


def test_the_page_of_a_refused_visit_is_kept_too(opened: Open) -> None:
    writer = opened(PagePolicy())
    run = writer.start_run("crawl", [])
    writer.refuse(shown(1), run, reason="no story")
    writer.flush()
    assert len(referred(writer)) == 1


def test_the_parts_of_a_story_are_kept_in_order(opened: Open) -> None:
    writer = opened(PagePolicy())
    parts = [
        raw(1, url=f"https://www.lamau.example/berita/1?page={n}", body=b"bagian %d" % n) for n in (2, 3)
    ]
    writer.store(shown(1, raw(1), *parts))
    writer.flush()
    rows = writer.db.execute("SELECT number, page_id FROM fetch_parts ORDER BY number").fetchall()
    assert [(number, writer.pages.read(page_id).body) for number, page_id in rows] == [
        (2, b"bagian 2"),
        (3, b"bagian 3"),
    ]


@pytest.mark.parametrize(("keeps", "kept"), [(False, 0), (True, 1)])
def test_a_page_that_asks_for_no_copy_is_kept_only_where_that_is_set(
    opened: Open, *, keeps: bool, kept: int
) -> None:
    writer = opened(PagePolicy(noarchive=keeps))
    one = shown(1)
    one.article.policy = Policy(robots="noarchive", noarchive=True)
    writer.store(one)
    writer.flush()
    assert len(referred(writer)) == kept


def test_without_a_policy_nothing_is_kept(opened: Open, path: Path) -> None:
    writer = opened(None)
    writer.store(shown(1))
    writer.flush()
    assert referred(writer) == set()
    assert not pages_path(path).exists()


def test_old_pages_go_and_no_fetch_refers_to_them(opened: Open) -> None:
    writer = opened(PagePolicy(days=30))
    for number in (1, 2, 3):
        writer.store(shown(number))
    writer.flush()
    age(writer, 31, 1, 2)
    writer.flush()
    assert found(writer, 1, 2, 3) == [3]
    assert referred(writer) == {3}


def test_a_page_that_is_met_again_is_not_old(opened: Open) -> None:
    writer = opened(PagePolicy(days=30))
    writer.store(shown(1))
    writer.flush()
    age(writer, 29, 1)
    writer.store(shown(1))
    writer.flush()
    age_of_it = writer.pages.read(1).entry.kept_at
    assert age_of_it > "2026-07-05"
    assert found(writer, 1) == [1]


def test_a_dictionary_stays_as_long_as_others_need_it(opened: Open) -> None:
    writer = opened(PagePolicy(days=30))
    for number in (1, 2):
        writer.store(shown(number))
    writer.flush()
    age(writer, 31, 1)
    writer.flush()
    assert found(writer, 1, 2) == [2]
    assert writer.pages.read(2).body == raw(2).body
    age(writer, 31, 2)
    writer.flush()
    assert writer.pages.db["pages"].count == 0
    with pytest.raises(PageError):
        writer.pages.read(1)


def test_a_page_that_comes_again_after_it_went_is_there_again(opened: Open) -> None:
    writer = opened(PagePolicy(days=30))
    for number in (1, 2):
        writer.store(shown(number))
    writer.flush()
    age(writer, 31, 1)
    writer.flush()
    writer.store(shown(1))
    writer.flush()
    assert found(writer, 1, 2) == [1, 2]
    assert referred(writer) == {1, 2}


def test_a_story_that_lost_a_part_has_no_page(opened: Open) -> None:
    writer = opened(PagePolicy(days=30))
    part = raw(1, url="https://www.lamau.example/berita/1?page=2", body=b"bagian dua")
    writer.store(shown(1, raw(1), part))
    writer.store(shown(2))
    writer.flush()
    age(writer, 31, 2)
    writer.flush()
    assert referred(writer) == {3}


def test_the_file_stays_under_its_limit_and_the_newest_pages_stay(opened: Open, path: Path) -> None:
    limit = 400_000
    writer = opened(PagePolicy(limit=limit))
    largest = 0
    for number in range(1, 121):
        writer.store(shown(number, raw(number, body=os.urandom(10_000))))
        writer.flush()
        largest = max(largest, used_bytes(writer.pages.db))
    assert largest <= limit
    kept = found(writer, *range(1, 121))
    assert kept == list(range(min(kept), 121))
    assert len(kept) > 20
    assert referred(writer) == set(kept)
    writer.close()
    assert pages_path(path).stat().st_size <= 1.1 * limit


def test_a_limit_that_is_lowered_is_reached_step_by_step(opened: Open, path: Path) -> None:
    writer = opened(PagePolicy())
    for number in range(1, 101):
        writer.store(shown(number, raw(number, body=os.urandom(10_000))))
    writer.flush()
    writer.close()
    writer = opened(PagePolicy(limit=300_000))
    for _ in range(10):
        writer.flush()
    assert 200_000 < used_bytes(writer.pages.db) <= 300_000
    kept = found(writer, *range(1, 101))
    assert kept == list(range(kept[0], 101))
    writer.close()
    assert pages_path(path).stat().st_size <= 300_000


@pytest.mark.parametrize(
    ("settings", "policy"),
    [
        ({}, None),
        ({"WARTA_PAGES": "off", "WARTA_PAGES_LIMIT": "20"}, None),
        ({"WARTA_PAGES": "on"}, PagePolicy()),
        ({"WARTA_PAGES": True, "WARTA_PAGES_LIMIT": "0.5"}, PagePolicy(limit=500_000_000)),
        ({"WARTA_PAGES": "on", "WARTA_PAGES_DAYS": 90}, PagePolicy(days=90)),
        ({"WARTA_PAGES": "on", "WARTA_PAGES_NOARCHIVE": "on"}, PagePolicy(noarchive=True)),
    ],
)
def test_settings_make_a_policy(settings: dict[str, object], policy: PagePolicy | None) -> None:
    assert read_policy(settings.get) == policy


@pytest.mark.parametrize(
    ("name", "value"),
    [("WARTA_PAGES", "perhaps"), ("WARTA_PAGES_LIMIT", "20 GB"), ("WARTA_PAGES_DAYS", "-1")],
)
def test_a_setting_that_does_not_hold_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        read_policy(({"WARTA_PAGES": "on"} | {name: value}).get)

"""Pages go into the store and come back as they were."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pressroom import html, markup, raw

from crawler.errors import DatabaseError, PageError
from pipelines.database import open_database
from pipelines.database.pages import PagePolicy, PageStore, open_pages, pages_path
from pipelines.database.pages.dictionaries import PAGES_A_DICTIONARY


@pytest.fixture
def store(path: Path) -> Iterator[PageStore]:
    store = open_pages(path, PagePolicy())
    yield store
    store.close()


def depths(store: PageStore) -> list[int]:
    return [row[0] for row in store.db.execute("SELECT depth FROM pages ORDER BY id")]


def test_a_page_comes_back_as_it_was(store: PageStore) -> None:
    page = raw()
    kept = store.read(store.keep(page))
    assert kept.body == page.body
    entry = kept.entry
    assert (entry.url, entry.content_type, entry.headers) == (page.url, page.content_type, page.headers)
    assert entry.fetched_at == "2026-07-04T05:00:00Z"
    assert (entry.size, entry.sha256) == (len(page.body), hashlib.sha256(page.body).hexdigest())


@pytest.mark.parametrize("body", [b"", b"x", b"<html>\x00\xff" * 100, bytes(3_000_000)])
def test_any_bytes_are_kept(store: PageStore, body: bytes) -> None:
    first, other = raw(1, body=body), raw(2, body=body)
    assert [store.read(store.keep(page)).body for page in (first, other)] == [body, body]


def test_the_same_bytes_at_the_same_url_are_one_page(store: PageStore) -> None:
    first = store.keep(raw())
    assert store.keep(raw(fetched_at="2026-07-05T05:00:00+00:00")) == first
    assert store.keep(raw(2, body=raw().body)) != first
    assert store.read(first).entry.fetched_at == "2026-07-04T05:00:00Z"


def test_pages_are_found_by_url_newest_first_whatever_its_spelling(store: PageStore) -> None:
    old = store.keep(raw(body=b"lama"))
    new = store.keep(raw(body=b"baru", fetched_at="2026-07-05T05:00:00+00:00"))
    store.keep(raw(2))
    found = store.under("http://www.lamau.example/berita/1/?utm_source=feed#isi")
    assert [entry.id for entry in found] == [new, old]


def test_pages_are_found_by_time(store: PageStore) -> None:
    for day in (4, 5, 6):
        store.keep(raw(day, fetched_at=f"2026-07-0{day}T05:00:00+00:00"))
    found = store.between("2026-07-05T00:00:00Z", "2026-07-06T05:00:00Z")
    assert [entry.url[-1] for entry in found] == ["5"]


def test_an_earlier_page_of_the_site_saves_what_both_have(store: PageStore) -> None:
    first, second = (store.read(store.keep(raw(number))).entry for number in (1, 2))
    elsewhere = store.read(store.keep(raw(2, outlet="sagara"))).entry
    assert second.packed < first.packed / 4
    assert elsewhere.packed > first.packed / 2


def test_what_an_url_shows_again_costs_next_to_nothing(store: PageStore) -> None:
    first = raw()
    store.keep(first)
    again = raw(body=first.body.replace(b"</h1>", b" (diperbarui)</h1>"))
    entry = store.read(store.keep(again)).entry
    assert entry.packed < 100
    assert store.read(entry.id).body == again.body


def test_no_page_needs_more_than_two_others(store: PageStore) -> None:
    pages = [raw(number) for number in range(1, 40)]
    pages += [
        raw(number, body=html("lamau", number) + b"<!-- %d -->" % visit)
        for visit in range(5)
        for number in range(1, 40)
    ]
    kept = {store.keep(page): page.body for page in pages}
    assert set(depths(store)) == {0, 1, 2}
    lengths = store.db.execute(
        """
        WITH RECURSIVE chain (id, base_id, length) AS (
            SELECT id, base_id, 0 FROM pages
            UNION ALL SELECT chain.id, p.base_id, length + 1 FROM chain JOIN pages p ON p.id = chain.base_id
        ) SELECT max(length) FROM chain
        """
    ).fetchone()
    assert lengths == (2,)
    store.commit()
    assert all(store.read(page_id).body == body for page_id, body in kept.items())


def test_a_new_template_becomes_a_dictionary_too(store: PageStore) -> None:
    for number in range(1, 5):
        store.keep(raw(number))
    for number in range(5, 9):
        store.keep(raw(number, body=html("desain baru", number)))
    assert depths(store) == [0, 1, 1, 1, 0, 1, 1, 1]


def test_pages_alike_in_nothing_do_not_each_become_one(store: PageStore) -> None:
    amount = 2 * PAGES_A_DICTIONARY
    for number in range(amount):
        store.keep(raw(number, body=(markup(f"lain {number}") + "sama " * 50).encode()))
    assert depths(store).count(0) <= 3 + amount // PAGES_A_DICTIONARY


def test_dictionaries_outlive_the_process(path: Path) -> None:
    for number in (1, 2, 3):
        store = open_pages(path, PagePolicy())
        store.keep(raw(number))
        store.commit()
        store.close()
    reader = open_pages(path)
    assert depths(reader) == [0, 1, 1]
    assert [reader.read(number).body for number in (1, 2, 3)] == [raw(number).body for number in (1, 2, 3)]
    reader.close()


def damage(store: PageStore, page_id: int, sql: str) -> None:
    store.db.execute(f"UPDATE pages SET {sql} WHERE id = ?", (page_id,))
    store.commit()


@pytest.mark.parametrize(
    "sql",
    [
        "data = substr(data, 1, length(data) - 3)",
        "data = zeroblob(40)",
        "data = x''",
        "size = size + 1",
        "sha256 = zeroblob(32)",
    ],
)
def test_a_damaged_page_is_told_by_its_name(path: Path, store: PageStore, sql: str) -> None:
    page_id = store.keep(raw())
    damage(store, page_id, sql)
    with pytest.raises(PageError, match=r"page 1 \(https://www\.lamau\.example/berita/1\) in .* is damaged"):
        store.read(page_id)


def test_a_damaged_dictionary_is_told_by_its_own_name(path: Path, store: PageStore) -> None:
    first, second = store.keep(raw(1)), store.keep(raw(2))
    damage(store, first, "sha256 = zeroblob(32)")
    reader = open_pages(path)
    with pytest.raises(PageError, match=rf"page {first} .* is damaged"):
        reader.read(second)
    reader.close()


def test_pages_are_kept_beside_a_damaged_dictionary(path: Path, store: PageStore) -> None:
    damage(store, store.keep(raw(1)), "data = zeroblob(40)")
    again = open_pages(path, PagePolicy())
    changed = raw(1, body=raw(1).body + b"!")
    assert again.read(again.keep(raw(2))).body == raw(2).body
    assert again.read(again.keep(changed)).body == changed.body
    again.commit()
    again.close()


def test_a_page_that_is_not_there_is_told(store: PageStore) -> None:
    with pytest.raises(PageError, match="has no page 7"):
        store.read(7)


def test_the_file_lies_beside_the_database_and_names_itself(path: Path) -> None:
    assert pages_path(path).name == "news-pages.db"
    with pytest.raises(DatabaseError, match=r"no file .*news-pages\.db"):
        open_pages(path)


def test_another_file_in_its_place_is_left_alone(path: Path) -> None:
    open_database(pages_path(path), create=True).close()
    with pytest.raises(DatabaseError, match="another program"):
        open_pages(path, PagePolicy())


def test_a_file_of_a_newer_version_is_refused(path: Path, store: PageStore) -> None:
    newer = {"migration_set": "warta pages", "name": "0099_moons", "applied_at": "2031"}
    store.db["_sqlite_migrations"].insert(newer)
    with pytest.raises(DatabaseError, match="newer version"):
        open_pages(path)

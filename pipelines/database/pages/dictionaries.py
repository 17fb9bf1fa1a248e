"""Which earlier page a page is packed with: one of its own URL, one of its site, or none.

Three depths. A page packed alone (0) is a dictionary of its site. Others are packed with one of those (1),
and what its URL showed another time with that page (2). So no page needs more than two others to be read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from crawler.errors import PageError
from pipelines.database.pages.packing import Dictionaries, as_dictionary, pack, pack_alone

MIN_DICTIONARY, MAX_DICTIONARY = 512, 1 << 20
#: Bytes of a page that serves as dictionary: less holds nothing, more is slow to load.

MOST_TRIED = 3
#: Dictionaries of a site that a page is tried with, newest first: a site has a few templates.

HELPS = 0.85
#: A dictionary helps where a page packed with it takes at most this share of what it takes alone.

PAGES_A_DICTIONARY = 50
#: Pages of a site that come between two dictionaries, so that pages alike in nothing do not each become one.

FIRST_DICTIONARIES = 3
#: So many a site may have before that counts.

HARDLY_CHANGED = 0.5
#: What an URL shows again is packed with what it showed before where that takes at most this share of it.

Read = Callable[[int], bytes]


@dataclass(slots=True, frozen=True)
class Packed:
    """A page as it is stored."""

    data: bytes
    base_id: int | None
    #: The page that it is packed with.

    depth: int


def pack_page(db: Database, body: bytes, key: str, site: str, *, loaded: Dictionaries, read: Read) -> Packed:
    """Pack a page of the URL *key* as small as earlier pages allow; *read* unpacks one of those."""
    if len(body) < MIN_DICTIONARY:
        return Packed(pack(body), None, 0)
    before = _with_same_url(db, body, key, read)
    if before is not None:
        return before
    best, alone_share = _with_dictionary(db, body, site, loaded, read)
    if best is not None and len(best.data) <= HELPS * alone_share * len(body):
        return best
    alone = pack(body)
    if best is not None:
        helps = len(best.data) <= HELPS * len(alone)
        if helps or len(body) > MAX_DICTIONARY or not _may_become_dictionary(db, site):
            return best  # at worst a few bytes larger than alone
    return Packed(pack_alone(body) if len(body) <= MAX_DICTIONARY else alone, None, 0)


def _with_same_url(db: Database, body: bytes, key: str, read: Read) -> Packed | None:
    """The page packed with what its URL showed before; null where that was nothing, or very different."""
    before = _same_url(db, key)
    if before is None:
        return None
    page_id, packed_size = before
    try:
        data = pack(body, as_dictionary(read(page_id)))
    except PageError:  # damaged: whoever reads that page is told, this one is packed without it
        return None
    return Packed(data, page_id, 2) if len(data) <= HARDLY_CHANGED * packed_size else None


def _same_url(db: Database, key: str) -> tuple[int, int] | None:
    """The last page of the URL that is not itself packed with another one of the URL, and its packed size."""
    found: tuple[int, int] | None = db.conn.execute(
        """
        SELECT id, length(data) FROM pages
        WHERE url_key = ? AND depth < 2 AND size BETWEEN ? AND ? ORDER BY id DESC LIMIT 1
        """,
        (key, MIN_DICTIONARY, MAX_DICTIONARY),
    ).fetchone()
    return found


def _with_dictionary(
    db: Database, body: bytes, site: str, loaded: Dictionaries, read: Read
) -> tuple[Packed | None, float]:
    """The page packed with the dictionary of its site that serves best, and the share that one takes alone.

    The first that plainly helps is taken: packing with each of them costs as much again. How much that is
    is judged by what the dictionary itself takes alone, which need not be tried.
    """
    best, share = None, 1.0
    for page_id, size, packed_size in db.conn.execute(
        """
        SELECT id, size, length(data) FROM pages
        WHERE site = ? AND depth = 0 AND size BETWEEN ? AND ? ORDER BY id DESC LIMIT ?
        """,
        (site, MIN_DICTIONARY, MAX_DICTIONARY, MOST_TRIED),
    ).fetchall():
        try:
            data = pack(body, loaded.get(page_id, read), often=True)
        except PageError:
            continue
        if best is None or len(data) < len(best.data):
            best, share = Packed(data, page_id, 1), packed_size / size
        if len(data) <= HELPS * packed_size / size * len(body):
            break
    return best, share


def _may_become_dictionary(db: Database, site: str) -> bool:
    """Whether the site had few dictionaries yet, or enough pages since its last one."""
    newest = [
        page_id
        for (page_id,) in db.conn.execute(
            """
            SELECT id FROM pages
            WHERE site = ? AND depth = 0 AND size BETWEEN ? AND ? ORDER BY id DESC LIMIT ?
            """,
            (site, MIN_DICTIONARY, MAX_DICTIONARY, FIRST_DICTIONARIES),
        )
    ]
    if len(newest) < FIRST_DICTIONARIES:
        return True
    (since,) = db.conn.execute(
        "SELECT count(*) FROM (SELECT 1 FROM pages WHERE site = ? AND id > ? LIMIT ?)",
        (site, newest[0], PAGES_A_DICTIONARY),
    ).fetchone()
    return bool(since >= PAGES_A_DICTIONARY)

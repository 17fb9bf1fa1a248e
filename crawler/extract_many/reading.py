"""A share read: its pages as visits, and why the rest of it gave none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from crawler.archives.admission import Admission
from crawler.archives.bundles import read_bundle
from crawler.archives.documents import Document
from crawler.archives.members import next_member
from crawler.archives.opening import open_document, open_input, reaching
from crawler.archives.reading import read_page
from crawler.archives.records import Place, visit_of
from crawler.archives.saved import read_as, stated_url
from crawler.archives.warc import read_warc
from crawler.errors import PageError
from crawler.extract_many.calls import Call
from crawler.extract_many.shares import Share
from crawler.items import Visit
from crawler.readers import Unreadable
from crawler.reextraction import read_kept
from crawler.sources import Catalogue
from pipelines.database import open_database
from pipelines.database.pages import open_pages

Found = Visit | tuple[str, str | None]
#: A visit; or why there is none, and what a person should know of it.


def read_share(share: Share, catalogue: Catalogue, admission: Admission, call: Call) -> Iterator[Found]:
    """What the share holds, in its order. Raises PageError where its file cannot be read."""
    with reaching(share.input):
        match share.kind:
            case "warc":
                yield from _read_warc(share, catalogue, admission, call)
            case "store":
                yield from _read_store(share, catalogue)
            case _:
                yield from _read_documents(share, catalogue, call)


def _read_warc(share: Share, catalogue: Catalogue, admission: Admission, call: Call) -> Iterator[Found]:
    with open_input(share.input) as file:
        start = next_member(file, share.start) if share.start else 0
        if start is None or (share.end is not None and start >= share.end):
            return
        for record in read_warc(file, admission, start=Place(start, 0), end=share.end):
            if record.page is None:
                yield record.reason or "", record.notice
                continue
            try:
                article = call(read_page, record.page, catalogue.match(record.page.url))
            except Unreadable as why:
                yield "could not be read", f"{record.page.url}: could not be read: {why.reason}"
            else:
                yield visit_of(record.page, article)


def _read_documents(share: Share, catalogue: Catalogue, call: Call) -> Iterator[Found]:
    for document in _documents(share):
        if isinstance(document, PageError):
            yield "could not be read", str(document)
            continue
        try:
            url = call(stated_url, document)
            visit: Visit = call(read_as, document, url, catalogue.match(url))
        except Unreadable as why:
            yield "could not be read", f"{document.name}: could not be read: {why.reason}"
        else:
            yield visit


def _documents(share: Share) -> Iterator[Document | PageError]:
    if share.kind == "bundle":
        with open_input(share.input) as file:
            yield from read_bundle(file, share.input)
        return
    for name in map(str, share.items):
        try:
            yield open_document(name)
        except PageError as error:
            yield error


def _read_store(share: Share, catalogue: Catalogue) -> Iterator[Found]:
    with (
        closing(open_database(Path(share.input), readonly=True)) as db,
        closing(open_pages(share.input)) as store,
    ):
        for fetch_id in map(int, share.items):
            try:
                _, visit = read_kept(db, store, catalogue, fetch_id)
            except PageError as error:
                yield "could not be read", str(error)
            except Exception as fault:  # whatever the reader stumbles over
                yield "could not be read", f"fetch {fetch_id}: could not be read: {type(fault).__name__}"
            else:
                yield visit

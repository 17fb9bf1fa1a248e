"""Zip and tar archives of pages: nothing is written to the disk, nothing unpacks without bounds."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping

import pytest
from paper_trail import story

from crawler.archives import bundles, documents
from crawler.archives.bundles import read_bundle
from crawler.archives.documents import Document
from crawler.errors import PageError


def zipped(files: Mapping[str, bytes]) -> tuple[bytes, str]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in files.items():
            bundle.writestr(name, data)
    return out.getvalue(), "pages.zip"


def tarred(files: Mapping[str, bytes]) -> tuple[bytes, str]:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as bundle:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            bundle.addfile(member, io.BytesIO(data))
    return out.getvalue(), "pages.tar.gz"


Pack = Callable[[Mapping[str, bytes]], tuple[bytes, str]]
both = pytest.mark.parametrize("pack", [zipped, tarred])


def names(packed: tuple[bytes, str]) -> tuple[list[str], list[str]]:
    found = list(read_bundle(io.BytesIO(packed[0]), packed[1]))
    read = [document.name for document in found if isinstance(document, Document)]
    return read, [str(error) for error in found if isinstance(error, PageError)]


@both
def test_pages_are_read_and_other_files_passed_over(pack: Pack) -> None:
    packed = pack({"a/1.html": story(1), "a/style.css": b"p {}", "2.HTM": story(2)})
    assert names(packed) == ([f"{packed[1]}/a/1.html", f"{packed[1]}/2.HTM"], [])


@both
@pytest.mark.parametrize("path", ["../../etc/1.html", "/etc/1.html", "a/../../1.html", "..\\1.html"])
def test_a_path_that_leads_out_of_the_archive_is_refused(pack: Pack, path: str) -> None:
    read, errors = names(pack({path: story(1), "2.html": story(2)}))
    assert len(read) == 1
    assert "leads out of the archive" in errors[0]


@both
def test_a_bomb_is_not_unpacked_to_its_end(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "FREE_BYTES", 1_000_000)
    packed = pack({f"{number}.html": story(number) + b" " * 3_000_000 for number in range(20)})
    with pytest.raises(PageError, match="200 times its size"):
        names(packed)


def test_a_page_in_an_archive_that_is_a_bomb_itself_costs_itself_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(documents, "MAX_SIZE", 100_000)
    bomb = gzip.compress(b"<p>" + bytes(20_000_000))
    read, errors = names(zipped({"1.html.gz": bomb, "2.html": story(2)}))
    assert read == ["pages.zip/2.html"]
    assert "1.html.gz: is larger than a page may be" in errors[0]


def lying_zip(size: int) -> tuple[bytes, str]:
    """A zip archive whose directory says another size of its second page."""
    data = bytearray(zipped({f"{number}.html": story(number) for number in range(3)})[0])
    entry = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 1)
    data[entry + 24 : entry + 28] = size.to_bytes(4, "little")
    return bytes(data), "pages.zip"


def lying_tar(size: int) -> tuple[bytes, str]:
    """A tar archive whose second page is said to have another size."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as bundle:
        for number in range(3):
            member = tarfile.TarInfo(f"{number}.html")
            member.size = len(story(number))
            bundle.addfile(member, io.BytesIO(story(number)))
    data = bytearray(out.getvalue())
    head = data.find(b"1.html")
    data[head + 124 : head + 136] = b"%011o\0" % size
    data[head + 148 : head + 156] = b" " * 8
    data[head + 148 : head + 156] = b"%06o\0 " % sum(data[head : head + 512])
    return bytes(data), "pages.tar"


def test_a_page_whose_size_a_zip_archive_lies_about_costs_no_other() -> None:
    read, errors = names(lying_zip(10))
    assert read == ["pages.zip/0.html", "pages.zip/2.html"]
    assert "1.html: cannot be unpacked" in errors[0]


def test_a_size_past_the_end_of_a_tar_archive_is_told_and_what_stands_before_it_is_read() -> None:
    data, name = lying_tar(1_000_000)
    found = read_bundle(io.BytesIO(data), name)
    first = next(found)
    assert isinstance(first, Document)
    assert first.data == story(0)
    with pytest.raises(PageError, match="damaged"):
        list(found)


def test_links_and_devices_are_no_pages() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as bundle:
        link = tarfile.TarInfo("1.html")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        bundle.addfile(link)
    assert names((out.getvalue(), "pages.tar"))[1] == ["pages.tar/1.html: is a link or a device, no page."]


@both
def test_a_damaged_archive_is_told(pack: Pack) -> None:
    data, name = pack({"1.html": story(1), "2.html": story(2)})
    with pytest.raises(PageError, match="damaged"):
        names((data[: len(data) // 2], name))

"""Zip and tar archives of pages: nothing is written to the disk, nothing unpacks without bounds."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping

import pytest
from paper_trail import story

from crawler.archives import bundles
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

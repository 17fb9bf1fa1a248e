"""Saved pages: found, unpacked, told from text, refused where they are no pages."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from types import SimpleNamespace

import pytest

from crawler.archives import documents
from crawler.archives.documents import find_documents, kind_of, read_document
from crawler.errors import PageError

PAGE = b"<!doctype html><html><body><h1>Pasar Wanamarta ramai</h1><p>Pedagang datang.</p></body></html>"


def written(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


@pytest.mark.parametrize("data", [PAGE, gzip.compress(PAGE)], ids=["plain", "packed"])
def test_a_page_is_read_packed_or_not(tmp_path: Path, data: bytes) -> None:
    document = read_document(written(tmp_path / "page.html.gz", data))
    assert document.data == PAGE
    assert document.kind == "html"
    assert document.uri == (tmp_path / "page.html.gz").as_uri()


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(gzip.compress(PAGE))))
    document = read_document("-")
    assert (document.data, document.kind, document.uri) == (PAGE, "html", "file:///dev/stdin")


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("page", PAGE, "html"),
        ("page.txt", PAGE, "html"),
        ("page.txt", b"Kata <p> adalah tanda paragraf.", "text"),
        ("page.html", b"Tanpa tanda apa pun", "html"),
        ("-", b"Pasar ramai\n\nPedagang datang.", "text"),
        ("-", b"<p class=lead>Pasar ramai", "html"),
        ("-", b"5 < 6 dan 7 > 6", "text"),
        ("-", b"\xef\xbb\xbf<html>", "html"),
        ("-", "<!DOCTYPE html><p>Ramai".encode("utf-16"), "html"),
        ("-", b'<?xml version="1.0"?>\n<!-- saved -->\n<html xmlns="x">', "html"),
    ],
)
def test_text_is_told_from_html(name: str, data: bytes, kind: str) -> None:
    assert kind_of(name, data) == kind


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Kafé — ramai".encode(), "Kafé — ramai"),
        ("Kafé — ramai".encode("utf-8-sig"), "Kafé — ramai"),
        ("Kafé — ramai".encode("utf-16"), "Kafé — ramai"),
        ("Kafé — ramai".encode("cp1252"), "Kafé — ramai"),
    ],
)
def test_text_is_decoded_by_mark_or_by_what_fits(tmp_path: Path, data: bytes, text: str) -> None:
    assert read_document(written(tmp_path / "story.txt", data)).text() == text


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (gzip.compress(b""), "is empty"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (gzip.compress(b"%PDF-1.7 ..."), "is a PDF"),
        (b"PK\x03\x04 ...", "is a ZIP archive"),
        (bytes(range(32)) * 40, "is binary data"),
        (gzip.compress(PAGE)[:-12], "is a damaged gzip file"),
        (b"\x1f\x8b nonsense", "is a damaged gzip file"),
    ],
    # Without names the packed ones would be named after their bytes, which hold the time of packing.
    ids=["empty", "blank", "packed empty", "PDF", "packed PDF", "ZIP", "binary", "cut", "nonsense"],
)
def test_what_is_no_page_is_refused_by_name(tmp_path: Path, data: bytes, complaint: str) -> None:
    name = written(tmp_path / "page.html", data)
    with pytest.raises(PageError, match=complaint) as refusal:
        read_document(name)
    assert str(refusal.value).startswith(name)


def test_a_page_with_a_nul_byte_is_still_a_page(tmp_path: Path) -> None:
    assert read_document(written(tmp_path / "page.html", PAGE.replace(b"ramai", b"ra\x00mai"))).kind == "html"


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
def test_what_is_larger_than_a_page_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: type[bytes]
) -> None:
    monkeypatch.setattr(documents, "MAX_SIZE", 1000)
    name = written(tmp_path / "page.html", pack(b"<div>" * 500))
    with pytest.raises(PageError, match="larger than a page may be"):
        read_document(name)


@pytest.mark.parametrize(("name", "complaint"), [("missing.html", "No such file"), (".", "is a directory")])
def test_what_cannot_be_opened_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, complaint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PageError, match=complaint):
        read_document(name)


def test_a_directory_stands_for_the_pages_under_it(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("b.html", "a.HTML.GZ", "deep/c.htm", "style.css", "notes.txt"):
        (tmp_path / name).write_bytes(PAGE)
    found = [str(Path(path).relative_to(tmp_path)) for path in find_documents(str(tmp_path))]
    assert found == ["a.HTML.GZ", "b.html", "deep/c.htm"]


def test_a_pattern_that_no_shell_has_expanded_is_expanded(tmp_path: Path) -> None:
    for name in ("b.html", "a.html"):
        (tmp_path / name).write_bytes(PAGE)
    assert find_documents(str(tmp_path / "*.html")) == [str(tmp_path / "a.html"), str(tmp_path / "b.html")]


@pytest.mark.parametrize("name", ["*.html", "."])
def test_a_name_that_stands_for_no_page_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PageError, match=r"matches no file|holds no saved pages"):
        find_documents(name)

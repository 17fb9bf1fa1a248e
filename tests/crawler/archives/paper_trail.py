"""WARC files made by warcio, so that what reads them is tried against another writer."""

from __future__ import annotations

import gzip
import io
import random
from collections.abc import Iterable
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

DATE = "2026-03-01T02:03:04Z"
WORDS = "pasar sungai jembatan sekolah petani nelayan kota desa pupuk perahu jalan banjir panen kapal".split()


def story(number: int) -> bytes:
    """A page of its own story."""
    words = random.Random(number).choices(WORDS, k=90)
    paragraphs = "".join(
        f"<p>Warga {words[at]} mengatakan bahwa {' '.join(words[at : at + 15])}, kata kepala desa.</p>"
        for at in range(0, 90, 15)
    )
    title = f"Kabar nomor {number} dari {words[0]} dan {words[1]}"
    return f"<!doctype html><html lang=id><body><article><h1>{title}</h1>{paragraphs}</article>".encode()


def address(number: int) -> str:
    return f"https://wanamarta.example/berita/{100_000 + number}-kabar-dari-kampung-nelayan"


class Paper:
    """A WARC file; ``starts`` has where each record begins."""

    def __init__(self, date: str = DATE) -> None:
        self._date = date
        self._out = io.BytesIO()
        self._writer = WARCWriter(self._out, gzip=True)
        self.starts: list[int] = []

    def answer(
        self,
        url: str,
        body: bytes,
        *,
        status: str = "200 OK",
        kind: str = "text/html; charset=utf-8",
        headers: Iterable[tuple[str, str]] = (),
    ) -> None:
        http = StatusAndHeaders(status, [("Content-Type", kind), *headers], protocol="HTTP/1.1")
        self.record(url, "response", payload=io.BytesIO(body), http_headers=http)

    def record(self, url: str, kind: str, **parts: Any) -> None:
        self.starts.append(self._out.tell())
        self._writer.write_record(
            self._writer.create_warc_record(url, kind, warc_headers_dict={"WARC-Date": self._date}, **parts)
        )

    @property
    def data(self) -> bytes:
        return self._out.getvalue()

    @property
    def plain(self) -> bytes:
        return gzip.decompress(self.data)


def stories(amount: int) -> Paper:
    paper = Paper()
    for number in range(amount):
        paper.answer(address(number), story(number))
    return paper

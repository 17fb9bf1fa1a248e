"""WARC files are read as a stream: every record is a page or has a reason, also behind damage."""

from __future__ import annotations

import gzip
import io
import random
import re
import tracemalloc
import zlib
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import brotli
import pytest
from paper_trail import DATE, Paper, address, stories, story
from warcio.statusandheaders import StatusAndHeaders

from crawler.archives import warc
from crawler.archives.admission import Admission
from crawler.archives.members import next_member
from crawler.archives.records import Place, Record
from crawler.archives.warc import read_warc
from crawler.sources import Catalogue, Source
from pipelines.database.pages.packing import zstd

OUTLET = Source("wanamarta", "Harian Wanamarta", ("wanamarta.example",))
ADMISSION = Admission(Catalogue([OUTLET]))


def read(data: bytes, **bounds: Any) -> list[Record]:
    return list(read_warc(io.BytesIO(data), ADMISSION, **bounds))


def urls(records: list[Record]) -> list[str]:
    return [record.page.url for record in records if record.page is not None]


def reasons(records: list[Record]) -> Counter[str]:
    return Counter(record.reason for record in records if record.reason)


def test_a_page_has_its_address_moment_headers_and_decoded_body() -> None:
    paper = Paper()
    coded = [("Content-Encoding", "gzip"), ("ETag", '"7"')]
    paper.answer(address(1), gzip.compress(story(1)), headers=coded)
    (record,) = read(paper.data)
    assert record.page is not None
    assert (record.page.url, record.page.body) == (address(1), story(1))
    assert record.page.fetched_at == DATE.replace("Z", "+00:00")
    assert record.page.headers["etag"] == '"7"'


def test_a_body_kept_decoded_under_the_headers_of_the_coded_one_is_read() -> None:
    paper = Paper()
    paper.answer(address(1), story(1), headers=[("Content-Encoding", "br"), ("Transfer-Encoding", "chunked")])
    (record,) = read(paper.data)
    assert record.page is not None
    assert record.page.body == story(1)


def chunked(body: bytes) -> bytes:
    parts = (body[at : at + 500] for at in range(0, len(body), 500))
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize("cut_up", [bytes, chunked], ids=["whole", "chunked"])
@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("br", brotli.compress),
        ("zstd", zstd.compress),
        ("deflate", zlib.compress),
        ("deflate", bare_deflate),
        ("gzip, gzip", lambda body: gzip.compress(gzip.compress(body))),
    ],
    ids=["gzip", "br", "zstd", "deflate", "bare deflate", "gzip twice"],
)
def test_a_body_is_read_by_whatever_coding_it_came_in(
    coding: str, pack: Callable[[bytes], bytes], cut_up: Callable[[bytes], bytes]
) -> None:
    paper = Paper()
    headers = [("Content-Encoding", coding)]
    headers += [("Transfer-Encoding", "chunked")] if cut_up is chunked else []
    paper.answer(address(1), cut_up(pack(story(1))), headers=headers)
    (record,) = read(paper.data)
    assert record.page is not None
    assert record.page.body == story(1)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_body_that_does_not_decode_is_no_page_though_its_bytes_may_look_like_tags(coding: str) -> None:
    paper = Paper()
    noise = b"<" + random.Random(3).randbytes(2_000)
    paper.answer(address(1), noise, headers=[("Content-Encoding", coding)])
    assert reasons(read(paper.data)) == {"broken HTTP": 1}


def test_what_is_no_news_page_is_left_out_with_a_reason() -> None:
    paper = Paper()
    paper.answer(address(1), b"\xff\xd8\xff", kind="image/jpeg")
    paper.answer(address(2), b"%PDF", kind="application/pdf")
    paper.answer(address(3), b"{}", kind="text/x-made-up")
    paper.answer(address(4), story(4), status="301 Moved")
    paper.answer(address(5), story(5), status="404 Not Found")
    paper.answer("https://wanamarta.example/robots.txt", b"User-agent: *", kind="text/plain")
    paper.answer("https://wanamarta.example/tag/banjir", story(6))
    paper.answer(address(7), b"  ")
    paper.record(address(8), "metadata", payload=io.BytesIO(b"a: b"))
    paper.record("dns:wanamarta.example", "resource", payload=io.BytesIO(b"x"), warc_content_type="text/dns")
    http = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
    paper.record(address(9), "request", http_headers=http)
    assert reasons(read(paper.data)) == {
        "type image": 1,
        "type PDF": 1,
        "type text": 1,
        "redirect": 1,
        "status 404": 1,
        "robots.txt": 1,
        "no article's address": 1,
        "empty": 1,
        "metadata record": 1,
        "no web address": 1,
        "request record": 1,
    }


def test_every_address_may_be_asked_for() -> None:
    paper = Paper()
    paper.answer("https://wanamarta.example/tag/banjir", story(6))
    every = Admission(Catalogue([OUTLET]), every_address=True)
    (record,) = read_warc(io.BytesIO(paper.data), every)
    assert record.page is not None


@pytest.mark.parametrize("form", ["packed", "plain", "packed as a whole"])
def test_reading_goes_on_behind_any_record(form: str) -> None:
    paper = stories(7)
    data = {"packed": paper.data, "plain": paper.plain, "packed as a whole": gzip.compress(paper.plain)}[form]
    whole = read(data)
    assert len(whole) == 7
    for number, record in enumerate(whole):
        assert urls(read(data, start=record.place)) == urls(whole)[number + 1 :]


@pytest.mark.parametrize("form", ["packed", "plain"])
@pytest.mark.parametrize("step", [100, 1_000, 5_000])
def test_shares_of_a_file_hold_each_record_once(form: str, step: int) -> None:
    paper = stories(30)
    data = paper.data if form == "packed" else paper.plain
    found: list[str] = []
    for start, end in pairwise([*range(0, len(data), step), len(data) + step]):
        first = next_member(io.BytesIO(data), start) if start else 0
        if first is not None and first < end:
            found += urls(read(data, start=Place(first), end=end))
    assert found == [address(number) for number in range(30)]


def test_a_damaged_member_is_told_and_all_others_are_read() -> None:
    paper = stories(9)
    data = bytearray(paper.data)
    for at in range(paper.starts[4] + 60, paper.starts[4] + 90):
        data[at] ^= 0x5A
    records = read(bytes(data))
    assert urls(records) == [address(number) for number in range(9) if number != 4]
    assert reasons(records) == {"damaged": 1}
    (notice,) = [record.notice for record in records if record.notice]
    assert f"{paper.starts[5]:,}" in notice


def test_a_member_that_was_cut_costs_itself_alone() -> None:
    paper = stories(9)
    data = paper.data[: paper.starts[4] + 100] + paper.data[paper.starts[5] :]
    assert urls(read(data)) == [address(number) for number in range(9) if number != 4]


@pytest.mark.parametrize("pack", [gzip.compress, bytes], ids=["packed", "plain"])
@pytest.mark.parametrize("by", [-1_000_000, -300, -5, 5, 300, 1_000_000])
def test_a_record_that_lies_about_its_length_costs_no_other(by: int, pack: Callable[[bytes], bytes]) -> None:
    paper = stories(4)
    records = [gzip.decompress(paper.data[a:b]) for a, b in pairwise([*paper.starts, len(paper.data)])]
    (said,) = re.findall(rb"^Content-Length: (\d+)", records[1].partition(b"\r\n\r\n")[0], re.MULTILINE)
    records[1] = records[1].replace(said, b"%d" % max(0, int(said) + by), 1)
    found = read(b"".join(map(pack, records)))
    assert {address(number) for number in (0, 2, 3)} <= set(urls(found))
    assert reasons(found)["damaged"] >= 1


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("deflate", bare_deflate), ("zstd", zstd.compress)]
)
def test_a_body_that_unpacks_without_end_is_not_unpacked_to_it(
    coding: str, pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warc, "MAX_SIZE", 100_000)
    paper = Paper()
    paper.answer(address(1), pack(b"<p>" + bytes(20_000_000)), headers=[("Content-Encoding", coding)])
    paper.answer(address(2), story(2))
    tracemalloc.start()
    records = read(paper.data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [record.reason for record in records] == ["too large", None]
    assert peak < 10_000_000


def test_garbage_between_members_is_passed() -> None:
    paper = stories(4)
    data = paper.data[: paper.starts[2]] + bytes(500) + paper.data[paper.starts[2] :]
    records = read(data)
    assert urls(records) == [address(number) for number in range(4)]
    assert reasons(records) == {"damaged": 1}


def test_a_file_that_ends_within_a_record_tells_it() -> None:
    paper = stories(3)
    records = read(paper.data[: paper.starts[2] + 200])
    assert urls(records) == [address(0), address(1)]
    assert reasons(records) == {"damaged": 1}


def test_what_is_no_warc_file_is_damaged_from_its_beginning() -> None:
    assert reasons(read(b"PK\x03\x04" + bytes(2_000))) == {"damaged": 1}

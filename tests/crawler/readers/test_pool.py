"""Readers: calls in processes of their own, which may die or hang without taking the crawl along."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from crawler.extractors import extract
from crawler.readers import Readers, Unreadable, pool
from crawler.sources import Source, load_catalogue

PAGE = f"<h1>Panen Garam</h1><article><p>{'Petani garam memanen pagi ini. ' * 30}</p></article>".encode()
URL = "https://lamau.example/berita/7-panen"


def with_readers(number: int, work: Callable[[Readers], Awaitable[Any]], seconds: float = 20) -> Any:
    async def run() -> Any:
        readers = Readers(number, seconds=seconds)
        try:
            return await work(readers)
        finally:
            await readers.close()

    return asyncio.run(run())


def die_once(mark: Path) -> int:
    """Kill the reader the first time; its number the second time."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def hang_once(mark: Path) -> str:
    if not mark.exists():
        mark.touch()
        time.sleep(60)
    return "read"


def noisy() -> int:
    print("a library prints")
    return 7


def test_a_reader_gives_the_very_record_that_reading_here_does() -> None:
    source = load_catalogue().get("detik")

    async def work(readers: Readers) -> Any:
        return await readers.call(extract, PAGE, URL, source=source)

    assert with_readers(1, work) == extract(PAGE, URL, source=source)


def test_an_outlet_that_is_declared_anew_is_sent_anew() -> None:
    async def work(readers: Readers) -> Any:
        return [
            (await readers.call(extract, PAGE, URL, source=Source("lamau", "Lamau", (), language=language)))
            for language in ("id", "ms", "id")
        ]

    assert [article.language for article in with_readers(1, work)] == ["id", "ms", "id"]


def test_readers_work_side_by_side_and_not_in_this_process() -> None:
    async def work(readers: Readers) -> Any:
        begun = time.monotonic()
        await asyncio.gather(readers.call(os.getpid), readers.call(os.getpid))
        begun = time.monotonic()
        await asyncio.gather(readers.call(time.sleep, 0.5), readers.call(time.sleep, 0.5))
        return time.monotonic() - begun, await readers.call(os.getpid)

    seconds, process = with_readers(2, work)
    assert seconds < 0.9
    assert process != os.getpid()


def test_no_more_than_so_many_run_at_once() -> None:
    async def work(readers: Readers) -> Any:
        return await asyncio.gather(*(readers.call(os.getpid) for _ in range(20)))

    assert len(set(with_readers(2, work))) <= 2


def test_a_reader_that_dies_is_replaced_and_its_page_read_by_another(tmp_path: Path) -> None:
    async def work(readers: Readers) -> Any:
        before = await readers.call(os.getpid)
        return before, await readers.call(die_once, tmp_path / "mark"), await readers.call(os.getpid)

    before, second, after = with_readers(1, work)
    assert before != second == after


def test_a_reader_that_hangs_is_replaced_and_its_page_read_by_another(tmp_path: Path) -> None:
    async def work(readers: Readers) -> Any:
        return await readers.call(hang_once, tmp_path / "mark"), readers.replaced

    assert with_readers(1, work, seconds=3) == ("read", 1)


@pytest.mark.parametrize(
    ("function", "argument", "reason"),
    [(os._exit, 3, r"reader died \(exit code 3\)"), (time.sleep, 60, "reader hung for 0.5 s")],
)
def test_a_page_that_two_readers_fail_over_is_given_up_with_the_reason(
    function: Callable[..., Any], argument: int, reason: str
) -> None:
    async def work(readers: Readers) -> Any:
        with pytest.raises(Unreadable, match=reason):
            await readers.call(function, argument)
        return await readers.call(len, "next"), readers.replaced

    assert with_readers(1, work, seconds=0.5) == (4, 2)


def test_what_a_page_makes_the_reader_raise_is_told_and_not_tried_again() -> None:
    async def work(readers: Readers) -> Any:
        with pytest.raises(Unreadable, match="ZeroDivisionError") as raised:
            await readers.call(divmod, 1, 0)
        return raised.value.details, readers.replaced

    details, replaced = with_readers(1, work)
    assert "Traceback" in details
    assert replaced == 0


def test_what_a_library_prints_does_not_mix_with_the_answers(capfd: pytest.CaptureFixture[str]) -> None:
    async def work(readers: Readers) -> Any:
        return [await readers.call(noisy) for _ in range(3)]

    assert with_readers(1, work) == [7, 7, 7]


def test_without_processes_the_call_is_made_here() -> None:
    async def work(readers: Readers) -> Any:
        return await readers.call(os.getpid)

    assert with_readers(0, work) == os.getpid()


def test_where_no_reader_can_be_started_pages_are_read_here() -> None:
    async def work(readers: Readers) -> Any:
        with patch.object(pool.sys, "executable", "/nowhere/python"):
            return await readers.call(os.getpid)

    assert with_readers(2, work) == os.getpid()


def test_readers_end_with_the_crawl_that_was_killed(tmp_path: Path) -> None:
    number = tmp_path / "pid"
    child = os.fork()
    if child == 0:

        async def work(readers: Readers) -> None:
            number.write_text(str(await readers.call(os.getpid)))
            os.kill(os.getpid(), signal.SIGKILL)

        with_readers(1, work)
    os.waitpid(child, 0)
    end = time.monotonic() + 5
    while _runs(int(number.read_text())):
        assert time.monotonic() < end
        time.sleep(0.02)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/status")  # a child of nobody may wait to be reaped
    return not (status.exists() and "\nState:\tZ" in status.read_text())

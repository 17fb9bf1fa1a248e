"""A page that a worker dies of, or hangs on, is set aside; the others are read."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

import pytest

from crawler.reextraction import Reread, workers
from crawler.reextraction.workers import Setup, read_all

DEADLY, SLOW, FAULTY = 7, 9, 11
AMOUNT = 100


def reads(db: object, store: object, catalogue: object, fetch_id: int, *, whole: bool) -> Reread:
    """A reader that dies of one page, hangs on another and stumbles over a third."""
    if fetch_id == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    if fetch_id == SLOW:
        time.sleep(60)
    if fetch_id == FAULTY:
        raise ValueError("<html>")
    return Reread(fetch_id)


def opens(setup: Setup) -> None:
    signal.signal(signal.SIGALRM, workers._too_long)
    workers._opened.update(db=None, store=None, catalogue=None, whole=False)


@pytest.fixture(autouse=True)
def forked() -> Iterator[None]:
    """Workers that fork from here, and so have the reader above."""

    with (
        patch.object(workers, "forked_clean", lambda _: get_context("fork")),
        patch.object(workers, "read_again", reads),
        patch.object(workers, "_open", opens),
        patch.object(workers, "PAGE_SECONDS", 1),
        patch.object(workers, "kept_visit", lambda *_: None),
    ):
        yield


@pytest.mark.parametrize("jobs", [1, 3])
def test_the_page_a_worker_dies_of_is_named_and_all_others_are_read(jobs: int) -> None:
    done = {again.fetch_id: again.failure for again in read_all(range(AMOUNT), Setup(Path("x")), jobs)}
    assert sorted(done) == list(range(AMOUNT))
    assert {number: failure for number, failure in done.items() if failure} == {
        DEADLY: "the reader died of it",
        SLOW: "could not be read: TimeoutError",
        FAULTY: "could not be read: ValueError",
    }


def test_every_page_is_read_once() -> None:
    done = [again.fetch_id for again in read_all(iter(range(1000, 1100)), Setup(Path("x")), 2)]
    assert sorted(done) == list(range(1000, 1100))

"""The watch: real processes, real servers, real signals."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crawling import Answer, Server
from one_outlet import QUICK, XML, article, declared

from crawler.items import Article, Fetch, Visit
from pipelines.database import Writer, open_database

pytestmark = pytest.mark.slow

WATCH = """
import json, logging, sys
from datetime import timedelta
from pathlib import Path
from crawler.watching.pacing import Bounds
from crawler.watching.watch import Watch
logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
logging.getLogger("apscheduler").setLevel(logging.ERROR)
directory, settings, least = sys.argv[1:]
Watch(
    [], Path(directory) / "news.db", Bounds(timedelta(seconds=float(least)), timedelta(seconds=float(least))),
    directories=[Path(directory) / "sources"], settings=json.loads(settings),
).run()
"""
FEED = "<rss><channel>{}</channel></rss>"


def feed(server: Server, *numbers: int) -> Answer:
    items = "".join(
        f"<item><link>{server.url}/berita/{number}-gotong-royong</link></item>" for number in numbers
    )
    return Answer(FEED.format(items).encode(), headers=XML)


def publish(server: Server, *numbers: int) -> None:
    server.site |= {f"/berita/{number}-gotong-royong": article(number) for number in numbers}
    server.site["/feed"] = feed(server, *numbers)


@contextmanager
def watching(directory: Path, server: Server, *, least: float = 1.0) -> Iterator[subprocess.Popen[bytes]]:
    declared(directory, server, 'feeds = ["HERE/feed"]')
    told = (directory / "told.txt").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-c", WATCH, str(directory), json.dumps(QUICK), str(least)], stderr=told
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)
        told.close()


def told(directory: Path) -> str:
    return (directory / "told.txt").read_text("utf-8")


def until(holds: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.1)


def stored(directory: Path) -> int:
    try:
        db = sqlite3.connect(f"file:{directory / 'news.db'}?mode=ro", uri=True)
        try:
            return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])
        finally:
            db.close()
    except sqlite3.Error:
        return 0


def children(process: subprocess.Popen[bytes]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(pid) for pid in listed]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server({}) as server:
        publish(server, 1)
        yield server


def test_what_is_published_while_it_watches_is_stored(tmp_path: Path, server: Server) -> None:
    with watching(tmp_path, server):
        until(lambda: stored(tmp_path) == 1)
        publish(server, 1, 2, 3)
        until(lambda: stored(tmp_path) == 3)
    assert "1 found, 1 stored" in told(tmp_path)


def test_sigterm_between_two_polls_ends_it_at_once(tmp_path: Path, server: Server) -> None:
    with watching(tmp_path, server, least=600) as process:
        until(lambda: "1 stored" in told(tmp_path))
        process.send_signal(signal.SIGTERM)
        assert process.wait(3) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_during_a_crawl_ends_all_within_ten_seconds(
    tmp_path: Path, server: Server, number: signal.Signals
) -> None:
    server.site["/berita/1-gotong-royong"] = Answer(wait=60)
    with watching(tmp_path, server) as process:
        until(lambda: "/berita/1-gotong-royong" in server.paths())
        (child,) = children(process)
        process.send_signal(number)
        assert process.wait(10) == 0
        assert not Path(f"/proc/{child}").exists()


def test_a_crawl_that_is_told_to_stop_finishes_what_is_on_its_way(tmp_path: Path, server: Server) -> None:
    slow = article(1)
    slow.wait = 2
    server.site["/berita/1-gotong-royong"] = slow
    with watching(tmp_path, server) as process:
        until(lambda: "/berita/1-gotong-royong" in server.paths())
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert stored(tmp_path) == 1
    db = sqlite3.connect(tmp_path / "news.db")
    assert db.execute("SELECT reason FROM runs").fetchall() == [("shutdown",)]


def test_a_crawl_that_dies_is_told_and_started_again_at_its_next_turn(tmp_path: Path, server: Server) -> None:
    server.site["/berita/1-gotong-royong"] = [Answer(wait=60), article(1)]
    with watching(tmp_path, server) as process:
        until(lambda: "/berita/1-gotong-royong" in server.paths())
        os.kill(children(process)[0], signal.SIGKILL)
        until(lambda: stored(tmp_path) == 1)
    assert "uji: the crawl died (SIGKILL); they come again at their next turn" in told(tmp_path)


def test_a_watch_that_is_killed_takes_its_crawl_along_and_the_next_one_goes_on(
    tmp_path: Path, server: Server
) -> None:
    server.site["/berita/1-gotong-royong"] = [Answer(wait=60), article(1)]
    with watching(tmp_path, server) as process:
        until(lambda: "/berita/1-gotong-royong" in server.paths())
        (child,) = children(process)
        process.kill()
        process.wait(10)
        until(lambda: not Path(f"/proc/{child}").exists(), 20)
    with watching(tmp_path, server):
        until(lambda: stored(tmp_path) == 1)


def test_a_second_watch_is_told_who_holds_the_database(tmp_path: Path, server: Server) -> None:
    with watching(tmp_path, server, least=600) as process:
        until(lambda: "1 stored" in told(tmp_path))
        second = subprocess.run(
            [
                *(sys.executable, "-c", "from crawler.start import main; main()", "watch"),
                *("--db", str(tmp_path / "news.db"), "--sources", str(tmp_path / "sources")),
            ],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert second.returncode == 3
    assert f"is watched already, by process {process.pid} since 20" in second.stderr


def test_a_source_file_that_is_added_is_watched_without_a_restart(tmp_path: Path, server: Server) -> None:
    with Server({}) as other, watching(tmp_path, server):
        until(lambda: stored(tmp_path) == 1)
        other.site["/berita/7-gotong-royong"] = article(7)
        other.site["/feed"] = feed(other, 7)
        text = (tmp_path / "sources" / "uji.toml").read_text().replace(server.netloc, other.netloc)
        (tmp_path / "sources" / "baru.toml").write_text(text)
        until(lambda: stored(tmp_path) == 2)


def test_a_source_file_that_is_broken_meanwhile_is_told_and_ends_nothing(
    tmp_path: Path, server: Server
) -> None:
    with watching(tmp_path, server) as process:
        until(lambda: stored(tmp_path) == 1)
        file = tmp_path / "sources" / "uji.toml"
        whole = file.read_text()
        file.write_text("name = ")
        until(lambda: "uji.toml" in told(tmp_path))
        file.write_text(whole)
        publish(server, 1, 2)
        until(lambda: stored(tmp_path) == 2)
        assert process.poll() is None


def fill_with_a_change(path: Path) -> None:
    """Seventy-two stories of the outlet, of which the last twelve lost their author."""
    now = datetime.now(UTC).replace(microsecond=0)
    with Writer(open_database(path, create=True)) as writer:
        run = writer.start_run("crawl", ["uji"])
        for number in range(72):
            url = f"https://uji.example/berita/{number}"
            at = (now - timedelta(hours=2 * (72 - number))).isoformat()
            body = " ".join(f"kata{number * 60 + position}" for position in range(60))
            authors = ["Sari Danu"] if number < 60 else []
            said = Article(url, url, "uji", f"Berita {number}", authors=authors, published=at, body=body)
            writer.store(Visit(said, Fetch(url, url, at, 200)), run)
        writer.finish_run(run, reason="finished", stats={})
    writer.db.close()


def test_what_changed_at_an_outlet_is_told_to_the_alert_command_after_its_crawl(
    tmp_path: Path, server: Server
) -> None:
    fill_with_a_change(tmp_path / "news.db")
    sources = declared(tmp_path, server, 'feeds = ["HERE/feed"]')
    keep = "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())"
    command = shlex.join([sys.executable, "-c", keep, str(tmp_path / "alert")])
    with commanded(tmp_path, sources, command) as process:
        until(lambda: (tmp_path / "alert").exists() and (tmp_path / "alert").read_text() != "", 60)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=15)
    alert = json.loads((tmp_path / "alert").read_text())
    assert (alert["event"], alert["source"], alert["what"]) == ("began", "uji", "authors")
    lines = [json.loads(line) for line in errors.splitlines()]
    assert {line["outlet"] for line in lines if "outlet" in line} == {"uji"}
    assert any(line.get("run") == 2 and "1 stored" in line["message"] for line in lines)


def test_an_alert_command_that_hangs_holds_up_no_end(tmp_path: Path, server: Server) -> None:
    fill_with_a_change(tmp_path / "news.db")
    sources = declared(tmp_path, server, 'feeds = ["HERE/feed"]')
    hang = "import sys, time; open(sys.argv[1], 'w').close(); time.sleep(25)"
    with commanded(
        tmp_path, sources, shlex.join([sys.executable, "-c", hang, str(tmp_path / "hangs")])
    ) as process:
        until((tmp_path / "hangs").exists, 60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    db = sqlite3.connect(tmp_path / "news.db")
    assert db.execute("SELECT count(*) FROM alerts").fetchone() == (0,)


def test_a_named_outlet_that_is_switched_off_meanwhile_is_let_be(tmp_path: Path, server: Server) -> None:
    sources = declared(tmp_path, server, 'feeds = ["HERE/feed"]')
    with commanded(tmp_path, sources, "", "uji") as process:
        until(lambda: stored(tmp_path) == 1)
        declared(tmp_path, server, 'enabled = false\nreason = "uji"\nfeeds = ["HERE/feed"]')
        time.sleep(4)
        asked = len(server.log)
        time.sleep(6)
        assert len(server.log) == asked
        assert process.poll() is None


HOUSE = """
import json, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from crawler.watching import watch as module
from crawler.watching.pacing import Bounds
module.quiet_hour = lambda db, outlets, now: now + timedelta(seconds=1)
directory, settings = sys.argv[1:]
def keep_house(stopped):
    polls = {slug: (at - datetime.now(UTC)).total_seconds() for slug, at in watch.next_polls().items()}
    child = watch._child
    (Path(directory) / "kept.json").write_text(json.dumps({"polls": polls, "crawling": child is not None}))
quick, slow = Bounds(*[timedelta(seconds=1)] * 2), Bounds(*[timedelta(seconds=600)] * 2)
watch = module.Watch(
    [], Path(directory) / "news.db", quick, paces={"uji": slow}, keep_house=keep_house,
    directories=[Path(directory) / "sources"], settings=json.loads(settings),
)
watch.run()
"""


def test_house_is_kept_between_two_crawls_and_an_outlet_keeps_its_own_pace(
    tmp_path: Path, server: Server
) -> None:
    declared(tmp_path, server, 'feeds = ["HERE/feed"]')
    process = subprocess.Popen([sys.executable, "-c", HOUSE, str(tmp_path), json.dumps(QUICK)])
    try:
        until(lambda: stored(tmp_path) == 1)
        until((tmp_path / "kept.json").exists)
        until(lambda: bool(json.loads((tmp_path / "kept.json").read_text() or "{}").get("polls")))
    finally:
        process.terminate()
        assert process.wait(10) == 0
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert not kept["crawling"]
    assert 500 < kept["polls"]["uji"] <= 600


@contextmanager
def commanded(directory: Path, sources: Path, alert: str, *slugs: str) -> Iterator[subprocess.Popen[str]]:
    """``warta watch`` as the command line starts it, with an alert command."""
    process = subprocess.Popen(
        [
            *(
                sys.executable,
                "-c",
                "from crawler.start import main; main()",
                "watch",
                "--log-format",
                "json",
            ),
            *("--db", str(directory / "news.db"), "--sources", str(sources), *slugs),
            *("--pace-min", "0.01", "--pace-max", "0.05"),
        ],
        env=os.environ | {"WARTA_ALERT_COMMAND": alert},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=15)


@pytest.mark.parametrize("paces", [("0", "5"), ("10", "5"), ("1", "999999"), ("nan", "5")])
def test_paces_that_do_not_hold_are_refused(tmp_path: Path, paces: tuple[str, str]) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from crawler.start import main; main()", "watch"),
            *("--pace-min", paces[0], "--pace-max", paces[1]),
        ],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert "--pace-m" in done.stderr
    assert "minutes" in done.stderr
    assert list(tmp_path.iterdir()) == []

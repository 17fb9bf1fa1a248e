"""A writer that is killed leaves whole batches, and all that it acknowledged."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.database import open_database
from pipelines.database.queries import pending

WRITING = """
import sys
sys.path.insert(0, {tests!r})
from newsroom import full_story, visit
from pipelines.database import Writer, open_database

writer = Writer(open_database(sys.argv[1], create=True), batch_size=10_000, batch_seconds=60)
run = writer.start_run("test", ["lamau"])
number = writer.db["articles"].count
while True:
    for number in range(number + 1, number + 8):
        one = visit(full_story(number))
        one.article.body += str(number)
        writer.found([one.candidate], run)
        writer.store(one, run)
    writer.flush()
    print(number, flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_writer_leaves_whole_batches_and_all_it_acknowledged(path: Path, seed: int) -> None:
    code = WRITING.format(tests=str(Path(__file__).parents[1]))
    writing = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    assert writing.stdout is not None
    writing.stdout.readline()
    time.sleep(random.Random(seed).uniform(0.05, 0.3))
    writing.send_signal(signal.SIGKILL)
    acknowledged = [int(line) for line in writing.communicate()[0].splitlines()]

    db = open_database(path)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not list(db.query("PRAGMA foreign_key_check"))
    db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    stored = db["articles"].count
    assert stored >= max(acknowledged, default=7)
    assert stored % 7 == 0
    assert stored == db["fetches"].count == db["frontier"].count
    assert pending(db, "lamau", 10) == []
    db.close()

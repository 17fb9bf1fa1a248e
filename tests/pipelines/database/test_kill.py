"""A writer that is killed leaves whole batches, and all that it acknowledged."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.database import open_database
from pipelines.database.asking.queries import pending
from pipelines.database.checks import CHECKS, run_check

KILLS = int(os.environ.get("WARTA_KILLS", "4"))
#: How often the writer is killed; `WARTA_KILLS=50` for a longer trial.

WRITING = """
import sys
sys.path.insert(0, {tests!r})
import random
from dataclasses import replace
from newsroom import full_story, visit
from pipelines.database import Writer, open_database

writer = Writer(open_database(sys.argv[1], create=True), batch_size=10_000, batch_seconds=60)
run = writer.start_run("test", ["lamau"])
number = writer.db["articles"].count
together = sys.argv[2] == "together"
while True:
    batch = []
    for number in range(number + 1, number + 8):
        # Every third is a near copy of the one before, at another outlet; some replace an earlier text.
        one = visit(full_story(number, outlet=("lamau", "sagara", "tirta")[number % 3]))
        chance = random.Random(number // 3)
        words = ["".join(chance.choices("aeioukmnst", k=5)) for _ in range(120)]
        one.article.body = " ".join([*words, str(number)])
        writer.found([one.candidate], run)
        batch.append(one)
        if number % 5 == 0:
            batch.append(visit(replace(one.article, body=one.article.body + " Sudah diperbarui.")))
    if together:
        for _ in writer.store_all(batch, run):
            pass
    else:
        for one in batch:
            writer.store(one, run)
    writer.flush()
    print(number, flush=True)
"""


@pytest.mark.parametrize("seed", range(KILLS))
def test_a_killed_writer_leaves_whole_batches_and_all_it_acknowledged(path: Path, seed: int) -> None:
    way = ("one by one", "together")[seed % 2]
    code = WRITING.format(tests=str(Path(__file__).parents[1]))
    writing = subprocess.Popen(
        [sys.executable, "-c", code, str(path), way], stdout=subprocess.PIPE, text=True
    )
    assert writing.stdout is not None
    writing.stdout.readline()
    time.sleep(random.Random(seed).uniform(0.05, 0.3))
    writing.send_signal(signal.SIGKILL)
    acknowledged = [int(line) for line in writing.communicate()[0].splitlines()]

    db = open_database(path)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not list(db.query("PRAGMA foreign_key_check"))
    assert [finding for check in CHECKS if (finding := run_check(db, check))] == []
    stored = db["articles"].count
    assert stored >= max(acknowledged, default=7)
    assert stored % 7 == 0
    assert stored == db["frontier"].count
    assert db["versions"].count == stored // 5
    assert db["fetches"].count == stored + stored // 5
    assert {row["id"] for row in db["articles"].rows} == set(range(1, stored + 1))
    assert pending(db, "lamau", 10) == []
    db.close()

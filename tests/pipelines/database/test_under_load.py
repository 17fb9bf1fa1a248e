"""Readers and the writer at work at once: nobody is told that the file is locked, and nothing is torn."""

import subprocess
import sys
import time
from pathlib import Path

from newsroom import story, visit

from pipelines.database import Writer, open_database

READING = """
import sys, time
from pipelines.database import open_database
from pipelines.database.asking.queries import articles, search

end, rounds = time.monotonic() + float(sys.argv[2]), 0
while time.monotonic() < end:
    db = open_database(sys.argv[1], readonly=True)
    # One long statement after another, each over all articles of one moment.
    ids = [record["id"] for record in articles(db)]
    assert ids == list(range(1, len(ids) + 1)), ids
    members = db.execute("SELECT count(*) FROM cluster_members").fetchone()[0]
    told = db.execute("SELECT coalesce(sum(articles), 0) FROM clusters").fetchone()[0]
    words = db.execute(
        "SELECT count(*) FROM articles a, articles_fts f WHERE f.rowid = a.id AND articles_fts MATCH 'garam'"
    ).fetchone()[0]
    assert words >= len(ids)
    search(db, "petani", limit=50)
    db.close()
    rounds += 1
print(rounds)
"""
SECONDS = 3


def test_two_readers_with_long_queries_and_a_writer_never_find_the_file_locked(path: Path) -> None:
    writer = Writer(open_database(path, create=True), batch_size=20)
    writer.store(visit(story(1)))
    writer.flush()
    command = [sys.executable, "-c", READING, str(path), str(SECONDS)]
    readers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    number, end = 1, time.monotonic() + SECONDS
    while time.monotonic() < end:
        number += 1
        writer.store(visit(story(number, outlet=f"koran{number % 5}")))
    writer.flush()
    for reader in readers:
        rounds, complaint = reader.communicate(timeout=60)
        assert (reader.returncode, complaint) == (0, "")
        assert int(rounds) > 0
    assert writer.db["articles"].count == number
    writer.db.close()

"""`warta doctor` finds what is wrong: each rule is broken in a real file, and found."""

import pytest
from newsroom import STORY, full_story, story, visit

from pipelines.database import Writer
from pipelines.database.checks import CHECKS, run_check


@pytest.fixture
def filled(writer: Writer) -> Writer:
    """Two outlets with one story, a near copy, another story, and two earlier texts."""
    writer.store(visit(full_story(1)))
    writer.store(visit(story(1, outlet="sagara")))
    writer.store(visit(story(2, outlet="tirta", body=f"{STORY}\n\nSejumlah warga datang melihat.")))
    for text in ("Pasar ikan dibuka lagi.", "Pasar ikan ditutup.", "Pasar ikan terbakar."):
        writer.store(visit(story(3, outlet="tirta", body=text)))
    writer.flush()
    return writer


def broken(writer: Writer) -> set[str]:
    findings = [run_check(writer.db, check) for check in CHECKS]
    assert all(finding.advice and finding.count for finding in findings if finding)
    return {finding.check for finding in findings if finding}


def test_a_file_as_it_was_written_keeps_all_rules(filled: Writer) -> None:
    assert filled.db["clusters"].count == 1
    assert filled.db["versions"].count == 2
    assert broken(filled) == set()


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("PRAGMA foreign_keys = OFF; DELETE FROM articles WHERE id = 4", "references"),
        ("INSERT INTO unindexed VALUES (1)", "full-text index"),
        (
            "DROP TRIGGER articles_fts_update; UPDATE articles SET body = 'Lain.' WHERE id = 4",
            "words of the full-text index",
        ),
        ("DELETE FROM aliases WHERE article_id = 4", "addresses"),
        ("UPDATE aliases SET url_key = url_key || '/' WHERE article_id = 4", "addresses"),
        ("UPDATE versions SET number = 5 WHERE number = 1", "versions"),
        ("DELETE FROM places", "places and outlets"),
        ("DELETE FROM outlets WHERE slug = 'tirta'", "places and outlets"),
        ("UPDATE articles SET copy_of = NULL", "originals of equal texts"),
        ("UPDATE articles SET copy_of = 1 WHERE id = 4", "originals of equal texts"),
        ("DELETE FROM text_keys WHERE key = (SELECT min(key) FROM text_keys)", "keys of texts"),
        ("INSERT INTO text_keys VALUES (7, 1)", "keys of texts"),
        ("DELETE FROM texts WHERE id = (SELECT max(id) FROM texts)", "keys of texts"),
        ("UPDATE text_pairs SET relation = 'template'", "pairs of texts"),
        ("DELETE FROM cluster_members WHERE article_id = 3", "clusters"),
        ("UPDATE clusters SET articles = 7", "clusters"),
        ("INSERT INTO cluster_members VALUES (4, 1, NULL, 'near', 1, 1)", "clusters"),
    ],
)
def test_what_is_wrong_is_found(filled: Writer, damage: str, check: str) -> None:
    filled.db.executescript(damage)
    assert check in broken(filled)

from pathlib import Path

import pytest
from newsroom import story, visit
from sqlite_utils import Database

from crawler.items import Candidate, Fetch
from pipelines.database import Writer, open_database
from pipelines.database.asking.queries import pending, run, runs, source_counts
from pipelines.database.frontier import evidence
from pipelines.database.runs import last_reasons
from pipelines.database.schema import MIGRATIONS

FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def candidate(number: int, outlet: str = "lamau") -> Candidate:
    return Candidate(
        story(number, outlet=outlet).url,
        outlet,
        found_in=f"https://www.{outlet}.example/feed",
        title="Panen Garam",
        published="2026-07-04T09:30:00+07:00",
        author="Sari Danu",
    )


def states(writer: Writer) -> list[tuple[str, str | None]]:
    return [(row["state"], row["reason"]) for row in writer.db.query("SELECT * FROM frontier ORDER BY id")]


def test_what_is_found_waits_with_its_evidence_in_order(writer: Writer) -> None:
    one, two = candidate(1), candidate(2)
    assert writer.found([two, one, two], None) == [two, one]
    assert pending(writer.db, "lamau", 10) == [two, one]
    assert pending(writer.db, "lamau", 1) == [two]
    assert pending(writer.db, "sagara", 10) == []


def test_what_waits_or_is_stored_is_not_found_again(writer: Writer) -> None:
    writer.found([candidate(1)], None)
    writer.store(visit(story(2)))
    spelled = Candidate(story(1).url.replace("https:", "http:") + "?utm_source=x", "lamau")
    assert writer.found([candidate(1), candidate(2), spelled], None) == []


def test_a_stored_visit_no_longer_waits(writer: Writer) -> None:
    writer.found([candidate(1)], None)
    writer.store(visit(story(1)))
    assert pending(writer.db, "lamau", 10) == []
    assert states(writer) == [("done", None)]


def test_a_candidate_that_led_elsewhere_no_longer_waits(writer: Writer) -> None:
    short = Candidate("https://lamau.example/s/1", "lamau")
    writer.found([short], None)
    arrived = visit(story(1), requested_url=short.url)
    arrived.candidate = short
    writer.store(arrived)
    assert pending(writer.db, "lamau", 10) == []
    assert writer.found([short], None) == []


def test_a_refused_page_is_noted_in_one_step(writer: Writer) -> None:
    number = writer.start_run("crawl", ["lamau"])
    writer.found([candidate(1)], number)
    writer.refuse(visit(story(1)), number, reason="no story")
    assert states(writer) == [("refused", "no story")]
    assert writer.found([candidate(1)], number) == []
    assert [row["outcome"] for row in writer.db["fetches"].rows] == ["refused"]
    counted = {
        (count["what"], count["reason"]): count["amount"] for count in run(writer.db, number)["counts"]
    }
    assert counted == {("found", None): 1, ("refused", "no story"): 1}


def let_time_pass(writer: Writer, age: str) -> None:
    """Move what the frontier remembers into the past, by an SQLite modifier: ``-1 hour``."""
    writer.db.execute(
        f"UPDATE frontier SET next_try = strftime('{FORMAT}', next_try, :age),"
        f" settled_at = strftime('{FORMAT}', settled_at, :age)",
        {"age": age},
    )


@pytest.mark.parametrize(
    ("earlier", "before", "after"),
    [(0, "-9 minutes", "-2 minutes"), (1, "-59 minutes", "-2 minutes"), (3, "-23 hours", "-2 hours")],
)
def test_a_url_that_could_not_be_had_rests_longer_each_time(
    writer: Writer, earlier: int, before: str, after: str
) -> None:
    writer.found([candidate(1)], None)
    for _ in range(earlier + 1):
        writer.put_off(candidate(1).url, "timeout")
    assert states(writer) == [("pending", "timeout")]
    let_time_pass(writer, before)
    assert pending(writer.db, "lamau", 10) == []
    let_time_pass(writer, after)
    assert pending(writer.db, "lamau", 10) == [candidate(1)]


def test_a_url_that_could_not_be_had_five_times_is_given_up_with_the_reason(writer: Writer) -> None:
    writer.found([candidate(1)], writer.start_run("crawl", []))
    for _ in range(5):
        assert states(writer)[0][0] == "pending"
        writer.put_off(candidate(1).url, "http 403")
    assert states(writer) == [("failed", "http 403")]
    let_time_pass(writer, "-1 year")
    assert pending(writer.db, "lamau", 10) == []
    assert writer.found([candidate(1)], writer.start_run("crawl", [])) == []


def test_a_story_that_cannot_be_asked_for_again_stays_done(writer: Writer) -> None:
    writer.found([candidate(1)], None)
    writer.store(visit(story(1)))
    for _ in range(6):
        writer.put_off(candidate(1).url, "timeout")
    assert states(writer) == [("done", None)]


def test_what_robots_txt_forbade_is_asked_about_again_when_it_is_listed_a_day_later(writer: Writer) -> None:
    first = writer.start_run("crawl", [])
    writer.found([candidate(1), candidate(2)], first)
    writer.settle(candidate(1).url, "refused", "robots.txt")
    writer.settle(candidate(2).url, "refused", "no story")
    let_time_pass(writer, "-23 hours")
    assert writer.found([candidate(1), candidate(2)], writer.start_run("crawl", [])) == []
    let_time_pass(writer, "-2 hours")
    assert writer.found([candidate(1), candidate(2)], writer.start_run("crawl", [])) == [candidate(1)]
    assert states(writer) == [("refused", "no story"), ("pending", None)]


def test_what_was_given_up_after_one_try_waits_again_in_a_migrated_file() -> None:
    db = Database(memory=True)
    db.execute("PRAGMA foreign_keys = ON")
    MIGRATIONS.apply(db, stop_before="0002_tries")
    ends = [("failed", "timeout"), ("refused", "http 403"), ("refused", "no story"), ("gone", "http 404")]
    for number, (state, reason) in enumerate(ends):
        db.execute(
            "INSERT INTO frontier (url_key, url, source, state, reason, found_at, settled_at)"
            " VALUES (?, ?, 'lamau', ?, ?, '2026-07-04T03:00:00Z', '2026-07-04T03:00:00Z')",
            (str(number), f"https://lamau.example/{number}", state, reason),
        )
    MIGRATIONS.apply(db)
    assert [found.url for found in pending(db, "lamau", 10)] == [
        "https://lamau.example/0",
        "https://lamau.example/1",
    ]


def test_what_discovery_said_of_an_article_is_kept_with_its_addresses(writer: Writer) -> None:
    writer.found([candidate(1)], None)
    stored = writer.store(visit(story(1)))
    assert evidence(writer.db, stored.article_id) == candidate(1)
    assert evidence(writer.db, stored.article_id + 1) is None


def test_what_is_gone_stays_gone(writer: Writer) -> None:
    writer.found([candidate(1)], writer.start_run("crawl", []))
    writer.settle(candidate(1).url, "gone", "http 410")
    assert writer.found([candidate(1)], writer.start_run("crawl", [])) == []


def test_a_run_is_seen_by_others_as_soon_as_it_begins(path: Path) -> None:
    with Writer(open_database(path, create=True)) as writer:
        number = writer.start_run("crawl", ["lamau"], {"limit": 5})
        reader = open_database(path, readonly=True)
        seen = run(reader, number)
        assert (seen["command"], seen["sources"], seen["settings"]) == ("crawl", ["lamau"], {"limit": 5})
        assert (seen["finished_at"], seen["counts"]) == (None, [])
        writer.finish_run(number, reason="finished", stats={"requests": 7})
        seen = run(reader, number)
        assert (seen["reason"], seen["stats"]) == ("finished", {"requests": 7})
        assert seen["finished_at"] is not None


def test_runs_are_listed_newest_first(writer: Writer) -> None:
    for command in ("crawl", "import", "crawl"):
        writer.start_run(command, [])
    assert [one["id"] for one in runs(writer.db, 2)] == [3, 2]
    assert run(writer.db, 9) is None


def test_a_run_counts_what_became_of_its_visits(writer: Writer) -> None:
    number = writer.start_run("crawl", [])
    for one in (story(1), story(1), story(1, headline="Baru"), story(1, outlet="sagara", headline="Baru")):
        writer.store(visit(one), number)
    writer.count(number, None, "failed", 2, reason="timeout")
    writer.count(number, None, "failed", reason="timeout")
    counted = [
        (count["source"], count["what"], count["reason"], count["amount"])
        for count in run(writer.db, number)["counts"]
    ]
    assert counted == [
        (None, "failed", "timeout", 3),
        ("lamau", "stored", None, 1),
        ("lamau", "unchanged", None, 1),
        ("lamau", "updated", None, 1),
        ("sagara", "folded", None, 1),
    ]


def test_outlets_are_counted_with_what_waits_and_when_they_were_crawled(writer: Writer) -> None:
    number = writer.start_run("crawl", ["lamau"])
    writer.store(visit(story(1)), number)
    writer.store(visit(story(2, source=None)), None)
    writer.found([candidate(1, "sagara"), candidate(2, "sagara")], None)
    started = run(writer.db, number)["started_at"]
    assert source_counts(writer.db) == [
        {"source": None, "articles": 1, "newest": "2026-07-04T02:30:00Z", "pending": 0, "last_run": None},
        {
            "source": "lamau",
            "articles": 1,
            "newest": "2026-07-04T02:30:00Z",
            "pending": 0,
            "last_run": started,
        },
        {"source": "sagara", "articles": 0, "newest": None, "pending": 2, "last_run": None},
    ]


def test_a_fetch_without_an_article_is_kept(writer: Writer) -> None:
    url = "https://www.lamau.example/hilang"
    fetch = Fetch(url, url, "2026-07-04T05:00:00+00:00", 404, "text/html")
    writer.record_fetch(fetch, None, outcome="gone", reason="http 404")
    [row] = writer.db["fetches"].rows
    assert (row["status"], row["outcome"], row["reason"], row["article_id"]) == (
        404,
        "gone",
        "http 404",
        None,
    )


def test_how_an_outlets_last_crawl_ended_is_known_however_many_others_came_since(writer: Writer) -> None:
    killed = writer.start_run("crawl", ["lamau"])
    for _ in range(150):
        writer.finish_run(writer.start_run("crawl", ["sagara"]), reason="finished", stats={})
    writer.finish_run(writer.start_run("import", ["lamau"]), reason="finished", stats={})
    reasons = last_reasons(writer.db, ["lamau", "sagara", "tirta"], killed + 200)
    assert reasons == {"lamau": None, "sagara": "finished"}

"""Runs as readers look at them."""

from newsroom import story, visit

from pipelines.database import Writer
from pipelines.database.outlets.activity import first_met, runs_before, runs_of_outlet


def crawled(writer: Writer, number: int, outlet: str) -> int:
    run = writer.start_run("crawl", [outlet])
    writer.db.execute("UPDATE runs SET started_at = '2026-07-04T04:59:00Z' WHERE id = ?", (run,))
    writer.store(visit(story(number, outlet=outlet)), run)
    writer.count(run, outlet, "refused", 2, reason="robots.txt")
    writer.count(run, outlet, "refused", 1, reason="no story")
    writer.flush()
    return run


def test_runs_are_turned_by_the_page(writer: Writer) -> None:
    runs = [crawled(writer, number, "lamau") for number in (1, 2, 3)]
    assert [run["id"] for run in runs_before(writer.db, None, 2)] == [runs[2], runs[1]]
    assert [run["id"] for run in runs_before(writer.db, runs[1], 2)] == [runs[0]]


def test_an_outlets_runs_are_those_that_counted_something_of_it(writer: Writer) -> None:
    lamau, _ = crawled(writer, 1, "lamau"), crawled(writer, 2, "sagara")
    (found,) = runs_of_outlet(writer.db, "lamau", 10)
    assert found.id == lamau
    assert found.counts["refused"] == 3
    assert runs_of_outlet(writer.db, "tirta", 10) == []


def test_a_run_met_first_what_no_run_before_it_had(writer: Writer) -> None:
    crawled(writer, 1, "lamau")
    again = writer.start_run("crawl", ["lamau"])
    writer.db.execute("UPDATE runs SET started_at = '2026-07-04T04:59:00Z'")
    for number in (1, 2):
        writer.store(visit(story(number)), again)
    writer.flush()
    assert [one.headline for one in first_met(writer.db, again, 10)] == ["Panen Garam Lebih Awal 2"]


def test_a_run_that_is_not_there_met_nothing(writer: Writer) -> None:
    assert first_met(writer.db, 77, 10) == []

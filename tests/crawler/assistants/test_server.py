"""Warta's tools for assistants, asked by the protocol's own client."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
import pytest
from click.testing import CliRunner
from crawling import Answer, Server
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult, TextContent

from crawler.assistants import fetching
from crawler.assistants.server import make_server
from crawler.cli import main
from crawler.items import Article, Dateline, Fetch, Visit
from pipelines.database import Writer, open_database

COMMAND = ["-c", "from crawler.start import main; main()", "mcp", "--db"]

BODY = "Petani garam memanen lebih awal karena kemarau datang tiga pekan lebih cepat dari biasanya. " * 40
PAGE = f"""
<!doctype html><html lang="id"><head><title>Panen Garam Lebih Awal</title></head><body><article>
<h1>Panen Garam Lebih Awal</h1><p>TELUK LAMAU - {BODY}</p><p>{BODY}</p></article></body></html>
"""


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("assistants") / "news.db"
    with Writer(open_database(path, create=True)) as writer:
        run = writer.start_run("crawl", ["lamau"])
        for number, headline in enumerate(
            ("Panen Garam Lebih Awal", "Abaikan <script> dan \u202eperintah"), 1
        ):
            url = f"https://www.lamau.example/berita/{number}"
            article = Article(
                url=url,
                canonical_url=url,
                source="lamau",
                headline=headline,
                authors=["Sari Danu"],
                dateline=Dateline("TELUK LAMAU -", place="TELUK LAMAU"),
                published=f"2026-07-0{number}T09:30:00+07:00",
                body="".join(f"Kalimat {number} ke-{n} tentang garam. " for n in range(1_500)),
            )
            writer.store(Visit(article, Fetch(url, url, "2026-07-04T05:00:00+00:00", 200)), run)
        writer.finish_run(run, reason="finished", stats={})
        writer.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def call(news: Path, tool: str, *, fetch: bool = True, **arguments: Any) -> CallToolResult:
    async def asked() -> Any:
        async with Client(make_server(news, fetching=fetch)) as client:
            return await client.call_tool(tool, arguments)

    result: CallToolResult = anyio.run(asked)
    return result


def answer(result: CallToolResult) -> Mapping[str, Any]:
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


def complaint(result: CallToolResult) -> str:
    assert result.is_error
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def test_an_assistant_works_over_standard_input_and_output(news: Path) -> None:
    async def work() -> list[Any]:
        started = StdioServerParameters(command=sys.executable, args=[*COMMAND, str(news)])
        async with Client(started) as client:
            listed = await client.list_tools()
            found = await client.call_tool("search", {"words": "panen"})
            number = found.structured_content["articles"][0]["id"] if found.structured_content else 0
            read = await client.call_tool("article", {"article": str(number)})
            shut = await client.call_tool("extract", {"url": "http://127.0.0.1:9/berita"})
            return [listed, read, shut]

    listed, read, shut = anyio.run(work)
    assert {tool.name for tool in listed.tools} == {"search", "article", "outlets", "extract"}
    assert all(tool.annotations.read_only_hint for tool in listed.tools)
    assert answer(read)["headline"] == "Panen Garam Lebih Awal"
    assert "private address" in complaint(shut)


def test_standard_output_holds_messages_of_the_protocol_and_nothing_else(news: Path) -> None:
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    messages = [
        {"id": 1, "method": "initialize", "params": hello},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": {"name": "search", "arguments": {"words": "("}}},
    ]
    process = subprocess.Popen(
        [sys.executable, *COMMAND, str(news)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for message in messages:
        process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    process.stdin.flush()
    lines = [process.stdout.readline() for _ in range(2)]
    rest, _ = process.communicate(timeout=20)
    assert [json.loads(line)["id"] for line in lines] == [1, 2]
    assert rest == ""
    assert process.returncode == 0


def test_a_missing_database_is_told_before_anything_is_served(tmp_path: Path) -> None:
    ended = CliRunner().invoke(main, ["mcp", "--db", str(tmp_path / "none.db")])
    assert ended.exit_code == 3
    assert ended.stdout == ""
    assert "there is no database" in ended.stderr


def test_filters_narrow_a_search_and_pages_follow_each_other(news: Path) -> None:
    assert not answer(call(news, "search", words="garam", outlet="lain"))["articles"]
    first = answer(call(news, "search", words="garam", order="newest", limit=1))
    second = answer(call(news, "search", words="garam", order="newest", limit=1, after=first["after"]))
    assert [page["articles"][0]["id"] for page in (first, second)] == [2, 1]


def test_text_of_pages_is_given_as_it_is_stored(news: Path) -> None:
    (found,) = answer(call(news, "search", words="abaikan"))["articles"]
    assert found["headline"] == "Abaikan <script> dan \u202eperintah"
    assert not {"\x02", "\x03"} & set(found["snippet"])


def test_a_long_story_is_read_in_parts_that_make_the_whole(news: Path) -> None:
    parts, start = [], 0
    while start is not None:
        part = answer(call(news, "article", article="https://www.lamau.example/berita/1", start=start))
        parts.append(part["body"])
        start = part["more_from"]
    assert len(parts) > 1
    assert max(map(len, parts)) <= 20_000
    with_all = open_database(news, readonly=True).execute("SELECT body FROM articles WHERE id = 1").fetchone()
    assert "".join(parts) == with_all[0]


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("search", {"words": "(garam"}, "a bracket is opened"),
        ("search", {"words": "garam", "limit": 5_000}, "less than or equal to 50"),
        ("search", {"since": "besok"}, "is no date"),
        ("article", {"article": "77"}, "there is no article '77'"),
        ("extract", {}, "give a url, or the html"),
        ("extract", {"url": "file:///etc/passwd"}, "is no address of a web page"),
        ("extract", {"html": " "}, "the html is empty"),
    ],
)
def test_what_does_not_hold_is_told_in_a_sentence(
    news: Path, tool: str, arguments: dict[str, Any], told: str
) -> None:
    assert told in complaint(call(news, tool, **arguments))


def test_outlets_are_counted_up_to_the_newest_story(news: Path) -> None:
    listed = answer(call(news, "outlets", days=2))
    assert (listed["from"], listed["to"]) == ("2026-07-01", "2026-07-02")
    assert [(row["outlet"], row["articles"]) for row in listed["outlets"]] == [("lamau", 2)]


def test_given_html_is_read_without_a_fetch(news: Path) -> None:
    read = answer(call(news, "extract", html=PAGE, url="https://www.lamau.example/berita/9"))
    assert read["headline"] == "Panen Garam Lebih Awal"
    assert read["dateline"]["place"] == "TELUK LAMAU"


def test_where_fetching_is_off_only_html_is_taken(news: Path) -> None:
    assert "html" in complaint(call(news, "extract", fetch=False, url="https://www.lamau.example/9"))


def test_a_page_is_fetched_as_a_crawl_would(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PAUSE", 0.0)
    site = {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /tertutup", headers={"Content-Type": "text/plain"}),
        "/berita/1": Answer(PAGE.encode()),
        "/tertutup/1": Answer(PAGE.encode()),
    }

    async def asked(server: Server) -> list[Any]:
        async with Client(make_server(news, private=True)) as client:
            return [
                await client.call_tool("extract", {"url": f"{server.url}/{path}/1"})
                for path in ("berita", "tertutup")
            ]

    with Server(site) as server:
        read, shut = anyio.run(asked, server)
    assert answer(read)["headline"] == "Panen Garam Lebih Awal"
    assert "robots.txt" in complaint(shut)
    assert "/tertutup/1" not in server.paths()


def test_no_call_changes_the_file(news: Path) -> None:
    before = news.read_bytes()
    for tool in ("search", "outlets"):
        call(news, tool)
    call(news, "article", article="1")
    assert news.read_bytes() == before

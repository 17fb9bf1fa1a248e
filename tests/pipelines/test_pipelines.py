"""Visits through Scrapy's own chain of pipelines."""

import asyncio
from types import SimpleNamespace

import pytest
from newsroom import story, visit
from scrapy import Spider
from scrapy.exceptions import DropItem
from scrapy.pipelines import ItemPipelineManager
from scrapy.utils.test import get_crawler

from crawler.items import Visit
from pipelines.database import Writer
from pipelines.database.asking.queries import run

PIPELINES = {
    "pipelines.validate.ValidatePipeline": 100,
    "pipelines.deduplicate.DeduplicatePipeline": 200,
    "pipelines.store.StorePipeline": 300,
}


@pytest.fixture
def chain(writer: Writer) -> SimpleNamespace:
    crawler = get_crawler(Spider, {"ITEM_PIPELINES": PIPELINES})
    crawler.spider = crawler._create_spider("news")
    crawler.spider.writer, crawler.spider.run = writer, writer.start_run("crawl", [])
    manager = ItemPipelineManager.from_crawler(crawler)

    def process(item: Visit) -> Visit:
        return asyncio.run(manager.process_item_async(item))

    return SimpleNamespace(process=process, stats=crawler.stats, run=crawler.spider.run)


def test_a_visit_is_stored_and_passed_on(chain: SimpleNamespace, writer: Writer) -> None:
    one = visit()
    assert chain.process(one) is one
    assert writer.db["articles"].count == 1
    assert chain.stats.get_value("warta/new") == 1


def test_a_copy_is_folded(chain: SimpleNamespace, writer: Writer) -> None:
    for number in (1, 2, 1):
        chain.process(visit(story(number, body=story(1).body)))
    assert writer.db["articles"].count == 1
    what = {count["what"]: count["amount"] for count in run(writer.db, chain.run)["counts"]}
    assert what == {"stored": 1, "folded": 1, "unchanged": 1}


def test_what_is_no_article_is_counted_with_the_reason_and_no_longer_waits(
    chain: SimpleNamespace, writer: Writer
) -> None:
    one = visit(story(headline="404 Not Found"))
    writer.found([one.candidate], chain.run)
    with pytest.raises(DropItem, match="error page"):
        chain.process(one)
    assert writer.db["articles"].count == 0
    assert [row["state"] for row in writer.db["frontier"].rows] == ["refused"]
    assert chain.stats.get_value("warta/refused/error page") == 1
    refused = [count for count in run(writer.db, chain.run)["counts"] if count["what"] == "refused"]
    assert [(count["reason"], count["amount"]) for count in refused] == [("error page", 1)]

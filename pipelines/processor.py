"""The way of an item through the pipelines, and its end where one of them stumbles over it."""

from __future__ import annotations

from typing import Any

from scrapy.exceptions import DropItem
from scrapy.pipelines import ItemPipelineManager

from crawler.errors import DatabaseError


class ItemProcessor(ItemPipelineManager):
    """Scrapy's, but that an unforeseen fault settles the item's URL instead of leaving it to wait for ever.

    The spider is told (``note_unstored``), which counts and logs it in one line. A database that fails
    is no fault of the item: that ends the crawl.
    """

    async def process_item_async(self, item: Any) -> Any:
        try:
            return await super().process_item_async(item)
        except (DropItem, DatabaseError):
            raise
        except Exception as fault:
            note = getattr(self._spider, "note_unstored", None)
            if note is None:
                raise
            raise DropItem(note(item, fault)) from fault

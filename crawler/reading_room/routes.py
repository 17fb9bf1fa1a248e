"""The pages of the room, in the order of the navigation. A new page joins by a line here."""

from __future__ import annotations

from crawler.reading_room.answering import Route
from crawler.reading_room.article_page import article_page, versions_page
from crawler.reading_room.search_feed import search_export, search_feed
from crawler.reading_room.search_page import search_page
from crawler.reading_room.stored_page import stored_page

ROUTES = (
    Route(r"/", search_page, nav="/"),
    Route(r"/search\.atom", search_feed),
    Route(r"/search\.(?P<form>csv|jsonl)", search_export),
    Route(r"/article/(?P<id>[0-9]{1,19})", article_page),
    Route(r"/article/(?P<id>[0-9]{1,19})/versions", versions_page),
    Route(r"/article/(?P<id>[0-9]{1,19})/page", stored_page),
)

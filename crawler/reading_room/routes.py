"""The pages of the room, in the order of the navigation. A new page joins by a line here."""

from __future__ import annotations

from crawler.reading_room.answering import Route
from crawler.reading_room.article_page import article_page, versions_page
from crawler.reading_room.author_pages import author_page, authors_page
from crawler.reading_room.outlet_pages import outlet_page, outlets_page
from crawler.reading_room.place_pages import place_page, places_page
from crawler.reading_room.run_pages import run_page, runs_page
from crawler.reading_room.search_feed import search_export, search_feed
from crawler.reading_room.search_page import search_page
from crawler.reading_room.stored_page import stored_page
from crawler.reading_room.story_pages import stories_page, story_page

ROUTES = (
    Route(r"/", search_page, nav="/"),
    Route(r"/search\.atom", search_feed),
    Route(r"/search\.(?P<form>csv|jsonl)", search_export),
    Route(r"/article/(?P<id>[0-9]{1,19})", article_page),
    Route(r"/article/(?P<id>[0-9]{1,19})/versions", versions_page),
    Route(r"/article/(?P<id>[0-9]{1,19})/page", stored_page),
    Route(r"/stories", stories_page, nav="/stories"),
    Route(r"/stories/(?P<id>[0-9]{1,19})", story_page),
    Route(r"/outlets", outlets_page, nav="/outlets"),
    Route(r"/outlets/(?P<slug>[^/]+)", outlet_page),
    Route(r"/places", places_page, nav="/places"),
    Route(r"/places/(?P<id>[0-9]{1,19})", place_page),
    Route(r"/authors", authors_page, nav="/authors"),
    Route(r"/authors/(?P<id>[0-9]{1,19})", author_page),
    Route(r"/runs", runs_page, nav="/runs"),
    Route(r"/runs/(?P<id>[0-9]{1,19})", run_page),
)

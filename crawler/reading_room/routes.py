"""The pages of the room, in the order of the navigation. A new page joins by a line here."""

from __future__ import annotations

from crawler.reading_room.answering import Route
from crawler.reading_room.author_pages import author_page, authors_page
from crawler.reading_room.outlet_pages import outlet_page, outlets_page
from crawler.reading_room.place_pages import place_page, places_page
from crawler.reading_room.run_pages import run_page, runs_page
from crawler.reading_room.search_page import search_page
from crawler.reading_room.story_pages import stories_page, story_page

ROUTES = (
    Route(r"/", search_page, nav="/"),
    Route(r"/stories", stories_page, nav="/stories"),
    Route(r"/stories/(?P<id>\d{1,18})", story_page),
    Route(r"/outlets", outlets_page, nav="/outlets"),
    Route(r"/outlets/(?P<slug>[^/]+)", outlet_page),
    Route(r"/places", places_page, nav="/places"),
    Route(r"/places/(?P<id>\d{1,18})", place_page),
    Route(r"/authors", authors_page, nav="/authors"),
    Route(r"/authors/(?P<id>\d{1,18})", author_page),
    Route(r"/runs", runs_page, nav="/runs"),
    Route(r"/runs/(?P<id>\d{1,18})", run_page),
)

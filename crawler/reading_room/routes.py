"""The pages of the room, in the order of the navigation. A new page joins by a line here."""

from __future__ import annotations

from crawler.reading_room.answering import Route
from crawler.reading_room.search_page import search_page

ROUTES = (Route(r"/", search_page, nav="/"),)

"""The reading room: pages in a browser over one database file, which they only read. Built on Datasette.

``app`` makes the server's application; ``routes`` lists its pages; a page is a view in a file of its own
(``search_page``) and a template of the same name under ``templates/room``.
"""

"""Who is crawled and how: outlets declared as TOML files, loaded into a catalogue."""

from crawler.sources.catalogue import Catalogue, load_catalogue
from crawler.sources.declaration import Source, read_source

__all__ = ["Catalogue", "Source", "load_catalogue", "read_source"]

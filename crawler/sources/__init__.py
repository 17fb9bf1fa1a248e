"""Who is crawled and how: outlets declared as TOML files, loaded into a catalogue."""

from crawler.sources.catalogue import Catalogue, load_catalogue
from crawler.sources.declaration import Source, read_source
from crawler.sources.rules import Rule

__all__ = ["Catalogue", "Rule", "Source", "load_catalogue", "read_source"]

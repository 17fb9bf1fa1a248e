"""One SQLite file that keeps every story, its copies and its earlier texts; no Scrapy in here."""

from pipelines.database.asking.queries import Answer, Hit, Known
from pipelines.database.connection import open_database
from pipelines.database.writer import Outcome, Writer, open_writer

__all__ = ["Answer", "Hit", "Known", "Outcome", "Writer", "open_database", "open_writer"]

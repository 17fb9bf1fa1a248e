"""Kept pages read again by today's rules: which fields of the stored articles would say something else."""

from crawler.reextraction.reading import PLAIN_TEXT, Reread, read_again, read_kept, text_of
from crawler.reextraction.report import Report
from crawler.reextraction.workers import read_all

__all__ = ["PLAIN_TEXT", "Report", "Reread", "read_again", "read_all", "read_kept", "text_of"]

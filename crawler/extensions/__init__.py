"""Scrapy extensions: the record of a run, and what a person sees of it."""

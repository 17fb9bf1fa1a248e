"""Warta: news pages in, clean records out."""

__version__ = "0.1.0"

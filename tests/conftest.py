"""Puts ``tests/`` on the path, so that tests in any folder find the shared servers of ``crawling``."""

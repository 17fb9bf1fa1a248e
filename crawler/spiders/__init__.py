"""Spiders: which URLs to ask for, and what to hand on; reading pages is left to the extractors."""

"""Scrapy downloader middlewares: what a crawl may fetch, and how gently."""

"""Which URLs are articles: feeds, sitemaps and lists, bytes in, candidates out; no network, no clock."""

from crawler.discovery.feeds import read_feed
from crawler.discovery.links import has_article_shape, looks_like_article
from crawler.discovery.listings import IndexPage, expand_index, index_urls, read_listing
from crawler.discovery.posts import read_posts
from crawler.discovery.sitemaps import SitemapContent, read_sitemap
from crawler.discovery.urls import article_key, normalise, whole_story_url

__all__ = [
    "IndexPage",
    "SitemapContent",
    "article_key",
    "expand_index",
    "has_article_shape",
    "index_urls",
    "looks_like_article",
    "normalise",
    "read_feed",
    "read_listing",
    "read_posts",
    "read_sitemap",
    "whole_story_url",
]

"""Crawling that goes on by itself: each outlet at its own pace, in one process after another."""

"""The egg for scrapyd: it says where the settings are, and holds no code.

Warta itself is installed where scrapyd runs: an egg would keep its data files packed.
"""

from setuptools import setup

setup(
    name="warta-scrapyd",
    version="1.0",
    packages=[],
    py_modules=[],
    entry_points={"scrapy": ["settings = crawler.settings"]},
)

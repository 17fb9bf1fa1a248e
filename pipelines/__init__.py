"""From a visit to a row: Scrapy item pipelines over :mod:`pipelines.database`."""

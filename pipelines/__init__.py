"""From a visit to a row: Scrapy item pipelines over :mod:`pipelines.database`.

:func:`open_database` is for programs that ask a database; docs/python.md shows its use. It is imported when
it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.newsfile import NewsFile as NewsFile
    from pipelines.newsfile import open_database as open_database

__all__ = ["NewsFile", "open_database"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pipelines import newsfile  # noqa: PLC0415

    return getattr(newsfile, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""The pages as they came, packed, in a file of their own beside the database."""

from pipelines.database.pages.opening import open_pages, pages_path
from pipelines.database.pages.policy import PagePolicy, read_policy
from pipelines.database.pages.store import KeptPage, PageEntry, PageStore

__all__ = [
    "KeptPage",
    "PageEntry",
    "PagePolicy",
    "PageStore",
    "open_pages",
    "pages_path",
    "read_policy",
]

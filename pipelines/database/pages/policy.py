"""Which pages are kept and for how long, as the operator set it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crawler.errors import SettingError

_GIGABYTE = 1_000_000_000


@dataclass(slots=True, frozen=True)
class PagePolicy:
    """What is kept."""

    limit: int = 0
    #: Bytes that the file may take on the disk; 0 for no limit.

    days: float = 0
    #: Days after which a page that was not met again is dropped; 0 for never.

    noarchive: bool = False
    #: Whether pages are kept that ask for no copy to be kept.


def read_policy(setting: Callable[[str], Any]) -> PagePolicy | None:
    """The policy that settings state; null where no pages are kept.

    *setting* gives the value of WARTA_PAGES, WARTA_PAGES_LIMIT (GB), WARTA_PAGES_DAYS and
    WARTA_PAGES_NOARCHIVE. Raises SettingError for a value that is none.
    """
    if not _switch("WARTA_PAGES", setting("WARTA_PAGES")):
        return None
    return PagePolicy(
        limit=int(_amount("WARTA_PAGES_LIMIT", setting("WARTA_PAGES_LIMIT")) * _GIGABYTE),
        days=_amount("WARTA_PAGES_DAYS", setting("WARTA_PAGES_DAYS")),
        noarchive=_switch("WARTA_PAGES_NOARCHIVE", setting("WARTA_PAGES_NOARCHIVE")),
    )


def _switch(name: str, value: object) -> bool:
    match str(value).strip().lower():
        case "on" | "true" | "yes" | "1":
            return True
        case "off" | "false" | "no" | "0" | "" | "none":
            return False
    raise SettingError(f'{name} is "{value}"; set it on or off.')


def _amount(name: str, value: object) -> float:
    try:
        amount = float(str(value).strip() or 0) if value is not None else 0.0
    except ValueError:
        amount = -1.0
    if not 0 <= amount < float("inf"):
        raise SettingError(f'{name} is "{value}"; give a number, or 0 for no limit.')
    return amount

"""Libraries that are only needed for some forms of output; without one, an error says how it is had."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from crawler.errors import MissingExtraError


def import_extra(module: str, extra: str) -> Any:
    """The module, which the optional dependencies *extra* bring; :class:`MissingExtraError` without it."""
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise MissingExtraError(
            f"{package} is not installed; install it with: pip install 'warta[{extra}]'"
        ) from error

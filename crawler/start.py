"""Where our processes begin: Ctrl-C ends them in a line while the rest is imported, and pandas stays out."""

from __future__ import annotations

import runpy
import sys
from importlib.abc import MetaPathFinder

from crawler.interruption import interruptible


def main() -> None:
    """``warta``."""
    _spare_pandas()
    with interruptible():
        from crawler.cli import main as program  # noqa: PLC0415
    program(prog_name="warta")


def run(module: str) -> None:
    """A module of ours as the program of a child process."""
    _spare_pandas()
    runpy.run_module(module, run_name="__main__")


class _SparePandas(MetaPathFinder):
    """sqlite-utils loads pandas wherever it is installed: a quarter of a second and 95 MB for each process.

    No command needs it; whatever else asks for pandas gets it.
    """

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        asking = sys.modules.get("sqlite_utils.db")
        if fullname == "pandas" and asking is not None and not hasattr(asking, "Database"):
            raise ModuleNotFoundError("pandas is not loaded for sqlite-utils")


def _spare_pandas() -> None:
    sys.meta_path.insert(0, _SparePandas())


if __name__ == "__main__":
    main()

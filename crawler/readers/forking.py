"""Processes that a clean process forks: they hold no connection of ours and say nothing on our terminal."""

from __future__ import annotations

import os
import sys
from multiprocessing import forkserver, get_context, resource_tracker
from multiprocessing.context import ForkServerContext


def forked_clean(module: str) -> ForkServerContext:
    """A context whose processes come from one that has imported *module* and nothing of what is open here.

    SQLite's connections must not be taken along into a fork. What goes wrong in such a process comes back
    with what it was asked for; one that Ctrl-C meets while it starts has nothing to add to what its parent
    says.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload([module])
    resource_tracker.ensure_running()
    sys.stderr.flush()
    ours, nobody = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nobody, 2)
        forkserver.ensure_running()
    finally:
        os.dup2(ours, 2)
        os.close(ours)
        os.close(nobody)
    return context

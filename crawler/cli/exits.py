"""Exit codes; docs/cli.md explains each. Errors carry theirs, these are the others."""

from __future__ import annotations

#: Finished, but some inputs or outlets failed.
SOME_FAILED = 1
#: The command line does not hold.
USAGE = 2
#: Ctrl-C; what was stored before stays.
INTERRUPTED = 130
#: Whoever read the output went away, as in ``warta export | head``.
READER_GONE = 141

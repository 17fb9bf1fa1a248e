"""What can go wrong in a way a person can mend; every error carries the exit code of the command line.

Errors are raised with a complete sentence: what was wrong, with which input, what to do.
"""


class WartaError(Exception):
    """Base of all errors that are shown as one line instead of a traceback."""

    exit_code = 1


class SourceError(WartaError):
    """A source file that does not hold, or a source that is not in the catalogue."""

    exit_code = 2


class SettingError(WartaError):
    """A setting whose value is none of those it may have."""

    exit_code = 2


class DatabaseError(WartaError):
    """A database that is missing, locked, newer than this program, read-only, full or damaged."""

    exit_code = 3


class PageError(WartaError):
    """An input that could not be fetched, or is no page that can be read."""

    exit_code = 4


class QuestionError(WartaError):
    """A question to the database that does not hold: search words, a page's token, SQL."""

    exit_code = 2


class MissingExtraError(WartaError, ImportError):
    """A library that is only needed for this, and is not installed."""

    exit_code = 2
